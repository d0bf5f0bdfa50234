#pragma once

#include "agents/agent_parameters.h"
#include "agents/agent_population.h"
#include "coupling/cell_nodes.h"

namespace nidus
{
/// Which agents need to know their surroundings.
enum class SampleFor
{
  decisions, ///< every agent
  motion     ///< agents that crawl; values of the others are left at zero
};

/// Fields -> agents: interpolates all fields and their gradients at the agents.
template <int dim>
class Sampling
{
public:
  Sampling(const FieldSet<dim> &fields, const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
           const AgentParameters &parameters);

  /// Fills value and gradient of @p surroundings in the order of the population; the fields' ghosts must be fresh.
  void sample(const AgentPopulation<dim> &population, SampleFor purpose, Surroundings<dim> &surroundings) const;

  /// All fields of @p state, which is laid out like that of the fields and has fresh ghosts, at the agents: field s of
  /// agent i becomes values[i * n_fields + s].
  void sample_values(Vec state, const AgentPopulation<dim> &population, std::vector<double> &values) const;

  /// Values of all fields (no gradients) at a place in an owned or ghost cell.
  void sample_values(const typename CellLocator<dim>::Place &place, std::vector<double> &values) const;

private:
  const FieldSet<dim> &fields;
  const CellLocator<dim> &locator;
  const CellNodes<dim> &nodes;
  const AgentParameters &parameters;
};
} // namespace nidus
