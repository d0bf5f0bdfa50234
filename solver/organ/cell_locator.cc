#include "organ/cell_locator.h"

#include "organ/organ.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/tensor.h>

#include <algorithm>
#include <stdexcept>

namespace nidus
{
template <int dim>
CellLocator<dim>::CellLocator(const Organ<dim> &organ)
    : comm(organ.communicator()), my_rank(dealii::Utilities::MPI::this_mpi_process(comm))
{
  std::vector<MeshCell> coarse_cells;
  for (const auto &cell : organ.triangulation().cell_iterators_on_level(0))
    coarse_cells.push_back(cell);
  std::sort(coarse_cells.begin(), coarse_cells.end(), [](const auto &a, const auto &b) { return a->id() < b->id(); });
  for (const auto &cell : coarse_cells)
  {
    const auto first = cells.size();
    const std::uint32_t node = grow(organ, cell, {static_cast<std::uint32_t>(coarse.size()), {}, 0});
    if (cells.size() == first)
      continue; // a branch without tissue that this rank knows
    typename CoarseCells<dim>::Corners corners;
    for (unsigned int v = 0; v < n_vertices; ++v)
      corners[v] = cell->vertex(v);
    coarse.add(corners);
    roots.push_back(node);
  }
  coarse.finish();

  std::pair<dealii::Point<dim>, dealii::Point<dim>> box;
  for (unsigned int d = 0; d < dim; ++d)
  {
    box.first[d] = 1e300;
    box.second[d] = -1e300;
  }
  for (const auto &cell : cells)
    if (cell->is_locally_owned())
      for (unsigned int v = 0; v < n_vertices; ++v)
        for (unsigned int d = 0; d < dim; ++d)
        {
          box.first[d] = std::min(box.first[d], cell->vertex(v)[d]);
          box.second[d] = std::max(box.second[d], cell->vertex(v)[d]);
        }
  boxes = dealii::Utilities::MPI::all_gather(comm, box);
}

template <int dim>
std::uint32_t CellLocator<dim>::grow(const Organ<dim> &organ, const MeshCell &cell, const Leaf &place)
{
  if (cell->is_active())
  {
    const typename dealii::Triangulation<dim>::active_cell_iterator active = cell;
    if (active->is_artificial() || !organ.is_tissue(active))
      return no_tissue;
    if (cells.size() >= no_tissue)
      throw std::runtime_error("more than 2^31 mesh cells on one rank");
    cells.push_back(active);
    leaves.push_back(place);
    owner_rank.push_back(active->subdomain_id());
    return static_cast<std::uint32_t>(cells.size() - 1);
  }
  const std::size_t first_child = tree.size(), n_before = cells.size();
  tree.resize(first_child + n_vertices);
  for (unsigned int child = 0; child < n_vertices; ++child)
  {
    Leaf part = place;
    ++part.level;
    for (unsigned int d = 0; d < dim; ++d)
      part.offset[d] = 2 * place.offset[d] + (child >> d & 1u);
    // Not in one expression: the tree may move while it grows.
    const std::uint32_t node = grow(organ, cell->child(child), part);
    tree[first_child + child] = node;
  }
  if (cells.size() == n_before)
  {
    tree.resize(first_child);
    return no_tissue;
  }
  return inner | static_cast<std::uint32_t>(first_child / n_vertices);
}

template <int dim>
std::uint32_t CellLocator<dim>::descend(const std::uint32_t node, const dealii::Point<dim> &reference,
                                        const std::array<double, dim> &lower_corner, const double edge) const
{
  if (!(node & inner))
    return node;
  const double half = 0.5 * edge;
  const std::uint32_t *children = &tree[static_cast<std::size_t>(node & ~inner) * n_vertices];
  // Which halves touch the point; on the seam both do, and the first child with tissue has it.
  std::array<std::array<bool, 2>, dim> touches;
  for (unsigned int d = 0; d < dim; ++d)
  {
    const double beyond = reference[d] - (lower_corner[d] + half);
    touches[d] = {{beyond <= CoarseCells<dim>::seam, beyond >= -CoarseCells<dim>::seam}};
  }
  for (unsigned int child = 0; child < n_vertices; ++child)
  {
    bool candidate = children[child] != no_tissue;
    std::array<double, dim> corner = lower_corner;
    for (unsigned int d = 0; d < dim; ++d)
    {
      candidate &= touches[d][child >> d & 1u];
      if (child >> d & 1u)
        corner[d] += half;
    }
    if (!candidate)
      continue;
    const std::uint32_t found = descend(children[child], reference, corner, half);
    if (found != no_tissue)
      return found;
  }
  return no_tissue;
}

template <int dim>
typename CellLocator<dim>::Place CellLocator<dim>::locate(const dealii::Point<dim> &point,
                                                          const std::uint32_t hint) const
{
  Place place;
  dealii::Point<dim> in_coarse;
  if (hint != nowhere && coarse.inside(leaves[hint].coarse, point, in_coarse))
  {
    // Strictly inside no other cell can claim it; on the seam the smallest identifier decides below.
    const double margin = 2.0 * CoarseCells<dim>::seam * static_cast<double>(1u << leaves[hint].level);
    const auto reference = in_leaf(leaves[hint], in_coarse);
    bool strictly = true;
    for (unsigned int d = 0; d < dim; ++d)
      strictly &= reference[d] > margin && reference[d] < 1.0 - margin;
    if (strictly)
      return {hint, reference};
  }
  // Coarse cells come in the order of identifiers, so the first that holds the point has it.
  const auto [begin, end] = coarse.candidates(point);
  for (const auto *candidate = begin; candidate != end; ++candidate)
    if (coarse.inside(*candidate, point, in_coarse))
    {
      const std::uint32_t cell = descend(roots[*candidate], in_coarse, {}, 1.0);
      if (cell == no_tissue)
        continue;
      place.cell = cell;
      place.reference = in_leaf(leaves[cell], in_coarse);
      for (unsigned int d = 0; d < dim; ++d)
        place.reference[d] = std::clamp(place.reference[d], 0.0, 1.0);
      return place;
    }
  return place;
}

template <int dim>
dealii::Point<dim> CellLocator<dim>::reference(const std::uint32_t index, const dealii::Point<dim> &point) const
{
  dealii::Point<dim> in_coarse;
  coarse.inside(leaves[index].coarse, point, in_coarse);
  return in_leaf(leaves[index], in_coarse);
}

template <int dim>
dealii::Point<dim> CellLocator<dim>::in_leaf(const Leaf &leaf, const dealii::Point<dim> &in_coarse)
{
  dealii::Point<dim> reference;
  for (unsigned int d = 0; d < dim; ++d)
    reference[d] = in_coarse[d] * static_cast<double>(1u << leaf.level) - leaf.offset[d];
  return reference;
}

template <int dim>
dealii::Point<dim> CellLocator<dim>::in_coarse_cell(const Leaf &leaf, const dealii::Point<dim> &reference)
{
  dealii::Point<dim> in_coarse;
  for (unsigned int d = 0; d < dim; ++d)
    in_coarse[d] = (reference[d] + leaf.offset[d]) / static_cast<double>(1u << leaf.level);
  return in_coarse;
}

template <int dim>
std::array<dealii::Point<dim>, CellLocator<dim>::n_vertices> CellLocator<dim>::corners(const std::uint32_t index) const
{
  std::array<dealii::Point<dim>, n_vertices> result;
  for (unsigned int v = 0; v < n_vertices; ++v)
    result[v] = cells[index]->vertex(v);
  return result;
}

template <int dim>
dealii::Tensor<2, dim> CellLocator<dim>::inverse_jacobian(const std::uint32_t index,
                                                          const dealii::Point<dim> &reference) const
{
  const Leaf &leaf = leaves[index];
  return coarse.inverse_jacobian(leaf.coarse, in_coarse_cell(leaf, reference)) * static_cast<double>(1u << leaf.level);
}

template <int dim>
std::vector<int> CellLocator<dim>::find_owners(const std::vector<dealii::Point<dim>> &points) const
{
  const auto all = dealii::Utilities::MPI::all_gather(comm, points);
  std::vector<int> claims;
  for (const auto &of_rank : all)
    for (const auto &point : of_rank)
    {
      // A rank that owns a cell at the point knows all other cells there too (they are in its ghost layer), so it
      // claims the point only when its own cell is the one with the smallest identifier.
      const Place place = locate(point);
      claims.push_back(place.found() && is_owned(place.cell) ? static_cast<int>(my_rank) : -1);
    }
  std::vector<int> owners(claims.size(), -1);
  if (!claims.empty())
    MPI_Allreduce(claims.data(), owners.data(), static_cast<int>(claims.size()), MPI_INT, MPI_MAX, comm);
  std::size_t offset = 0;
  for (unsigned int rank = 0; rank < my_rank; ++rank)
    offset += all[rank].size();
  return {owners.begin() + offset, owners.begin() + offset + points.size()};
}

template class CellLocator<2>;
template class CellLocator<3>;
} // namespace nidus
