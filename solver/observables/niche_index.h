#pragma once

#include "agents/agent_migration.h"
#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "coupling/cell_nodes.h"
#include "coupling/sampling.h"
#include "observables/observable_parameters.h"
#include "observables/observed.h"
#include "organ/cell_locator.h"

#include <memory>
#include <vector>

namespace nidus
{
/**
 * Niche vector and niche index (model 3.2): signals s in [0, 1] and N = 1 - exp(-sum of max(beta, 0) s), at nodes of
 * tissue and at agents.
 *
 * At a node a signal of a field is that of the nodal value, one of neighbours counts agents around the node, one of
 * occupancy looks through a receptor of the type 'Of' in quasi-steady state, drugs included. An agent looks through its
 * own receptor, if it has it, and does not count itself.
 */
template <int dim>
class NicheIndex
{
public:
  /// All are referred to.
  NicheIndex(const NicheIndexParameters &parameters, const AgentRules &rules) : parameters(parameters), rules(rules) {}

  static std::vector<ObservedColumn> columns();
  /// Names of the point arrays: the index, then the signals.
  std::vector<ObservedColumn> arrays() const;

  struct Place
  {
    const CellLocator<dim> &locator;
    const CellNodes<dim> &nodes;
    const Sampling<dim> &sampling;
    const AgentMigration<dim> &migration;
    const std::vector<double> &blood; ///< levels, nM
    const AgentPopulation<dim> &population;
    double time; ///< min
  };

  /// Fills the arrays, and appends the values of the columns. Nodes without tissue get 0. Collective.
  void look(const Place &place, Observed &observed) const;

private:
  class Counter;

  /// The greatest radius of a signal of neighbours.
  double reach() const;
  double occupancy_at(int signal, const double *values) const;
  /// Index of an array of signals, entry @p i of each.
  double index(const std::vector<ObservedArray> &arrays, std::size_t i) const;
  /// The mean over the tissue.
  double look_at_nodes(const Place &place, Counter &counter, std::vector<ObservedArray> &arrays) const;
  /// The mean over agents of tumours.
  double look_at_agents(const Place &place, Counter &counter, std::vector<ObservedArray> &arrays) const;

  const NicheIndexParameters &parameters;
  const AgentRules &rules;
};
} // namespace nidus
