#pragma once

#include "agents/agent_rules.h"
#include "agents/mechanics.h"
#include "agents/neighbourhood.h"
#include "agents/senses.h"

#include <vector>

namespace nidus
{
/// Turns a raw quantity x >= 0 into a number in [0, 1]; below zero counts as zero.
double response(const SignalParameters &signal, double x);

/// The raw quantity of a signal that needs no neighbours, at an owned agent at @p time (min).
template <int dim>
double measured_alone(const AgentRules &rules, const AgentPopulation<dim> &population, std::size_t agent,
                      const Surroundings<dim> &surroundings, double time, int signal);

/**
 * The signals that an agent receives, each evaluated when it is first asked for.
 *
 * All arguments of the constructor are referred to.
 */
template <int dim>
class SignalReader
{
public:
  /// The neighbourhood must contain all agents within AgentParameters::signal_reach().
  SignalReader(const AgentRules &rules, const Mechanics &mechanics, const Neighbourhood<dim> &neighbourhood,
               const Surroundings<dim> &surroundings, double time);

  /// Turns to another owned agent.
  void select(std::size_t agent);

  /// A signal of the selected agent, in [0, 1].
  double operator()(int signal);

private:
  double measured(int signal);
  double count_neighbours(const SignalParameters &signal);

  const AgentRules &rules;
  const Mechanics &mechanics;
  const Neighbourhood<dim> &neighbourhood;
  const Surroundings<dim> &surroundings;
  double time;

  typename NeighbourGrid<dim>::Search neighbour_search, contact_search;
  std::size_t agent = 0;
  std::vector<double> known; ///< negative: not evaluated for this agent
};
} // namespace nidus
