// The rules by which the first mesh of an organ is refined, and what a checkpoint keeps of later ones.
#include "control/input_error.h"
#include "control/nearest_name.h"
#include "organ/boundaries.h"
#include "organ/edge_range.h"
#include "organ/mesh_leaves.h"
#include "organ/organ.h"
#include "organ/refinement_rules.h"
#include "organ/shape.h"
#include "organ/vessel_network.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// A mesh that is refined more often than this below its rule is a slip of the pen.
constexpr unsigned int most_rounds = 12;
} // namespace

template <int dim>
bool Organ<dim>::lies_at(const CellIterator &cell, const std::vector<std::string> &names,
                         const Boundaries<dim> &ends) const
{
  const auto named = [&names](const std::string &name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const auto &part : ends.faces(cell))
    if (named(ends.names()[part.boundary]))
      return true;
  if (!shape->knows_every_point() || !is_cut(cell))
    return false;
  if (names.empty())
    return true;
  // The border has the name of the region on its side without tissue.
  bool tissue = false, lumen = false;
  const auto look = [&](const dealii::Point<dim> &point) {
    const auto &region = region_list[region_at(cell, point)];
    tissue |= region.tissue;
    lumen |= !region.tissue && named(region.name);
  };
  look(cell->center());
  for (const unsigned int v : cell->vertex_indices())
    look(cell->center() + 0.99 * (cell->vertex(v) - cell->center()));
  return tissue && lumen;
}

template <int dim>
std::vector<bool> Organ<dim>::cells_of(const RefinementRule &rule) const
{
  std::vector<bool> wanted(mesh.n_active_cells(), false);
  std::vector<dealii::Point<dim>> middles;
  const auto for_owned = [&](const auto &visit) {
    for (const auto &cell : mesh.active_cell_iterators())
      if (cell->is_locally_owned())
        visit(cell);
  };
  if (rule.where == "box")
  {
    dealii::Point<dim> lower, upper;
    for (unsigned int d = 0; d < dim; ++d)
    {
      lower[d] = rule.box[d];
      upper[d] = rule.box[dim + d];
    }
    for_owned([&](const CellIterator &cell) {
      wanted[cell->active_cell_index()] = distance_between(cell->bounding_box(), lower, upper) <= rule.distance;
    });
    return wanted;
  }
  std::unique_ptr<Boundaries<dim>> ends;
  if (rule.where == "surface")
  {
    ends = std::make_unique<Boundaries<dim>>(*this, shape->ends());
    for (const auto &name : rule.names)
      if (ends->index(name) < 0)
        throw InputError(rule.entry("Names"), name, listed(ends->names()) + " (the surfaces of this mesh)",
                         did_you_mean(name, ends->names(), "correct the name"));
  }
  for_owned([&](const CellIterator &cell) {
    const bool here = rule.where == "region"
                          ? std::find(rule.names.begin(), rule.names.end(), region(cell).name) != rule.names.end()
                          : lies_at(cell, rule.names, *ends);
    wanted[cell->active_cell_index()] = here;
    if (here && rule.distance > 0.0)
      middles.push_back(cell->center());
  });
  if (rule.distance > 0.0)
  {
    std::vector<dealii::Point<dim>> all;
    for (const auto &part : dealii::Utilities::MPI::all_gather(communicator(), middles))
      all.insert(all.end(), part.begin(), part.end());
    const NearPoints<dim> near(std::move(all), rule.distance);
    for_owned([&](const CellIterator &cell) {
      if (!wanted[cell->active_cell_index()])
        wanted[cell->active_cell_index()] = near.reach(cell->bounding_box());
    });
  }
  return wanted;
}

template <int dim>
void Organ<dim>::refine_by_rules(const std::vector<RefinementRule> &rules)
{
  if (!rules.empty() && !shape->can_be_refined_locally())
    throw InputError("Organ/Refinement", rules.front().name,
                     "nothing for a mesh whose cells share edges or vertices but no faces",
                     "mend the mesh at such places, or refine it in the mesh generator");
  for (unsigned int round = 0; round <= most_rounds && !rules.empty(); ++round)
  {
    label_cells();
    bool any = false;
    for (const auto &rule : rules)
    {
      if (rule.where == "vessels")
        continue;
      const auto wanted = cells_of(rule);
      if (round == 0 && !dealii::Utilities::MPI::logical_or(
                            std::find(wanted.begin(), wanted.end(), true) != wanted.end(), communicator()))
        throw InputError(rule.entry("Where"), rule.where, "a place in the mesh (no cell lies there)",
                         "correct the rule or remove it");
      for (const auto &cell : mesh.active_cell_iterators())
        if (cell->is_locally_owned() && wanted[cell->active_cell_index()] &&
            edge_range(cell).longest > rule.cell_size * (1.0 + 1e-9))
        {
          if (round == most_rounds)
            throw InputError(rule.entry("Cell size"), std::to_string(rule.cell_size),
                             "at least a 4096th of the cells of the mesh without rules", "raise it");
          cell->set_refine_flag();
          any = true;
        }
    }
    if (!dealii::Utilities::MPI::logical_or(any, communicator()))
      return;
    mesh.execute_coarsening_and_refinement();
  }
}

