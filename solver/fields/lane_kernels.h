#pragma once

#include <cstddef>
#include <cstdint>

/**
 * The loops that take the time of a field solve. All fields of a node ("lanes") are one short vector, so the indices of
 * a row are read once for all of them.
 *
 * Nothing but plain arrays passes here: lane_kernels.cc is compiled once for each instruction set, and code that it
 * shared with other files could end up in the program in a form that an older processor does not know.
 */
namespace nidus
{
/// Which nodes have a row, and the columns of each.
struct SparseRows
{
  std::size_t n = 0;
  const std::uint32_t *node = nullptr, *begin = nullptr, *column = nullptr;
};

/**
 * The rows of a symmetric matrix with rows for nodes and a diagonal of n lanes in each entry, in three forms.
 *
 * Listed: the nodes along the axes (4 in 2-D, 6 in 3-D) and a type, whose coefficients are in a dictionary. Scaled: one
 * number for each column, times one vector of lanes for the row. General: a vector of lanes for each column. The
 * first column of scaled and general rows is the node itself.
 */
template <typename T>
struct RowArrays
{
  static constexpr std::uint16_t not_listed = 65535;
  static constexpr std::size_t prefetched_rows = 24; ///< rows that neighbour[] must hold beyond the last

  std::size_t n_nodes = 0;
  const std::uint32_t *neighbour = nullptr; ///< n_nodes + prefetched_rows times 2 dim
  const std::uint16_t *type = nullptr;      ///< n_nodes
  const T *dictionary = nullptr;            ///< types times (1 + 2 dim) times lanes, the diagonal first

  SparseRows scaled;
  const T *scaled_value = nullptr;
  const std::uint16_t *scaled_factor = nullptr; ///< scaled.n, index into factors
  const T *factors = nullptr;                   ///< times lanes

  SparseRows general;
  const T *general_value = nullptr; ///< times lanes

  const T *ghosts = nullptr; ///< lanes of the nodes n_nodes, n_nodes + 1, ...
};

/// Listed rows touch owned nodes only: they are worked on while values of ghost nodes travel.
enum class RowKind
{
  listed,
  others
};

/// A matrix with one number for each entry, for transfer between levels; the number multiplies all lanes.
struct TransferArrays
{
  std::size_t n_rows = 0;
  const std::uint32_t *begin = nullptr, *column = nullptr;
  const float *weight = nullptr;
};

/// Kernels on one level. K is the matrix of @p rows, c a nodal diagonal; arrays hold n_nodes times lanes values.
template <typename T>
struct LevelKernels
{
  /// y = (K + c) x; c may be null.
  void (*apply)(const RowArrays<T> &rows, RowKind kind, const T *c, const T *x, T *y);
  /// x = weight b / (K_ii + c).
  void (*jacobi)(const RowArrays<T> &rows, RowKind kind, const T *c, const T *b, T weight, T *x);
  /// One step of Chebyshev's method: next = x + momentum (x - before) + weight (b - (K + c) x) / (K_ii + c). @p before
  /// may be null (zero) and may be the same as @p next.
  void (*smooth)(const RowArrays<T> &rows, RowKind kind, const T *c, const T *b, const T *x, const T *before, T *next,
                 T momentum, T weight);
  /// r = b - (K + c) x.
  void (*residual)(const RowArrays<T> &rows, RowKind kind, const T *c, const T *b, const T *x, T *r);
  /// The diagonal of K.
  void (*diagonal)(const RowArrays<T> &rows, RowKind kind, T *d);

  /// y = P x. Columns from @p n_local on are read from @p ghosts, rows from @p n_rows_local on written to @p foreign.
  void (*transfer)(const TransferArrays &transfer, std::size_t n_local, const T *x, const T *ghosts,
                   std::size_t n_rows_local, T *y, T *foreign);
  /// y += P x.
  void (*transfer_add)(const TransferArrays &transfer, std::size_t n_local, const T *x, const T *ghosts, T *y);
};

/// The recurrences of the method of conjugate gradients, one for each lane; sums of this rank only.
struct GradientKernels
{
  /// q = (K + c) p, and sum[lane] += p q.
  void (*apply_and_dot)(const RowArrays<double> &rows, RowKind kind, const double *c, const double *p, double *q,
                        double *sum);
  /// x += alpha p, r -= alpha q, f = r in single precision, sum[lane] += r r.
  void (*advance)(std::size_t n_nodes, const double *alpha, const double *p, const double *q, double *x, double *r,
                  float *f, double *sum);
  /// sum[lane] += r z.
  void (*dot)(std::size_t n_nodes, const double *r, const float *z, double *sum);
  /// p = z + beta p.
  void (*turn)(std::size_t n_nodes, const double *beta, const float *z, double *p);
};

struct LaneKernels
{
  LevelKernels<double> in_double;
  LevelKernels<float> in_single;
  GradientKernels gradients;
};

constexpr unsigned int largest_lanes = 16;

/// The smallest width that the kernels know and that holds @p n_fields fields: 1, 2, 4, 8 or 16.
unsigned int lanes_for(unsigned int n_fields);

/// Kernels for @p lanes lanes in @p dim dimensions, for the best instruction set that this processor has.
const LaneKernels &lane_kernels(unsigned int lanes, unsigned int dim);

/**
 * "SSE2", "AVX2" or "AVX-512" ("portable" on other processors): what lane_kernels() takes. The environment variable
 * NIDUS_INSTRUCTION_SET can ask for a lesser one; throws std::runtime_error when it asks for one that is not there.
 */
const char *instruction_set();
} // namespace nidus
