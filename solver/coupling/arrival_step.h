#pragma once

#include "control/units.h"
#include "coupling/arrivals.h"

namespace nidus
{
/// What all arrivals of a macro step, or all cells of a bolus, share.
template <int dim>
struct Arrivals<dim>::Step
{
  Step(const AgentRules &rules, const std::vector<double> &concentration, const DecisionStep &step,
       AgentPopulation<dim> &population, const typename Sampling<dim>::Reader &reader, const ArrestModifiers &modifiers,
       const std::size_t n_sources)
      : rules(rules), concentration(concentration), step(step), population(population), reader(reader),
        modifiers(modifiers), values(reader.n_fields())
  {
    arrived.arrested.assign(n_sources, 0.0);
    arrived.agents.assign(n_sources, 0.0);
  }

  const AgentRules &rules;
  const std::vector<double> &concentration; ///< cells/mL
  const DecisionStep &step;
  AgentPopulation<dim> &population;
  const typename Sampling<dim>::Reader &reader;
  const ArrestModifiers &modifiers;
  std::vector<double> values; ///< of all fields at a candidate
  Arrived<dim> arrived;

  double per_um3(const std::size_t source) const { return concentration[source] / units::millilitre_in_um3; }
};
} // namespace nidus
