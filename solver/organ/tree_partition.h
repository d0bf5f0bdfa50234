#pragma once

#include <deal.II/distributed/tria.h>
#include <deal.II/grid/cell_id.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace nidus
{
/**
 * Which rank owns a place of an octree mesh.
 *
 * p4est lays all leaves on one curve and cuts it into pieces, one for each rank; the curve and its cuts are known
 * everywhere, so no message is needed. Holds until the mesh is refined or repartitioned.
 */
template <int dim>
class TreePartition
{
public:
  using Triangulation = dealii::parallel::distributed::Triangulation<dim>;

  explicit TreePartition(const Triangulation &mesh);

  /// The owner of the leaf that contains the first corner of a cell; of the cell itself when it is a leaf.
  unsigned int owner(const dealii::CellId &cell) const;

private:
  using Place = std::pair<std::uint64_t, std::uint64_t>; ///< tree, position on the curve within the tree

  Place place(const dealii::CellId &cell) const;

  std::vector<Place> first; ///< of each rank
};

/// The deepest cell that a mesh has at or above @p id, among those that this rank knows.
template <int dim>
typename dealii::Triangulation<dim>::cell_iterator find_cell(const dealii::Triangulation<dim> &mesh,
                                                             const dealii::CellId &id);
} // namespace nidus
