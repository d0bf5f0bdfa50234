#include "mesh_bound.h"

#include "fields/field_transfer.h"
#include "fields/multigrid_system.h"

#include <algorithm>

namespace nidus
{
namespace
{
/// What agents of any type and state may do to the fields.
template <int dim>
std::vector<typename SourceTerms<dim>::Term> terms_of_agents(const AgentParameters &agents)
{
  bool secrete = false, fill = false, take_up = false;
  for (const auto &type : agents.types)
  {
    for (const auto &state : type.states)
    {
      secrete |= !state.secreted_fields.empty();
      fill |= !state.saturating_fields.empty();
    }
    for (const auto &receptor : type.receptors)
    {
      take_up |= receptor.consumed_field >= 0;
      // Full receptors let ligand go.
      secrete |= receptor.consumed_field >= 0 && receptor.is_full();
    }
  }
  std::vector<typename SourceTerms<dim>::Term> terms;
  if (secrete)
    terms.push_back(SourceTerms<dim>::source);
  if (fill)
    terms.push_back(SourceTerms<dim>::filling);
  if (take_up)
    terms.push_back(SourceTerms<dim>::uptake);
  return terms;
}

/// Null when no field is mobile.
template <int dim>
std::unique_ptr<LinearSystem> linear_system(const FieldSet<dim> &fields)
{
  const auto &list = fields.parameters.fields;
  const bool any = std::any_of(list.begin(), list.end(), [](const FieldParameters &field) { return field.mobile(); });
  return any ? std::make_unique<MultigridSystem<dim>>(fields) : nullptr;
}

template <int dim>
FieldIntegrator<dim> field_solver_of(FieldSet<dim> &fields, SetupMeter &set_up)
{
  auto system = set_up.during("multigrid levels", [&] { return linear_system(fields); });
  return set_up.during("field solver", [&] { return FieldIntegrator<dim>(fields, std::move(system)); });
}
} // namespace

template <int dim>
MeshBound<dim>::MeshBound(const Organ<dim> &organ, const Parameters &parameters,
                          const std::shared_ptr<const VesselSystem> &vessels, const SetupMeter::Begins &begins)
    : set_up(organ.communicator(), begins), locator(set_up.during("locator", [&] { return CellLocator<dim>(organ); })),
      fields(set_up.during("fields", [&] { return FieldSet<dim>(organ, parameters.fields); })), bounds(fields),
      sources(
          set_up.during("fields", [&] { return SourceTerms<dim>(fields, terms_of_agents<dim>(parameters.agents)); })),
      field_solver(field_solver_of(fields, set_up)), migration(locator),
      cell_nodes(set_up.during("coupling", [&] { return CellNodes<dim>(fields, locator); })), vessels(vessels),
      walls(set_up.during("vessel walls", [&] { return VesselWalls<dim>(vessels, locator, cell_nodes, fields); })),
      sampling(
          set_up.during("coupling", [&] { return Sampling<dim>(fields, locator, cell_nodes, parameters.agents); })),
      deposition(fields, cell_nodes, sampling), arrivals(set_up.during("coupling", [&] {
        return Arrivals<dim>(organ, locator, sampling, walls, parameters.blood, parameters.agents);
      }))
{
  if (parameters.agents.receptor_doubles() > 0)
    field_solver.keep_mean();
}

template <int dim>
std::unique_ptr<MeshBound<dim>> MeshBound<dim>::after(const std::function<void()> &change, Organ<dim> &organ,
                                                      const Parameters &parameters, std::unique_ptr<MeshBound> before,
                                                      AgentPopulation<dim> &population)
{
  const double next_field_step = before->field_solver.next_step();
  const auto vessels = before->vessels;
  FieldTransfer<dim> transfer(organ.triangulation(), before->fields);
  change();
  // Two solvers at a time would double the memory.
  before.reset();
  auto result = std::make_unique<MeshBound>(organ, parameters, vessels);
  transfer.arrive(result->fields);
  result->field_solver.resume_with(next_field_step);
  result->migration.settle(population);
  return result;
}

template struct MeshBound<2>;
template struct MeshBound<3>;
} // namespace nidus