template <int dim>
void Organ<dim>::refine_at(const VesselNetwork &vessels, const std::vector<RefinementRule> &rules)
{
  for (const auto &rule : rules)
  {
    if (rule.where != "vessels")
      continue;
    // So many points that each piece of a line is nearer to one than the distance that counts.
    std::vector<dealii::Point<dim>> points;
    for (const auto &segment : vessels.segments)
    {
      const auto &begin = vessels.points[segment.first];
      const auto along = vessels.points[segment.second] - begin;
      const auto n = static_cast<unsigned int>(std::ceil(along.norm() / (0.5 * rule.cell_size)));
      for (unsigned int i = 0; i <= n; ++i)
      {
        const auto at = begin + static_cast<double>(i) / std::max(n, 1u) * along;
        points.emplace_back();
        for (unsigned int d = 0; d < dim; ++d)
          points.back()[d] = at[d];
      }
    }
    const NearPoints<dim> near(std::move(points), std::max(rule.distance, 0.25 * rule.cell_size));
    bool any = true;
    for (unsigned int round = 0; round < most_rounds && any; ++round)
    {
      any = false;
      for (const auto &cell : mesh.active_cell_iterators())
        if (cell->is_locally_owned() && edge_range(cell).longest > rule.cell_size * (1.0 + 1e-9) &&
            near.reach(cell->bounding_box()))
        {
          cell->set_refine_flag();
          any = true;
        }
      any = dealii::Utilities::MPI::logical_or(any, communicator());
      if (any)
        adapt();
    }
  }
  // This is still the first mesh.
  has_been_adapted = false;
  for (const auto &cell : mesh.active_cell_iterators())
    first_levels[cell->active_cell_index()] = static_cast<unsigned int>(cell->level());
}

template <int dim>
std::string Organ<dim>::leaves() const
{
  std::string lines;
  for (const auto &cell : mesh.active_cell_iterators())
    if (cell->is_locally_owned())
      lines += MeshLeaves::line(cell->id(), {cell->material_id(), first_level(cell)});
  return lines;
}

template <int dim>
void Organ<dim>::take_labels(const MeshLeaves &leaves)
{
  first_levels.assign(mesh.n_active_cells(), 0);
  for (const auto &cell : mesh.active_cell_iterators())
    if (!cell->is_artificial())
    {
      const auto &label = leaves.label(cell->id());
      cell->set_material_id(label.region);
      first_levels[cell->active_cell_index()] = label.first_level;
    }
}

template <int dim>
void Organ<dim>::become(const MeshLeaves &leaves)
{
  using Place = MeshLeaves::Place;
  // Each round brings every cell one level nearer; neighbours may hold it back for some rounds.
  constexpr unsigned int most_changes = 60;
  bool changed = false, any = true;
  for (unsigned int round = 0; round < most_changes && any; ++round)
  {
    any = false;
    for (const auto &cell : mesh.active_cell_iterators())
      if (cell->is_locally_owned())
      {
        const auto place = leaves.place(cell->id());
        any |= place != Place::leaf;
        if (place == Place::above)
          cell->set_refine_flag();
        else if (place == Place::below && cell->level() > 0)
          cell->set_coarsen_flag();
      }
    any = dealii::Utilities::MPI::logical_or(any, communicator());
    if (!any)
      break;
    mesh.execute_coarsening_and_refinement();
    // Labels of these cells are known when all are there.
    first_levels.clear();
    changed = true;
  }
  if (any || mesh.n_global_active_cells() != leaves.size())
    throw InputError("the checkpoint belongs to another mesh than the parameter file",
                     "resume with the same organ, cell size and refinements");
  has_been_adapted = true;
  if (!changed)
    return;
  take_labels(leaves);
  mesh.repartition();
  take_labels(leaves);
  remeasure();
}

template void Organ<2>::refine_at(const VesselNetwork &, const std::vector<RefinementRule> &);
template void Organ<3>::refine_at(const VesselNetwork &, const std::vector<RefinementRule> &);
template std::string Organ<2>::leaves() const;
template std::string Organ<3>::leaves() const;
template void Organ<2>::become(const MeshLeaves &);
template void Organ<3>::become(const MeshLeaves &);
template void Organ<2>::refine_by_rules(const std::vector<RefinementRule> &);
template void Organ<3>::refine_by_rules(const std::vector<RefinementRule> &);
} // namespace nidus
