#pragma once

#include "agents/agent_rules.h"
#include "coupling/sampling.h"
#include "observables/observed.h"

#include <string>
#include <vector>

namespace nidus
{
/// Occupancy of the receptors of agents, a point array with one component for each name of a receptor; not a number
/// where the type does not have it.
template <int dim>
class ReceptorOccupancy
{
public:
  /// @p rules must outlive this.
  explicit ReceptorOccupancy(const AgentRules &rules);

  /// Whether any type has a receptor.
  bool any() const { return !names.empty(); }

  /// Of the agents of this rank, as the signal of an occupancy sees it.
  ObservedArray look(const Sampling<dim> &sampling, const AgentPopulation<dim> &population) const;

private:
  const AgentRules &rules;
  std::vector<std::string> names;
  std::vector<std::vector<int>> receptor_of; ///< index among the receptors of a type, by type and name; -1: none
};
} // namespace nidus
