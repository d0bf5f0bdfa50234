#pragma once

#include "organ/coarse_cells.h"

#include <deal.II/base/point.h>
#include <deal.II/grid/tria.h>

#include <array>
#include <cstdint>
#include <vector>

namespace nidus
{
template <int dim>
class Organ;

/**
 * Finds the tissue cell that holds a point.
 *
 * Each rank knows its own tissue cells and the ghost layer. A point on a face, edge or vertex belongs to the cell with
 * the smallest global identifier among those that touch it, so all ranks agree. Cells without tissue (airway, outside)
 * are not part of the search: a point in them is nowhere.
 *
 * The search goes from the coarse cell down the octree of its children. Cells are numbered in the order of this tree,
 * the order of global identifiers: neighbours in space are mostly neighbours in memory.
 */
template <int dim>
class CellLocator
{
public:
  static constexpr std::uint32_t nowhere = 0xFFFFFFFFu;
  static constexpr unsigned int n_vertices = 1u << dim;

  struct Place
  {
    std::uint32_t cell = nowhere; ///< index into the cells of this locator
    dealii::Point<dim> reference; ///< in the unit cell
    bool found() const { return cell != nowhere; }
  };

  explicit CellLocator(const Organ<dim> &organ);

  /// The tissue cell of this rank or of its ghost layer at @p point; @p hint is tried first.
  Place locate(const dealii::Point<dim> &point, std::uint32_t hint = nowhere) const;

  std::size_t n_cells() const { return cells.size(); }
  const typename dealii::Triangulation<dim>::active_cell_iterator &cell(std::uint32_t index) const
  {
    return cells[index];
  }
  std::array<dealii::Point<dim>, n_vertices> corners(std::uint32_t index) const;
  const dealii::Point<dim> &corner(std::uint32_t index, unsigned int vertex) const
  {
    return cells[index]->vertex(vertex);
  }
  /// Reference coordinates in a cell of a point that is in it or on its surface.
  dealii::Point<dim> reference(std::uint32_t index, const dealii::Point<dim> &point) const;
  bool is_owned(std::uint32_t index) const { return owner_rank[index] == my_rank; }
  unsigned int owner(std::uint32_t index) const { return owner_rank[index]; }

  /// Axis-parallel, with these inverse edges (1/um).
  bool is_box(std::uint32_t index) const { return coarse.is_box(leaves[index].coarse); }
  dealii::Tensor<1, dim> inverse_edges(std::uint32_t index) const
  {
    return coarse.inverse_edges(leaves[index].coarse) * static_cast<double>(1u << leaves[index].level);
  }
  /// Inverse of the derivative of the map from the unit cell, 1/um: reference gradients times this are gradients.
  dealii::Tensor<2, dim> inverse_jacobian(std::uint32_t index, const dealii::Point<dim> &reference) const;

  /**
   * Collective. For each point (any number on each rank, zero too) the rank that owns its tissue cell, or -1 when no
   * rank has one.
   */
  std::vector<int> find_owners(const std::vector<dealii::Point<dim>> &points) const;

  /// Lower and upper corner of the locally owned tissue cells of each rank; +1e300 and -1e300 for a rank without.
  const std::vector<std::pair<dealii::Point<dim>, dealii::Point<dim>>> &rank_boxes() const { return boxes; }

  MPI_Comm communicator() const { return comm; }

private:
  /// Where a cell is in its coarse cell: reference = (offset + reference in the cell) / 2^level.
  struct Leaf
  {
    std::uint32_t coarse;
    std::array<std::uint32_t, dim> offset;
    std::uint8_t level;
  };
  /// A node of the tree is the index of a cell, or that of its first child with the highest bit set.
  static constexpr std::uint32_t inner = 0x80000000u, no_tissue = inner - 1;

  using MeshCell = typename dealii::Triangulation<dim>::cell_iterator;
  std::uint32_t grow(const Organ<dim> &organ, const MeshCell &cell, const Leaf &place);
  /// The first cell in the order of numbers that touches @p reference in the coarse cell.
  std::uint32_t descend(std::uint32_t node, const dealii::Point<dim> &reference,
                        const std::array<double, dim> &lower_corner, double edge) const;
  static dealii::Point<dim> in_coarse_cell(const Leaf &leaf, const dealii::Point<dim> &reference);
  static dealii::Point<dim> in_leaf(const Leaf &leaf, const dealii::Point<dim> &in_coarse);

  MPI_Comm comm;
  unsigned int my_rank;
  CoarseCells<dim> coarse;
  std::vector<std::uint32_t> roots; ///< node of each coarse cell
  std::vector<std::uint32_t> tree;  ///< children, 2^dim after each other
  std::vector<Leaf> leaves;
  std::vector<typename dealii::Triangulation<dim>::active_cell_iterator> cells; ///< sorted by global identifier
  std::vector<unsigned int> owner_rank;
  std::vector<std::pair<dealii::Point<dim>, dealii::Point<dim>>> boxes;
};
} // namespace nidus
