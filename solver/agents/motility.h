#pragma once

#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "agents/senses.h"

#include <cstdint>

/**
 * Active motion; by default an Ornstein-Uhlenbeck velocity about a bias, dv = -(v - v_b)/tau dt + sqrt(2 v0^2/(d tau))
 * dW. The other walk is agents/directed_walk.
 *
 * Velocity and position are one Gaussian for any step, and both are drawn from it together, so the mean square
 * displacement of Fuerth and the velocity autocorrelation hold for any ratio of the step to the persistence time.
 * Speed and persistence time of an agent are lognormal with the parameters as their medians, and functions of the
 * agent's key. Signals may multiply the speed (chemokinesis).
 */
namespace nidus
{
/// One exact step of the walk, for a unit standard deviation of each velocity component.
struct WalkStep
{
  WalkStep(double persistence_time, double length);

  double length;            ///< min
  double memory;            ///< e^{-h}, h = length / persistence time
  double carried;           ///< displacement per excess velocity: tau (1 - e^{-h}), min
  double velocity_noise;    ///< of the first normal number
  double displacement_tied; ///< displacement by the first normal number, min
  double displacement_free; ///< displacement by the second normal number, min
};

/// Root mean square active speed of an agent, um/min, without chemokinesis and the factor of its state.
double agent_speed(const AgentRules &rules, int type, std::uint64_t key);

/// Persistence time of an agent, min.
double agent_persistence(const AgentRules &rules, int type, std::uint64_t key);

/// Drift from receptors and haptotaxis, cut to the maximum drift, um/min; without the factor of the state.
template <int dim>
dealii::Tensor<1, dim> drift(const AgentRules &rules, const AgentPopulation<dim> &population, std::size_t agent,
                             const Surroundings<dim> &surroundings);

/// A draw from the stationary velocities of the walk without bias, um/min; zero if the agent does not crawl in this
/// state.
template <int dim>
dealii::Tensor<1, dim> initial_velocity(const AgentRules &rules, int type, int state, std::uint64_t key,
                                        std::uint64_t step);

/// Advances the active velocities by one motion step of @p length min, and says by how much each agent wants to be
/// displaced, um. Positions stay. Motion steps count from time zero and are all of this length. Agents that do not
/// crawl have velocity zero and no displacement, and their surroundings are not read.
template <int dim>
std::vector<dealii::Tensor<1, dim>> active_displacements(const AgentRules &rules, const Senses<dim> &senses,
                                                         std::uint64_t motion_step, double length,
                                                         AgentPopulation<dim> &population);
} // namespace nidus
