#include "organ/organ.h"

#include "control/input_error.h"
#include "organ/boundaries.h"
#include "organ/cell_labels.h"
#include "organ/edge_range.h"
#include "organ/shape.h"

#include <deal.II/distributed/p4est_wrappers.h>
#include <deal.II/grid/grid_tools.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nidus
{
template <int dim>
Organ<dim>::Organ(MPI_Comm communicator, const OrganParameters &parameters, const Announce &announce)
    : shape(make_shape<dim>(parameters)),
      mesh(communicator, dealii::Triangulation<dim>::none, Triangulation::mesh_reconstruction_after_repartitioning),
      mapping_q1(1)
{
  match_regions(parameters);
  const double children = std::pow(2.0, dim * static_cast<double>(parameters.refinements - shape->refinements_done()));
  if (announce && shape->n_coarse_cells() > 0.0)
    announce(shape->n_coarse_cells() * children, shape->n_coarse_cells());
  make_coarse_mesh(mesh);
  mesh.signals.weight.connect([this](const typename Triangulation::cell_iterator &cell,
                                     const typename Triangulation::CellStatus) { return weight(cell); });
  if (announce)
    announce(static_cast<double>(mesh.n_global_active_cells()) * children, 0.0);
  // How many cells walls and rules add is only known when p4est has them; most of their memory comes after that.
  const auto grown = mesh.signals.post_p4est_refinement.connect([&] {
    if (announce)
      announce(static_cast<double>(mesh.get_p4est()->global_num_quadrants), 0.0);
  });
  refine(parameters);
  grown.disconnect();
  first_levels.resize(mesh.n_active_cells());
  for (const auto &cell : mesh.active_cell_iterators())
    first_levels[cell->active_cell_index()] = static_cast<unsigned int>(cell->level());
  remeasure();
  check_size();
}

template <int dim>
void Organ<dim>::remeasure()
{
  measure();
  surfaces = std::make_unique<Boundaries<dim>>(*this, shape->ends());
}

template <int dim>
Organ<dim>::~Organ() = default;

template <int dim>
std::vector<unsigned int> Organ<dim>::periodic_axes() const
{
  return shape->periodic_axes();
}

template <int dim>
std::vector<double> Organ<dim>::source_volumes() const
{
  return shape->source_volumes();
}

template <int dim>
std::vector<std::string> Organ<dim>::warnings() const
{
  return shape->warnings();
}

template <int dim>
void Organ<dim>::make_coarse_mesh(dealii::Triangulation<dim> &coarse) const
{
  shape->make_coarse_mesh(coarse);
  std::vector<dealii::GridTools::PeriodicFacePair<typename dealii::Triangulation<dim>::cell_iterator>> pairs;
  for (const unsigned int axis : shape->periodic_axes())
    dealii::GridTools::collect_periodic_faces(coarse, 2 * axis, 2 * axis + 1, axis, pairs);
  if (!pairs.empty())
    coarse.add_periodicity(pairs);
}

template <int dim>
void Organ<dim>::match_regions(const OrganParameters &parameters)
{
  const auto names = shape->region_names();
  for (const auto &name : names)
  {
    const RegionParameters *described = parameters.find_region(name);
    if (described == nullptr && name != "outside")
      throw InputError("the shape '" + parameters.shape + "' has a region '" + name +
                           "' that Organ/Regions does not describe",
                       "add 'subsection " + name + "' to Organ/Regions");
    RegionParameters region;
    region.name = name;
    region.tissue = false;
    region_list.push_back(described ? *described : region);
  }
  for (const auto &region : parameters.regions)
    if (std::find(names.begin(), names.end(), region.name) == names.end())
      throw InputError("Organ/Regions/" + region.name, "a region of the file",
                       listed(names) + " (the regions of the shape '" + parameters.shape + "')",
                       "remove or rename the subsection");
}

template <int dim>
unsigned int Organ<dim>::region_at(typename Triangulation::cell_iterator cell, const dealii::Point<dim> &point) const
{
  // The coarse cell keeps what the shape said of it.
  typename Triangulation::cell_iterator ancestor = cell;
  while (ancestor->level() > 0)
    ancestor = ancestor->parent();
  return shape->region(point, ancestor->material_id());
}

template <int dim>
bool Organ<dim>::is_cut(const CellIterator &cell) const
{
  // A border at a face cuts no cell.
  auto corners = cell->bounding_box().get_boundary_points();
  const dealii::Point<dim> centre = cell->center();
  corners.first = centre + 0.99 * (corners.first - centre);
  corners.second = centre + 0.99 * (corners.second - centre);
  return !shape->is_uniform(dealii::BoundingBox<dim>(corners));
}

template <int dim>
void Organ<dim>::refine(const OrganParameters &parameters)
{
  mesh.refine_global(parameters.refinements - shape->refinements_done());
  for (unsigned int level = 0; level < parameters.wall_refinements; ++level)
  {
    for (const auto &cell : mesh.active_cell_iterators())
      if (cell->is_locally_owned() && is_cut(cell))
        cell->set_refine_flag();
    mesh.execute_coarsening_and_refinement();
  }
  refine_balls(parameters);
  refine_by_rules(parameters.refinement_rules);
  if (mesh.n_global_levels() == 1)
    mesh.repartition();
  label_cells();
}

template <int dim>
void Organ<dim>::label_cells()
{
  // A label of a level-0 cell is what the coarse mesh says: all are read before any is changed.
  std::vector<std::pair<CellIterator, unsigned int>> labels;
  for (const auto &cell : mesh.active_cell_iterators())
    if (!cell->is_artificial())
      labels.emplace_back(cell, region_at(cell, cell->center()));
  for (const auto &[cell, region] : labels)
    cell->set_material_id(region);
}

template <int dim>
unsigned int Organ<dim>::weight(const typename Triangulation::cell_iterator &cell) const
{
  if (!weights.empty())
    return weights[cell->active_cell_index()];
  // While the first mesh is made a cell has no label yet; later, a new parent has that of its children.
  const unsigned int region = first_levels.empty() ? region_at(cell, cell->center())
                              : cell->is_active()  ? cell->material_id()
                                                   : cell->child(0)->material_id();
  return region_list[region].tissue ? 100 : 10;
}

template <int dim>
void Organ<dim>::repartition(const std::vector<unsigned int> &weight)
{
  AssertThrow(weight.size() == mesh.n_active_cells(),
              dealii::ExcDimensionMismatch(weight.size(), mesh.n_active_cells()));
  weights = weight;
  CellLabels<dim> labels(mesh, first_levels);
  mesh.repartition();
  weights.clear();
  first_levels = labels.arrive();
}

template <int dim>
bool Organ<dim>::can_be_refined_locally() const
{
  return shape->can_be_refined_locally();
}

template <int dim>
typename Organ<dim>::Adaptation Organ<dim>::adapt()
{
  Adaptation result;
  result.before = mesh.n_global_active_cells();
  CellLabels<dim> labels(mesh, first_levels);
  mesh.execute_coarsening_and_refinement();
  first_levels = labels.arrive();
  result.after = mesh.n_global_active_cells();
  result.refined = dealii::Utilities::MPI::sum(labels.refined(), communicator());
  result.coarsened = dealii::Utilities::MPI::sum(labels.coarsened(), communicator());
  has_been_adapted = true;
  remeasure();
  return result;
}

template <int dim>
void Organ<dim>::refine_balls(const OrganParameters &parameters)
{
  if (!parameters.balls.empty() && !shape->can_be_refined_locally())
    throw InputError("Organ/Refined balls", parameters.refined_balls,
                     "nothing for a mesh whose cells share edges or vertices but no faces",
                     "mend the mesh at such places, or refine it in the mesh generator");
  const int base = static_cast<int>(parameters.refinements - shape->refinements_done());
  for (const auto &ball : parameters.balls)
  {
    dealii::Point<dim> centre;
    for (unsigned int d = 0; d < dim; ++d)
      centre[d] = ball.centre[d];
    const auto touches = [&](const CellIterator &cell) {
      const auto box = cell->bounding_box().get_boundary_points();
      double squared = 0.0;
      for (unsigned int d = 0; d < dim; ++d)
      {
        const double gap = std::max({0.0, box.first[d] - centre[d], centre[d] - box.second[d]});
        squared += gap * gap;
      }
      return squared <= ball.radius * ball.radius;
    };
    bool anywhere = false;
    for (unsigned int level = 0; level < ball.levels; ++level)
    {
      for (const auto &cell : mesh.active_cell_iterators())
        if (cell->is_locally_owned() && touches(cell))
        {
          anywhere = true;
          if (cell->level() < base + static_cast<int>(ball.levels))
            cell->set_refine_flag();
        }
      mesh.execute_coarsening_and_refinement();
    }
    if (dealii::Utilities::MPI::max(anywhere ? 1u : 0u, communicator()) == 0)
      throw InputError("Organ/Refined balls", ball.text, "balls that touch the mesh", "move or remove the ball");
  }
}

template <int dim>
void Organ<dim>::measure()
{
  std::vector<double> local(region_list.size(), 0.0);
  double local_shortest = 1e300, local_longest = 0.0;
  std::uint64_t local_cells = 0;
  for (const auto &cell : mesh.active_cell_iterators())
    if (cell->is_locally_owned())
    {
      local[cell->material_id()] += cell->measure();
      if (!is_tissue(cell))
        continue;
      ++local_cells;
      const auto edges = edge_range(cell);
      local_shortest = std::min(local_shortest, edges.shortest);
      local_longest = std::max(local_longest, edges.longest);
    }
  volumes.resize(local.size());
  dealii::Utilities::MPI::sum(local, communicator(), volumes);
  shortest = dealii::Utilities::MPI::min(local_shortest, communicator());
  longest = dealii::Utilities::MPI::max(local_longest, communicator());
  tissue_cells = dealii::Utilities::MPI::sum(local_cells, communicator());
}

template <int dim>
void Organ<dim>::check_size() const
{
  if (tissue_cells == 0)
    throw InputError("the organ is empty: no cell of the mesh lies in a region with tissue",
                     "make the organ larger or the cells smaller (Organ/Cell size, Organ/Refinements)");
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(communicator());
  if (tissue_cells < n_ranks)
    throw InputError("there are more ranks (" + std::to_string(n_ranks) + ") than cells with tissue (" +
                         std::to_string(tissue_cells) + ")",
                     "start fewer ranks, or refine the mesh");
}

template <int dim>
bool Organ<dim>::lines_lumen(const dealii::Point<dim> &point, const double distance) const
{
  if (!shape->knows_every_point())
    throw InputError("agents cannot line a lumen in an organ from a mesh file",
                     "set 'Lining density' = 0 for all agent types, and use 'Initial density'");
  const auto is_lumen = [&](const unsigned int region) {
    return !region_list[region].tissue && region_list[region].name != "outside";
  };
  const int n_directions = dim == 3 ? 27 : 9;
  for (int number = 0; number < n_directions; ++number)
  {
    dealii::Tensor<1, dim> direction;
    for (int d = 0, digits = number; d < dim; ++d, digits /= 3)
      direction[d] = digits % 3 - 1;
    if (direction.norm() == 0.0)
      continue;
    for (const double part : {0.25, 0.5, 0.75, 1.0})
      if (is_lumen(shape->region(point + part * distance / direction.norm() * direction, 0)))
        return true;
  }
  return false;
}

template <int dim>
double Organ<dim>::tissue_volume() const
{
  double volume = 0.0;
  for (std::size_t i = 0; i < volumes.size(); ++i)
    if (region_list[i].tissue)
      volume += volumes[i];
  return volume;
}

template class Organ<2>;
template class Organ<3>;
} // namespace nidus
