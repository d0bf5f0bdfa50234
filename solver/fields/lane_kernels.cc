// Compiled once for each instruction set: NIDUS_KERNELS names the namespace, NIDUS_VECTOR_BYTES the register.
#include "fields/lane_kernels.h"

namespace nidus::NIDUS_KERNELS
{
namespace
{
#define NIDUS_INLINE __attribute__((always_inline))

/// The lanes of one node, in as few registers as they fit.
template <int lanes, typename T>
struct Lanes
{
  static constexpr int bytes = lanes * sizeof(T) < NIDUS_VECTOR_BYTES ? lanes * sizeof(T) : NIDUS_VECTOR_BYTES;
  static constexpr int n_parts = lanes * sizeof(T) / bytes;
  typedef T Part __attribute__((vector_size(bytes)));
  typedef T InMemory __attribute__((vector_size(bytes), aligned(sizeof(T)), may_alias));

  Part part[n_parts];

  NIDUS_INLINE static Lanes load(const T *from)
  {
    Lanes result;
    for (int i = 0; i < n_parts; ++i)
      result.part[i] = reinterpret_cast<const InMemory *>(from)[i];
    return result;
  }
  NIDUS_INLINE static Lanes zero() { return Lanes{}; }
  NIDUS_INLINE void store(T *to) const
  {
    for (int i = 0; i < n_parts; ++i)
      reinterpret_cast<InMemory *>(to)[i] = part[i];
  }
};

/// One lane is a plain number: compilers do badly with vectors of one.
template <typename T>
struct Lanes<1, T>
{
  static constexpr int n_parts = 1;
  T part[1];

