#include "agents/motion.h"

#include "agents/motility.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
unsigned int n_mechanics_steps(const AgentParameters &parameters, const double length)
{
  // Not one more because 3 * 0.1 is a little more than 0.3.
  return std::max(1u, static_cast<unsigned int>(std::ceil(length / parameters.mechanics_step - 1e-9)));
}

template <int dim>
std::vector<dealii::Tensor<1, dim>> limited_displacements(const AgentParameters &parameters, const double length,
                                                          const AgentPopulation<dim> &population,
                                                          std::vector<dealii::Tensor<1, dim>> velocities)
{
  for (std::size_t i = 0; i < velocities.size(); ++i)
  {
    auto &displacement = velocities[i];
    displacement *= length;
    const double limit = parameters.maximum_displacement * parameters.types[population.type[i]].radius;
    const double square = displacement.norm_square();
    if (square > limit * limit)
      displacement *= limit / std::sqrt(square);
  }
  return velocities;
}

template <int dim>
MotionTally push_agents(const AgentRules &rules, const Mechanics &mechanics, const AgentMigration<dim> &migration,
                        const double length, AgentPopulation<dim> &population)
{
  MotionTally tally;
  const auto &displaced = mechanics.types_displaced();
  const bool pushed = std::any_of(population.type.begin(), population.type.end(),
                                  [&displaced](const auto type) { return displaced[type]; });
  if (mechanics.reach() <= 0.0 || !migration.anywhere(pushed))
    return tally;

  const auto n_steps = n_mechanics_steps(rules.parameters, length);
  const auto &types = mechanics.types_taking_part();
  for (unsigned int step = 0; step < n_steps; ++step)
  {
    const auto halo = migration.exchange_halo(population, mechanics.reach(), types);
    const Neighbourhood<dim> neighbourhood(population, halo, mechanics.reach(), types);
    const auto displacements =
        limited_displacements(rules.parameters, length / n_steps, population, mechanics.velocities(neighbourhood));
    const auto moved = migration.relocate(displacements, WallRule::stay, population);
    tally.refused_pushes += moved.refused;
    tally.handed_over += moved.handed_over;
  }
  return tally;
}

template <int dim>
MotionTally move_agents(const AgentRules &rules, const Mechanics &mechanics, const AgentMigration<dim> &migration,
                        const Senses<dim> &senses, const std::uint64_t motion_step, const double length,
                        AgentPopulation<dim> &population)
{
  const auto crawled = migration.relocate(active_displacements(rules, senses, motion_step, length, population),
                                          WallRule::reverse_velocity, population);
  auto tally = push_agents(rules, mechanics, migration, length, population);
  tally.refused_moves = crawled.refused;
  tally.handed_over += crawled.handed_over;
  return tally;
}

template std::vector<dealii::Tensor<1, 2>> limited_displacements<2>(const AgentParameters &, double,
                                                                    const AgentPopulation<2> &,
                                                                    std::vector<dealii::Tensor<1, 2>>);
template MotionTally push_agents<2>(const AgentRules &, const Mechanics &, const AgentMigration<2> &, double,
                                    AgentPopulation<2> &);
template MotionTally move_agents<2>(const AgentRules &, const Mechanics &, const AgentMigration<2> &, const Senses<2> &,
                                    std::uint64_t, double, AgentPopulation<2> &);
template std::vector<dealii::Tensor<1, 3>> limited_displacements<3>(const AgentParameters &, double,
                                                                    const AgentPopulation<3> &,
                                                                    std::vector<dealii::Tensor<1, 3>>);
template MotionTally push_agents<3>(const AgentRules &, const Mechanics &, const AgentMigration<3> &, double,
                                    AgentPopulation<3> &);
template MotionTally move_agents<3>(const AgentRules &, const Mechanics &, const AgentMigration<3> &, const Senses<3> &,
                                    std::uint64_t, double, AgentPopulation<3> &);
} // namespace nidus
