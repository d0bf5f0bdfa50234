#pragma once

#include "fields/field_integrator.h"
#include "fields/multigrid_system.h"
#include "organ/organ.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// Fields in a block of tissue, for tests without agents.
namespace nidus::test
{
inline FieldParameters field(const std::string &name, const double diffusivity, const double decay_rate)
{
  FieldParameters parameters;
  parameters.name = name;
  parameters.diffusivity = std::to_string(diffusivity);
  parameters.decay_rate = decay_rate;
  return parameters;
}

inline RegionParameters region(const std::string &name, const bool tissue, const double fraction = 1.0)
{
  RegionParameters parameters;
  parameters.name = name;
  parameters.tissue = tissue;
  parameters.interstitial_fraction = fraction;
  return parameters;
}

inline OrganParameters block(const std::vector<double> &size, const double cell_size, const double fraction = 1.0)
{
  OrganParameters organ;
  organ.block.size = size;
  organ.cell_size = cell_size;
  organ.regions = {region("parenchyma", true, fraction)};
  return organ;
}

/// The same block with an airway of @p radius (um) along its last axis.
inline OrganParameters with_airway(OrganParameters organ, const double radius)
{
  organ.block.lumen_radius = radius;
  organ.regions.push_back(region("airway", false));
  return organ;
}

/// What happens to the field "ligand" at @p boundary: @p formula is its value, its flux or, with Robin, what is
/// outside.
inline BoundaryCondition condition(const std::string &boundary, const std::string &kind,
                                   const std::string &formula = "", const std::string &permeability = "")
{
  BoundaryCondition parameters;
  parameters.name = parameters.boundary = boundary;
  parameters.field = "ligand";
  parameters.kind_name = kind;
  (kind == "flux" ? parameters.flux : parameters.value) = formula;
  parameters.permeability = permeability;
  return parameters;
}

template <int dim>
struct FieldWorld
{
  /// @p whole_refinements refines every cell of the finished mesh so many times: a nested sequence of meshes with
  /// hanging nodes, for orders of convergence without conditions at boundaries.
  FieldWorld(const OrganParameters &organ_parameters, FieldsParameters parameters,
             const std::vector<std::string> &blood = {}, MPI_Comm comm = MPI_COMM_WORLD,
             const unsigned int whole_refinements = 0)
      : organ(comm, organ_parameters), field_parameters(resolved(std::move(parameters), organ_parameters, blood)),
        fields(refined(organ, whole_refinements), field_parameters), sources(fields),
        solver(fields, std::make_unique<MultigridSystem<dim>>(fields))
  {
  }

  static const Organ<dim> &refined(Organ<dim> &organ, const unsigned int levels)
  {
    auto &mesh = organ.triangulation();
    for (unsigned int level = 0; level < levels; ++level)
    {
      // p4est grows the mesh anew, and only labels of the coarse mesh survive that.
      std::map<std::string, unsigned int> own, region;
      for (const auto &cell : mesh.active_cell_iterators())
        if (cell->is_locally_owned())
          own[cell->id().to_string()] = cell->material_id();
      for (const auto &part : dealii::Utilities::MPI::all_gather(organ.communicator(), own))
        region.insert(part.begin(), part.end());
      mesh.refine_global(1);
      std::vector<std::pair<typename Organ<dim>::CellIterator, unsigned int>> labels;
      for (const auto &cell : mesh.active_cell_iterators())
        if (!cell->is_artificial())
          labels.emplace_back(cell, region.at(cell->parent()->id().to_string()));
      for (const auto &[cell, label] : labels)
        cell->set_material_id(label);
    }
    return organ;
  }

  static FieldsParameters resolved(FieldsParameters parameters, const OrganParameters &organ,
                                   const std::vector<std::string> &blood)
  {
    std::vector<std::string> regions;
    for (const auto &region : organ.regions)
      regions.push_back(region.name);
    parameters.solver.linear_tolerance = 1e-12;
    parameters.resolve(regions, blood);
    return parameters;
  }

  /// Advances the fields by @p dt (min) from where the last call ended, at first from time zero.
  typename FieldIntegrator<dim>::Report advance(const double dt, const std::vector<double> &blood = {})
  {
    const double start = time;
    time += dt;
    return solver.advance(dt, blood, sources, start);
  }

  /// Calls visit(place, local number) for each owned node once.
  void for_each_node(const std::function<void(const dealii::Point<dim> &, unsigned int)> &visit) const
  {
    std::vector<bool> seen(fields.n_owned_nodes(), false);
    std::vector<dealii::types::global_dof_index> dofs(fields.fe.n_dofs_per_cell());
    for (const auto &cell : fields.dof_handler.active_cell_iterators())
      if (!cell->is_artificial())
      {
        cell->get_dof_indices(dofs);
        for (unsigned int v = 0; v < dofs.size(); ++v)
          if (fields.owned.is_element(dofs[v]) && !seen[fields.owned.index_within_set(dofs[v])])
          {
            seen[fields.owned.index_within_set(dofs[v])] = true;
            visit(cell->vertex(v), fields.owned.index_within_set(dofs[v]));
          }
      }
  }

  void set(const unsigned int s, const std::function<double(const dealii::Point<dim> &)> &value)
  {
    double *u = nullptr;
    VecGetArray(fields.state, &u);
    for_each_node([&](const auto &place, const unsigned int node) { u[node * fields.n_fields() + s] = value(place); });
    VecRestoreArray(fields.state, &u);
    fields.update_ghosts();
  }

  /// Adds @p amount per minute (molecules, or um^dim of a fraction) at the node next to @p place.
  void add_source(const unsigned int s, const dealii::Point<dim> &place, const double amount)
  {
    sources.begin_adding();
    for_each_node([&](const auto &node_place, const unsigned int node) {
      if (node_place.distance(place) < 1e-6 * organ.smallest_edge())
        sources.local(SourceTerms<dim>::source)[node * fields.n_fields() + s] += amount * fields.amount_unit(s);
    });
    sources.compress();
  }

  /// Root of sum V (u - exact)^2 / sum V exact^2 over nodes that @p counts, of this rank's communicator.
  double relative_error(const unsigned int s, const std::function<double(const dealii::Point<dim> &)> &exact,
                        const std::function<bool(const dealii::Point<dim> &)> &counts) const
  {
    std::vector<double> sums(2, 0.0), total(2, 0.0);
    const double *u = nullptr;
    VecGetArrayRead(fields.state, &u);
    for_each_node([&](const auto &place, const unsigned int node) {
      if (!counts(place))
        return;
      const double truth = exact(place), error = u[node * fields.n_fields() + s] - truth;
      sums[0] += fields.tissue_volume[node] * error * error;
      sums[1] += fields.tissue_volume[node] * truth * truth;
    });
    VecRestoreArrayRead(fields.state, &u);
    dealii::Utilities::MPI::sum(sums, organ.communicator(), total);
    return std::sqrt(total[0] / total[1]);
  }

  Organ<dim> organ;
  FieldsParameters field_parameters;
  FieldSet<dim> fields;
  SourceTerms<dim> sources;
  FieldIntegrator<dim> solver;
  double time = 0.0; ///< min
};
} // namespace nidus::test
