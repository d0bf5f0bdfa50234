#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace nidus
{
/**
 * The geometry of the coarse cells of a mesh, and where a point of space is in them.
 *
 * A refined cell is a part of its coarse cell in reference coordinates, so nothing else needs corners or the inverse of
 * a map.
 */
template <int dim>
class CoarseCells
{
public:
  static constexpr unsigned int n_vertices = 1u << dim;
  using Corners = std::array<dealii::Point<dim>, n_vertices>;

  /// A point on a surface counts as in the cell if it is outside by this much, in reference coordinates.
  static constexpr double seam = 1e-11;

  /// Appends a cell; the order of calls is the order of searches.
  void add(const Corners &corners);
  /// Call once after the last add().
  void finish();

  std::size_t size() const { return corner_list.size(); }

  /// Whether the point is in the cell; its reference coordinates, not clamped.
  bool inside(std::uint32_t index, const dealii::Point<dim> &point, dealii::Point<dim> &reference) const;

  /// Begin and end of the list of the only cells that may hold the point, in the order in which they were added.
  std::pair<const std::uint32_t *, const std::uint32_t *> candidates(const dealii::Point<dim> &point) const;

  /// Point of space at reference coordinates.
  dealii::Point<dim> point(std::uint32_t index, const dealii::Point<dim> &reference) const;

  /// Axis-parallel: the map is x = lower corner + edge * reference.
  bool is_box(std::uint32_t index) const { return box[index]; }
  /// 1 / edge along each axis, for boxes.
  const dealii::Tensor<1, dim> &inverse_edges(std::uint32_t index) const { return inverse_edge[index]; }
  /// Inverse of the derivative of the map, for all cells.
  dealii::Tensor<2, dim> inverse_jacobian(std::uint32_t index, const dealii::Point<dim> &reference) const;

private:
  std::size_t bin_of(const dealii::Point<dim> &point) const;
  std::array<int, dim> bin_coordinates(const dealii::Point<dim> &point) const;
  template <typename Action>
  void for_each_bin(std::uint32_t index, const Action &action) const;

  std::vector<Corners> corner_list;
  std::vector<char> box;
  std::vector<dealii::Tensor<1, dim>> inverse_edge;

  static constexpr std::size_t no_bin = ~std::size_t(0);
  dealii::Point<dim> lower, upper;
  std::array<int, dim> n_bins{};
  std::array<double, dim> bins_per_length{};
  std::vector<std::uint32_t> bin_start, bin_cells;
};
} // namespace nidus
