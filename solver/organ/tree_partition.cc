#include "organ/tree_partition.h"

#include <deal.II/distributed/p4est_wrappers.h>

#include <algorithm>

namespace nidus
{
namespace
{
template <int dim>
constexpr int deepest_level = dim == 3 ? P8EST_MAXLEVEL : P4EST_MAXLEVEL;

/// The last bit of a coordinate that a position takes. In 3-D 64 bits hold 20 levels, fewer than recent versions of
/// p4est have and more than a mesh does.
template <int dim>
constexpr int last_bit = std::max(0, deepest_level<dim> + 1 - 64 / dim);

/// Interleaves the bits of coordinates on the lattice of the deepest level: the curve of p4est.
template <int dim>
std::uint64_t interleave(const std::array<std::uint64_t, dim> &coordinates)
{
  std::uint64_t position = 0;
  for (int bit = deepest_level<dim>; bit >= last_bit<dim>; --bit)
    for (int d = dim - 1; d >= 0; --d)
      position = position << 1 | (coordinates[d] >> bit & 1u);
  return position;
}

std::uint64_t curve_position(const p4est_quadrant_t &quadrant)
{
  return interleave<2>({{static_cast<std::uint64_t>(quadrant.x), static_cast<std::uint64_t>(quadrant.y)}});
}

std::uint64_t curve_position(const p8est_quadrant_t &quadrant)
{
  return interleave<3>({{static_cast<std::uint64_t>(quadrant.x), static_cast<std::uint64_t>(quadrant.y),
                         static_cast<std::uint64_t>(quadrant.z)}});
}
} // namespace

template <int dim>
TreePartition<dim>::TreePartition(const Triangulation &mesh)
{
  const auto *forest = mesh.get_p4est();
  for (int rank = 0; rank < forest->mpisize; ++rank)
  {
    const auto &quadrant = forest->global_first_position[rank];
    first.emplace_back(static_cast<std::uint64_t>(quadrant.p.which_tree), curve_position(quadrant));
  }
}

template <int dim>
typename TreePartition<dim>::Place TreePartition<dim>::place(const dealii::CellId &cell) const
{
  std::array<std::uint64_t, dim> coordinates{};
  int bit = deepest_level<dim>;
  for (const auto child : cell.get_child_indices())
  {
    --bit;
    for (int d = 0; d < dim; ++d)
      coordinates[d] |= static_cast<std::uint64_t>(child >> d & 1u) << bit;
  }
  // deal.II numbers coarse cells of such a mesh in their ids by the trees of p4est.
  return {cell.get_coarse_cell_id(), interleave<dim>(coordinates)};
}

template <int dim>
unsigned int TreePartition<dim>::owner(const dealii::CellId &cell) const
{
  // A rank without cells starts where the next one does; the last of them is the one that has the cells.
  return static_cast<unsigned int>(std::upper_bound(first.begin(), first.end(), place(cell)) - first.begin()) - 1;
}

template <int dim>
typename dealii::Triangulation<dim>::cell_iterator find_cell(const dealii::Triangulation<dim> &mesh,
                                                             const dealii::CellId &id)
{
  auto cell = mesh.create_cell_iterator(dealii::CellId(id.get_coarse_cell_id(), std::vector<std::uint8_t>()));
  for (const auto child : id.get_child_indices())
  {
    if (!cell->has_children())
      break;
    cell = cell->child(child);
  }
  return cell;
}

template class TreePartition<2>;
template class TreePartition<3>;
template dealii::Triangulation<2>::cell_iterator find_cell(const dealii::Triangulation<2> &, const dealii::CellId &);
template dealii::Triangulation<3>::cell_iterator find_cell(const dealii::Triangulation<3> &, const dealii::CellId &);
} // namespace nidus
