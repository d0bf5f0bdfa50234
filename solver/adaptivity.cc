#include "adaptivity.h"

#include "balance.h"
#include "fields/gradient_jumps.h"
#include "organ/edge_range.h"

#include <deal.II/grid/grid_tools.h>

#include <algorithm>

namespace nidus
{
namespace
{
/// What is asked of an owned cell.
enum class Wish : char
{
  finer,
  stay,
  coarser
};

/// Of each active cell: estimated errors of the chosen fields over what is allowed, the greatest of them.
template <int dim>
std::vector<double> relative_errors(const AdaptivityParameters &parameters, const FieldSet<dim> &fields)
{
  std::vector<double> errors(fields.organ.triangulation().n_active_cells(), 0.0);
  const auto extremes = fields.extremes();
  for (const unsigned int s : parameters.field_indices)
  {
    const double scale = std::max(std::abs(extremes[s].maximum), std::abs(extremes[s].minimum));
    const auto jumps = gradient_jumps(fields, s);
    // A field that is zero everywhere has no error.
    for (std::size_t c = 0; scale > 0.0 && c < errors.size(); ++c)
      errors[c] = std::max(errors[c], jumps[c] / (scale * parameters.error));
  }
  return errors;
}

/// The finest level around each vertex of the mesh, if the cells that wish so are refined. A cell next to finer ones in
/// any direction must not become coarser: p4est would refine it again.
template <int dim>
std::vector<int> finest_levels(const Organ<dim> &organ, const std::vector<Wish> &wishes)
{
  const auto &mesh = organ.triangulation();
  std::vector<int> finest(mesh.n_vertices(), 0);
  for (const auto &cell : mesh.active_cell_iterators())
    if (!cell->is_artificial())
      for (const unsigned int v : cell->vertex_indices())
        finest[cell->vertex_index(v)] = std::max(
            finest[cell->vertex_index(v)], cell->level() + (wishes[cell->active_cell_index()] == Wish::finer ? 1 : 0));
  return finest;
}

/// Siblings that all wish to go and may: the parent is no coarser than the bounds and its neighbours allow.
template <int dim>
bool may_merge(const AdaptivityParameters &parameters, const Organ<dim> &organ,
               const typename Organ<dim>::Triangulation::cell_iterator &parent, const std::vector<Wish> &wishes,
               const std::vector<int> &finest, const std::vector<unsigned int> &counts)
{
  std::uint64_t agents = 0;
  bool below_first = true;
  for (unsigned int c = 0; c < parent->n_children(); ++c)
  {
    const auto child = parent->child(c);
    if (!child->is_active() || !child->is_locally_owned() || wishes[child->active_cell_index()] != Wish::coarser ||
        child->material_id() != parent->child(0)->material_id())
      return false;
    for (const unsigned int v : child->vertex_indices())
      if (finest[child->vertex_index(v)] > child->level())
        return false;
    agents += counts[child->active_cell_index()];
    const typename Organ<dim>::CellIterator active(child);
    below_first = below_first && organ.first_level(active) < static_cast<unsigned int>(child->level());
  }
  if (parameters.most_agents > 0 && 2 * agents > parameters.most_agents)
    return false;
  return below_first || edge_range(parent).longest <= parameters.largest_size * (1.0 + 1e-9);
}
} // namespace

template <int dim>
RefinementPlan plan_refinement(const AdaptivityParameters &parameters, Organ<dim> &organ, const FieldSet<dim> &fields,
                               const CellLocator<dim> &locator, const AgentPopulation<dim> &population)
{
  const auto errors = relative_errors(parameters, fields);
  const auto counts = agents_in_cells(organ, locator, population, parameters.agent_types);
  auto &mesh = organ.triangulation();
  std::vector<Wish> wishes(mesh.n_active_cells(), Wish::stay);
  std::uint64_t n_wanted = 0;
  for (const auto &cell : mesh.active_cell_iterators())
  {
    if (!cell->is_locally_owned())
      continue;
    const unsigned int number = cell->active_cell_index();
    const bool coarse = errors[number] > 1.0 || (parameters.most_agents > 0 && counts[number] > parameters.most_agents);
    // Half an edge must not fall below the bound by rounding alone.
    if (coarse && 0.5 * edge_range(cell).longest >= parameters.smallest_size * (1.0 - 1e-9))
    {
      wishes[number] = Wish::finer;
      ++n_wanted;
    }
    else if (!coarse && errors[number] < parameters.coarsening)
      wishes[number] = Wish::coarser;
  }
  dealii::GridTools::exchange_cell_data_to_ghosts<char>(
      mesh, [&](const auto &cell) { return static_cast<char>(wishes[cell->active_cell_index()]); },
      [&](const auto &cell, const char wish) { wishes[cell->active_cell_index()] = static_cast<Wish>(wish); });
  const auto finest = finest_levels(organ, wishes);
  std::vector<typename Organ<dim>::Triangulation::cell_iterator> parents;
  for (const auto &cell : mesh.active_cell_iterators())
    if (cell->is_locally_owned() && cell->level() > 0 && cell->parent()->child_index(0) == cell->index() &&
        may_merge(parameters, organ, cell->parent(), wishes, finest, counts))
      parents.push_back(cell->parent());

  RefinementPlan plan;
  plan.refined = dealii::Utilities::MPI::sum(n_wanted, organ.communicator());
  constexpr std::uint64_t n_children = dealii::GeometryInfo<dim>::max_children_per_cell;
  plan.coarsened = dealii::Utilities::MPI::sum(n_children * parents.size(), organ.communicator());
  plan.room = parameters.most_cells == 0 ||
              mesh.n_global_active_cells() + (n_children - 1) * plan.refined <= parameters.most_cells;
  for (const auto &cell : mesh.active_cell_iterators())
    if (plan.room && cell->is_locally_owned() && wishes[cell->active_cell_index()] == Wish::finer)
      cell->set_refine_flag();
  for (const auto &parent : parents)
    for (unsigned int c = 0; c < parent->n_children(); ++c)
      parent->child(c)->set_coarsen_flag();
  return plan;
}

template RefinementPlan plan_refinement(const AdaptivityParameters &, Organ<2> &, const FieldSet<2> &,
                                        const CellLocator<2> &, const AgentPopulation<2> &);
template RefinementPlan plan_refinement(const AdaptivityParameters &, Organ<3> &, const FieldSet<3> &,
                                        const CellLocator<3> &, const AgentPopulation<3> &);
} // namespace nidus
