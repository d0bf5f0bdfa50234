#pragma once

#include "fields/lane_kernels.h"
#include "fields/mesh_level.h"

#include <deal.II/base/aligned_vector.h>

#include <petscmat.h>

#include <vector>

namespace nidus
{
/**
 * The diffusion of all mobile fields on one level, as rows for the kernels: see RowArrays.
 *
 * Rows without coefficients (hanging nodes, nodes without tissue) are inactive.
 */
template <int dim>
class LevelRows
{
public:
  /**
   * Sums the elements of @p level up. @p factor holds the diffusivity of each lane in each region (regions times
   * lanes), um^2/min and weighted with the interstitial fraction.
   */
  LevelRows(const MeshLevel<dim> &level, const std::vector<double> &factor, unsigned int lanes);

  unsigned int n_nodes() const { return static_cast<unsigned int>(type.size()); }

  /// The coefficients with the values of ghost nodes; in single precision they are made on first use.
  template <typename T>
  RowArrays<T> arrays(const T *ghosts)
  {
    if constexpr (std::is_same_v<T, double>)
      return in_double_precision(ghosts);
    else
      return in_single_precision(ghosts);
  }

  /// Whether the row of an owned node has coefficients.
  const std::vector<bool> &active() const { return is_active; }

  /// Largest sum of moduli in a row over its diagonal: bounds the spectrum of the diagonally scaled matrix, any c >= 0.
  double largest_row_sum() const { return row_sum; }
  /// Off-diagonal entries above zero, of this rank: none on boxes without hanging nodes.
  std::size_t n_positive() const { return positive; }
  std::size_t n_types() const { return in_double.dictionary.size() / (row_width * n_lanes); }
  std::size_t bytes() const;

  /// The diagonal of K, owned nodes times lanes; zero in inactive rows.
  void get_diagonal(double *diagonal) const;

  /// One lane as a matrix with @p diagonal (owned nodes times lanes) added; inactive rows hold a one. Collective.
  Mat assemble(const MeshLevel<dim> &level, unsigned int lane, const std::vector<double> &diagonal) const;

private:
  static constexpr unsigned int n_neighbours = 2 * dim, row_width = n_neighbours + 1;

  template <typename T>
  struct Coefficients
  {
    dealii::AlignedVector<T> dictionary, scaled, factors, general;
  };
  struct Sparsity
  {
    std::vector<std::uint32_t> node, begin = {0}, column;

    SparseRows arrays() const { return {node.size(), node.data(), begin.data(), column.data()}; }
    std::size_t bytes() const { return (node.size() + begin.size() + column.size()) * sizeof(std::uint32_t); }
  };
  class Builder;

  RowArrays<double> in_double_precision(const double *ghosts) const;
  RowArrays<float> in_single_precision(const float *ghosts);
  template <typename T>
  RowArrays<T> arrays(const Coefficients<T> &values, const T *ghosts) const;
  /// visit(node, columns, coefficients of the lane) for every active row; the node itself comes first.
  template <typename Visit>
  void visit_rows(unsigned int lane, const Visit &visit) const;

  unsigned int n_lanes;
  std::vector<bool> is_active;
  double row_sum = 1.0;
  std::size_t positive = 0;

  dealii::AlignedVector<std::uint32_t> neighbour;
  std::vector<std::uint16_t> type;
  Sparsity scaled, general;
  std::vector<std::uint16_t> scaled_factor;
  Coefficients<double> in_double;
  Coefficients<float> in_single; ///< empty until it is asked for
};
} // namespace nidus
