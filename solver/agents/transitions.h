#pragma once

#include "agents/agent_event.h"
#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "agents/mechanics.h"
#include "agents/neighbourhood.h"
#include "agents/signals.h"

#include <cstddef>
#include <vector>

/**
 * What agents do: state changes, death, departure and division, as competing hazards.
 *
 * A hazard h acts for the whole macro step: an event happens with probability 1 - exp(-h dt), and one draw on the
 * cumulative hazards says which. First all agents decide on the same picture of the world, then all events are applied
 * in the order of keys, so no agent sees the other's decision and the order of agents has no effect.
 *
 * A transition with k stages draws with k times its hazard, and its event comes when it has been drawn k times; an
 * agent passes at most one stage in a macro step.
 */
namespace nidus
{
/// An agent that will do something in this macro step.
struct Decision
{
  std::size_t agent; ///< index into the population
  int transition;    ///< of its type; it happens, or its next stage is passed
  int fate = -1;     ///< of a division, by the signals before anyone acts
};

/// Hazard of a transition for the agent that @p signals has selected, without drugs, 1/min.
template <int dim>
double hazard(const TransitionParameters &transition, SignalReader<dim> &signals);

/// The hazard of a transition with its positive weights at signals of one and all factors at one, times its stages,
/// 1/min.
double greatest_hazard(const TransitionParameters &transition);

/// The decisions of all owned agents, in the order of the population; nothing is changed. The neighbourhood must
/// contain all agents that signals may ask for within AgentParameters::signal_reach().
template <int dim>
std::vector<Decision> decide(const AgentRules &rules, const Mechanics &mechanics,
                             const Neighbourhood<dim> &neighbourhood, const Senses<dim> &senses,
                             const DecisionStep &step);

/// What applying decisions has led to.
template <int dim>
struct Outcomes
{
  std::vector<AgentEvent> events; ///< by key
  /// Agents of the changed population and their displacements, um: of a division, mother and daughter part by half a
  /// radius each. The daughter is put at the mother's place, with the mother's mesh cell, and AgentMigration moves
  /// both.
  std::vector<std::pair<std::size_t, dealii::Tensor<1, dim>>> displacement;
};

/**
 * Changes the population as decided; daughters are at its end.
 *
 * A division: the mother keeps her key and takes the first fate, a new agent takes the second. Each of the two counts
 * one generation more than the mother if it is of her type, and starts from zero if it is of another.
 */
template <int dim>
Outcomes<dim> apply(const AgentRules &rules, const std::vector<Decision> &decisions, const DecisionStep &step,
                    AgentPopulation<dim> &population);
} // namespace nidus
