#pragma once

#include "agent_box.h"

#include "coupling/deposition.h"
#include "coupling/sampling.h"

/// Fields and agents that act on each other, advanced in the order of Simulation::advance, without blood.
namespace nidus::test
{
template <int dim>
struct CoupledWorld : FieldWorld<dim>
{
  CoupledWorld(const OrganParameters &organ_parameters, const FieldsParameters &fields_parameters,
               AgentParameters agents)
      : FieldWorld<dim>(organ_parameters, fields_parameters),
        box(this->organ, std::move(agents), this->field_parameters.names()), nodes(this->fields, box.locator),
        sampling(this->fields, box.locator, nodes, box.parameters), deposition(this->fields, nodes, sampling)
  {
    sampling.fields_changed({});
  }

  /// The first half of a macro step: agents take and give, and fields go on by @p length min.
  void advance_fields(const double length)
  {
    box.population.sort();
    deposition.deposit(box.population, box.rules, ReceptorExchange<dim>(box.parameters), this->sources);
    this->advance(length);
    sampling.fields_changed({});
  }

  /// A macro step of agents that do nothing but crawl, in one motion step.
  void advance_all(const double length)
  {
    advance_fields(length);
    box.move(sampling, length);
  }

  /// Field @p s at each agent of this rank.
  std::vector<double> at_agents(const unsigned int s) const
  {
    Surroundings<dim> surroundings;
    const std::size_t n = box.population.size();
    sampling.look(box.population, 0, n, Question::what_is_here, surroundings);
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
      values.push_back(surroundings.values_of(i)[s]);
    return values;
  }

  AgentBox<dim> box;
  CellNodes<dim> nodes;
  Sampling<dim> sampling;
  Deposition<dim> deposition;
};

/// A walker that follows the field "ligand" through one receptor and takes it up with it.
inline AgentTypeParameters eater(const double speed, const double persistence_time, const double sensitivity,
                                 const double dissociation_constant, const double cells_represented)
{
  auto type = climber(speed, persistence_time, sensitivity, dissociation_constant);
  type.cells_represented = cells_represented;
  type.receptors[0].internalisation_rate = 0.198;
  type.receptors[0].consumed_ligand = "ligand";
  return type;
}
} // namespace nidus::test
