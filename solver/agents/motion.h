#pragma once

#include "agents/agent_migration.h"
#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "agents/mechanics.h"
#include "agents/senses.h"

#include <cstdint>

namespace nidus
{
/// Sums over this rank.
struct MotionTally
{
  std::uint64_t refused_moves = 0;  ///< crawling into a wall
  std::uint64_t refused_pushes = 0; ///< pushed into a wall, counted per mechanics step
  std::uint64_t handed_over = 0;
};

/**
 * Collective. One motion step of @p length min: agents crawl, then forces push them apart in as many mechanics steps as
 * the parameters ask for, with a fresh halo in each; after each displacement agents go to the rank they are then on.
 */
template <int dim>
MotionTally move_agents(const AgentRules &rules, const Mechanics &mechanics, const AgentMigration<dim> &migration,
                        const Senses<dim> &senses, std::uint64_t motion_step, double length,
                        AgentPopulation<dim> &population);

/// Collective. The second half of move_agents(): @p length min of forces alone.
template <int dim>
MotionTally push_agents(const AgentRules &rules, const Mechanics &mechanics, const AgentMigration<dim> &migration,
                        double length, AgentPopulation<dim> &population);

/// Number of equal mechanics steps in a motion step of @p length min.
unsigned int n_mechanics_steps(const AgentParameters &parameters, double length);

/// What forces displace agents by in @p length min, um: at most AgentParameters::maximum_displacement radii, so that a
/// deep overlap is undone in several small steps instead of one wild jump.
template <int dim>
std::vector<dealii::Tensor<1, dim>> limited_displacements(const AgentParameters &parameters, double length,
                                                          const AgentPopulation<dim> &population,
                                                          std::vector<dealii::Tensor<1, dim>> velocities);
} // namespace nidus
