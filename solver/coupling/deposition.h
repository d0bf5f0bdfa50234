#pragma once

#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "coupling/receptor_exchange.h"
#include "coupling/sampling.h"
#include "fields/source_terms.h"

namespace nidus
{
/**
 * Agents -> fields: secretion and receptor uptake become nodal source terms.
 *
 * The weights are the shape functions at the agent (a partition of unity), so what agents give and take is conserved
 * exactly on any mesh. Uptake is a coefficient of the new field value, hence implicit.
 */
template <int dim>
class Deposition
{
public:
  Deposition(const FieldSet<dim> &fields, const CellNodes<dim> &nodes, const Sampling<dim> &sampling);

  /// Replaces @p terms by what the agents do now. @p exchange has been prepared if any receptor is full. What full
  /// receptors let go counts as secreted. Collective.
  void deposit(const AgentPopulation<dim> &population, const AgentRules &rules, const ReceptorExchange<dim> &exchange,
               SourceTerms<dim> &terms) const;

private:
  const FieldSet<dim> &fields;
  const CellNodes<dim> &nodes;
  const Sampling<dim> &sampling;
};
} // namespace nidus
