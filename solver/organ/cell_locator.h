#pragma once

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
 */
template <int dim>
class CellLocator
{
public:
  static constexpr std::uint32_t nowhere = 0xFFFFFFFFu;

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
  const std::array<dealii::Point<dim>, 1u << dim> &corners(std::uint32_t index) const { return vertices[index]; }
  bool is_owned(std::uint32_t index) const { return owner_rank[index] == my_rank; }
  unsigned int owner(std::uint32_t index) const { return owner_rank[index]; }

  /**
   * Collective. For each point (any number on each rank, zero too) the rank that owns its tissue cell, or -1 when no
   * rank has one.
   */
  std::vector<int> find_owners(const std::vector<dealii::Point<dim>> &points) const;

  /// Lower and upper corner of the locally owned tissue cells of each rank; +1e300 and -1e300 for a rank without.
  const std::vector<std::pair<dealii::Point<dim>, dealii::Point<dim>>> &rank_boxes() const { return boxes; }

  MPI_Comm communicator() const { return comm; }

private:
  static constexpr unsigned int n_vertices = 1u << dim;
  using Vertices = std::array<dealii::Point<dim>, n_vertices>;

  bool inside(std::uint32_t index, const dealii::Point<dim> &point, dealii::Point<dim> &reference) const;
  void build_bins();
  std::array<int, dim> bin_of(const dealii::Point<dim> &point) const;

  MPI_Comm comm;
  unsigned int my_rank;
  std::vector<typename dealii::Triangulation<dim>::active_cell_iterator> cells; ///< sorted by global identifier
  std::vector<unsigned int> owner_rank;
  std::vector<Vertices> vertices;
  std::vector<char> is_box;
  std::vector<std::pair<dealii::Point<dim>, dealii::Point<dim>>> boxes;

  dealii::Point<dim> lower, upper; ///< of all cells known here
  std::array<int, dim> n_bins;
  std::array<double, dim> bins_per_length;
  std::vector<std::uint32_t> bin_start, bin_cells;
};
} // namespace nidus