  NIDUS_INLINE static Lanes load(const T *from) { return {{*from}}; }
  NIDUS_INLINE static Lanes zero() { return {{T(0)}}; }
  NIDUS_INLINE void store(T *to) const { *to = part[0]; }
};

template <int lanes, typename T>
NIDUS_INLINE inline Lanes<lanes, T> operator+(Lanes<lanes, T> a, const Lanes<lanes, T> &b)
{
  for (int i = 0; i < a.n_parts; ++i)
    a.part[i] += b.part[i];
  return a;
}
template <int lanes, typename T>
NIDUS_INLINE inline Lanes<lanes, T> operator-(Lanes<lanes, T> a, const Lanes<lanes, T> &b)
{
  for (int i = 0; i < a.n_parts; ++i)
    a.part[i] -= b.part[i];
  return a;
}
template <int lanes, typename T>
NIDUS_INLINE inline Lanes<lanes, T> operator*(Lanes<lanes, T> a, const Lanes<lanes, T> &b)
{
  for (int i = 0; i < a.n_parts; ++i)
    a.part[i] *= b.part[i];
  return a;
}
template <int lanes, typename T>
NIDUS_INLINE inline Lanes<lanes, T> operator*(Lanes<lanes, T> a, const T b)
{
  for (int i = 0; i < a.n_parts; ++i)
    a.part[i] *= b;
  return a;
}
template <int lanes, typename T>
NIDUS_INLINE inline Lanes<lanes, T> operator/(Lanes<lanes, T> a, const Lanes<lanes, T> &b)
{
  for (int i = 0; i < a.n_parts; ++i)
    a.part[i] /= b.part[i];
  return a;
}

/// visit(node, (K x)_node, K_node,node) for every listed row.
template <int lanes, int width, typename T, typename Visit>
NIDUS_INLINE inline void visit_listed(const RowArrays<T> &rows, const T *__restrict x, const Visit &visit)
{
  using L = Lanes<lanes, T>;
  constexpr std::size_t ahead = RowArrays<T>::prefetched_rows * width;
  const std::uint32_t *__restrict neighbour = rows.neighbour;
  const std::uint16_t *__restrict types = rows.type;
  const T *__restrict dictionary = rows.dictionary;
  for (std::size_t i = 0; i < rows.n_nodes; ++i, neighbour += width)
  {
    const unsigned int type = types[i];
    if (__builtin_expect(type == RowArrays<T>::not_listed, 0))
      continue;
    for (int j = 0; j < width; ++j)
      __builtin_prefetch(x + static_cast<std::size_t>(neighbour[ahead + j]) * lanes);
    const T *k = dictionary + static_cast<std::size_t>(type) * ((width + 1) * lanes);
    const L diagonal = L::load(k);
    L sum = diagonal * L::load(x + i * lanes);
#pragma GCC unroll 6
    for (int j = 0; j < width; ++j)
      sum = sum + L::load(k + (j + 1) * lanes) * L::load(x + static_cast<std::size_t>(neighbour[j]) * lanes);
    visit(i, sum, diagonal);
  }
}

/// The same for scaled and general rows.
template <int lanes, typename T, typename Visit>
NIDUS_INLINE inline void visit_others(const RowArrays<T> &rows, const T *__restrict x, const Visit &visit)
{
  using L = Lanes<lanes, T>;
  const std::size_t n = rows.n_nodes;
  const auto value = [&](const std::uint32_t column) NIDUS_INLINE {
    return L::load(__builtin_expect(column < n, 1) ? x + static_cast<std::size_t>(column) * lanes
                                                   : rows.ghosts + (static_cast<std::size_t>(column) - n) * lanes);
  };
  for (std::size_t row = 0; row < rows.scaled.n; ++row)
  {
    const std::uint32_t begin = rows.scaled.begin[row], end = rows.scaled.begin[row + 1];
    const L factor = L::load(rows.factors + static_cast<std::size_t>(rows.scaled_factor[row]) * lanes);
    L sum = L::zero();
    for (std::uint32_t e = begin; e < end; ++e)
      sum = sum + value(rows.scaled.column[e]) * rows.scaled_value[e];
    visit(rows.scaled.node[row], factor * sum, factor * rows.scaled_value[begin]);
  }
  for (std::size_t row = 0; row < rows.general.n; ++row)
  {
    const std::uint32_t begin = rows.general.begin[row], end = rows.general.begin[row + 1];
    L sum = L::zero();
    for (std::uint32_t e = begin; e < end; ++e)
      sum = sum + L::load(rows.general_value + static_cast<std::size_t>(e) * lanes) * value(rows.general.column[e]);
    visit(rows.general.node[row], sum, L::load(rows.general_value + static_cast<std::size_t>(begin) * lanes));
  }
}

template <int lanes, int width, typename T, typename Visit>
NIDUS_INLINE inline void visit_rows(const RowArrays<T> &rows, const RowKind kind, const T *x, const Visit &visit)
{
  if (kind == RowKind::listed)
    visit_listed<lanes, width, T>(rows, x, visit);
  else
    visit_others<lanes, T>(rows, x, visit);
}

/// visit(node, K_node,node) for every row.
template <int lanes, int width, typename T, typename Visit>
NIDUS_INLINE inline void visit_diagonal(const RowArrays<T> &rows, const RowKind kind, const Visit &visit)
{
  using L = Lanes<lanes, T>;
  if (kind == RowKind::listed)
  {
    for (std::size_t i = 0; i < rows.n_nodes; ++i)
      if (rows.type[i] != RowArrays<T>::not_listed)
        visit(i, L::load(rows.dictionary + static_cast<std::size_t>(rows.type[i]) * ((width + 1) * lanes)));
    return;
  }
  for (std::size_t row = 0; row < rows.scaled.n; ++row)
    visit(rows.scaled.node[row], L::load(rows.factors + static_cast<std::size_t>(rows.scaled_factor[row]) * lanes) *
                                     rows.scaled_value[rows.scaled.begin[row]]);
  for (std::size_t row = 0; row < rows.general.n; ++row)
    visit(rows.general.node[row],
          L::load(rows.general_value + static_cast<std::size_t>(rows.general.begin[row]) * lanes));
}

template <int lanes, int width, typename T>
void apply(const RowArrays<T> &rows, const RowKind kind, const T *c, const T *x, T *y)
{
  using L = Lanes<lanes, T>;
  if (c != nullptr)
    visit_rows<lanes, width, T>(rows, kind, x, [&](const std::size_t i, const L &kx, const L &) NIDUS_INLINE {
      (kx + L::load(c + i * lanes) * L::load(x + i * lanes)).store(y + i * lanes);
    });
  else
    visit_rows<lanes, width, T>(
        rows, kind, x, [&](const std::size_t i, const L &kx, const L &) NIDUS_INLINE { kx.store(y + i * lanes); });
}

template <int lanes, int width, typename T>
void jacobi(const RowArrays<T> &rows, const RowKind kind, const T *c, const T *b, const T weight, T *x)
{
  using L = Lanes<lanes, T>;
  visit_diagonal<lanes, width, T>(rows, kind, [&](const std::size_t i, const L &diagonal) NIDUS_INLINE {
    (L::load(b + i * lanes) * weight / (diagonal + L::load(c + i * lanes))).store(x + i * lanes);
  });
}

template <int lanes, int width, typename T>
void smooth(const RowArrays<T> &rows, const RowKind kind, const T *c, const T *b, const T *x, const T *before, T *next,
            const T momentum, const T weight)
{
  using L = Lanes<lanes, T>;
  const auto correction = [&](const std::size_t i, const L &kx, const L &diagonal, const L &at_i) NIDUS_INLINE {
    const L nodal = L::load(c + i * lanes);
    return (L::load(b + i * lanes) - kx - nodal * at_i) / (nodal + diagonal) * weight;
  };
  if (before == nullptr)
    visit_rows<lanes, width, T>(rows, kind, x, [&](const std::size_t i, const L &kx, const L &diagonal) NIDUS_INLINE {
      const L at_i = L::load(x + i * lanes);
      (at_i + at_i * momentum + correction(i, kx, diagonal, at_i)).store(next + i * lanes);
    });
  else
    visit_rows<lanes, width, T>(rows, kind, x, [&](const std::size_t i, const L &kx, const L &diagonal) NIDUS_INLINE {
      const L at_i = L::load(x + i * lanes);
      (at_i + (at_i - L::load(before + i * lanes)) * momentum + correction(i, kx, diagonal, at_i))
          .store(next + i * lanes);
    });
}

template <int lanes, int width, typename T>
void residual(const RowArrays<T> &rows, const RowKind kind, const T *c, const T *b, const T *x, T *r)
{
  using L = Lanes<lanes, T>;
  visit_rows<lanes, width, T>(rows, kind, x, [&](const std::size_t i, const L &kx, const L &) NIDUS_INLINE {
    (L::load(b + i * lanes) - kx - L::load(c + i * lanes) * L::load(x + i * lanes)).store(r + i * lanes);
  });
}

template <int lanes, int width, typename T>
void diagonal(const RowArrays<T> &rows, const RowKind kind, T *d)
{
  using L = Lanes<lanes, T>;
  visit_diagonal<lanes, width, T>(rows, kind,
                                  [&](const std::size_t i, const L &at_i) NIDUS_INLINE { at_i.store(d + i * lanes); });
}

template <int lanes, typename T>
NIDUS_INLINE inline Lanes<lanes, T> transfer_row(const TransferArrays &transfer, const std::size_t row,
                                                 const std::size_t n_local, const T *x, const T *ghosts)
{
  using L = Lanes<lanes, T>;
  L sum = L::zero();
  for (std::uint32_t e = transfer.begin[row]; e < transfer.begin[row + 1]; ++e)
  {
    const std::size_t column = transfer.column[e];
    sum = sum +
          L::load(__builtin_expect(column < n_local, 1) ? x + column * lanes : ghosts + (column - n_local) * lanes) *
              static_cast<T>(transfer.weight[e]);
  }
  return sum;
}

template <int lanes, typename T>
void transfer(const TransferArrays &matrix, const std::size_t n_local, const T *x, const T *ghosts,
              const std::size_t n_rows_local, T *y, T *foreign)
{
  for (std::size_t row = 0; row < matrix.n_rows; ++row)
    transfer_row<lanes, T>(matrix, row, n_local, x, ghosts)
        .store(row < n_rows_local ? y + row * lanes : foreign + (row - n_rows_local) * lanes);
}

template <int lanes, typename T>
void transfer_add(const TransferArrays &matrix, const std::size_t n_local, const T *x, const T *ghosts, T *y)
{
  using L = Lanes<lanes, T>;
  for (std::size_t row = 0; row < matrix.n_rows; ++row)
    (L::load(y + row * lanes) + transfer_row<lanes, T>(matrix, row, n_local, x, ghosts)).store(y + row * lanes);
}

template <int lanes, int width>
void apply_and_dot(const RowArrays<double> &rows, const RowKind kind, const double *c, const double *p, double *q,
                   double *sum)
{
  using L = Lanes<lanes, double>;
  L total = L::load(sum);
  visit_rows<lanes, width, double>(rows, kind, p, [&](const std::size_t i, const L &kp, const L &) NIDUS_INLINE {
    const L at_i = L::load(p + i * lanes);
    const L product = kp + L::load(c + i * lanes) * at_i;
    product.store(q + i * lanes);
    total = total + product * at_i;
  });
  total.store(sum);
}

template <int lanes>
void advance(const std::size_t n_nodes, const double *alpha, const double *p, const double *q, double *x, double *r,
             float *f, double *sum)
{
  using L = Lanes<lanes, double>;
  const L by = L::load(alpha);
  L total = L::load(sum);
  for (std::size_t i = 0; i < n_nodes * lanes; i += lanes)
  {
    (L::load(x + i) + by * L::load(p + i)).store(x + i);
    const L rest = L::load(r + i) - by * L::load(q + i);
    rest.store(r + i);
    total = total + rest * rest;
    for (int s = 0; s < lanes; ++s)
      f[i + s] = static_cast<float>(r[i + s]);
  }
  total.store(sum);
}

template <int lanes>
void dot(const std::size_t n_nodes, const double *r, const float *z, double *sum)
{
  double total[lanes] = {};
  for (std::size_t i = 0; i < n_nodes * lanes; i += lanes)
    for (int s = 0; s < lanes; ++s)
      total[s] += r[i + s] * static_cast<double>(z[i + s]);
  for (int s = 0; s < lanes; ++s)
    sum[s] += total[s];
}

template <int lanes>
void turn(const std::size_t n_nodes, const double *beta, const float *z, double *p)
{
  double by[lanes];
  for (int s = 0; s < lanes; ++s)
    by[s] = beta[s];
  for (std::size_t i = 0; i < n_nodes * lanes; i += lanes)
    for (int s = 0; s < lanes; ++s)
      p[i + s] = static_cast<double>(z[i + s]) + by[s] * p[i + s];
}

template <int lanes, int width, typename T>
constexpr LevelKernels<T> level_kernels()
{
  return {apply<lanes, width, T>,    jacobi<lanes, width, T>, smooth<lanes, width, T>, residual<lanes, width, T>,
          diagonal<lanes, width, T>, transfer<lanes, T>,      transfer_add<lanes, T>};
}

template <int lanes, int width>
constexpr LaneKernels kernels = {level_kernels<lanes, width, double>(),
                                 level_kernels<lanes, width, float>(),
                                 {apply_and_dot<lanes, width>, advance<lanes>, dot<lanes>, turn<lanes>}};
} // namespace

const LaneKernels *find(const unsigned int lanes, const unsigned int dim)
{
  switch (lanes)
  {
  case 1:
    return dim == 3 ? &kernels<1, 6> : &kernels<1, 4>;
  case 2:
    return dim == 3 ? &kernels<2, 6> : &kernels<2, 4>;
  case 4:
    return dim == 3 ? &kernels<4, 6> : &kernels<4, 4>;
  case 8:
    return dim == 3 ? &kernels<8, 6> : &kernels<8, 4>;
  default:
    return dim == 3 ? &kernels<16, 6> : &kernels<16, 4>;
  }
}
} // namespace nidus::NIDUS_KERNELS
