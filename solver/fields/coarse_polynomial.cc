#include "fields/coarse_polynomial.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nidus
{
namespace
{
constexpr double exhausted = 1e-20; ///< of the squared first residual: the space of the start vector is used up

using Sums = std::array<double, largest_lanes>;

/// The matrix that Lanczos' method makes of one lane.
struct Tridiagonal
{
  std::vector<double> diagonal, beside;

  /// Eigenvalues below @p bound (Sturm's sequence).
  unsigned int n_below(const double bound) const
  {
    unsigned int count = 0;
    double pivot = 1.0;
    for (std::size_t i = 0; i < diagonal.size(); ++i)
    {
      const double coupling = i > 0 ? beside[i - 1] * beside[i - 1] / pivot : 0.0;
      pivot = diagonal[i] - bound - coupling;
      if (pivot == 0.0)
        pivot = 1e-300;
      count += pivot < 0.0 ? 1 : 0;
    }
    return count;
  }

  double smallest_eigenvalue(double high) const
  {
    double low = 0.0;
    constexpr unsigned int halvings = 40;
    for (unsigned int i = 0; i < halvings; ++i)
    {
      const double middle = (low + high) / 2.0;
      (n_below(middle) > 0 ? high : low) = middle;
    }
    return high;
  }
};

Sums products(const std::vector<double> &a, const std::vector<double> &b, const unsigned int lanes, MPI_Comm comm)
{
  Sums sums{};
  for (std::size_t i = 0; i < a.size(); i += lanes)
    for (unsigned int s = 0; s < lanes; ++s)
      sums[s] += a[i + s] * b[i + s];
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(lanes), MPI_DOUBLE, MPI_SUM, comm);
  return sums;
}
} // namespace

template <int dim>
double estimate_smallest_eigenvalue(const MeshLevel<dim> &level, LevelRows<dim> &rows, const unsigned int n_fields,
                                    const unsigned int lanes, const std::vector<double> &c, const unsigned int steps)
{
  const auto &kernels = lane_kernels(lanes, dim).in_double;
  const auto without_ghosts = rows.template arrays<double>(nullptr);
  std::vector<double> r(c.size(), 0.0), z(c.size(), 0.0), p(c.size(), 0.0), q(c.size(), 0.0);
  rows.get_diagonal(r.data());
  std::vector<Tridiagonal> lanczos(n_fields);
  std::vector<bool> going(n_fields, true);
  Sums first{}, rho{}, alpha{}, beta{};
  for (unsigned int step = 0; step < steps; ++step)
  {
    // The method of conjugate gradients, whose coefficients are those of Lanczos' method.
    for (const RowKind kind : {RowKind::listed, RowKind::others})
      kernels.jacobi(without_ghosts, kind, c.data(), r.data(), 1.0, z.data());
    const Sums before = rho, last_alpha = alpha;
    rho = products(r, z, lanes, level.communicator());
    first = step == 0 ? rho : first;
    for (unsigned int s = 0; s < n_fields; ++s)
      going[s] = going[s] && rho[s] > exhausted * first[s];
    for (unsigned int s = 0; s < lanes; ++s)
      beta[s] = step > 0 && before[s] > 0.0 ? rho[s] / before[s] : 0.0;
    for (std::size_t i = 0; i < p.size(); i += lanes)
      for (unsigned int s = 0; s < lanes; ++s)
        p[i + s] = z[i + s] + beta[s] * p[i + s];
    level.exchange().start(p.data(), lanes);
    level.exchange().finish();
    const auto arrays = rows.template arrays<double>(level.exchange().template ghosts<double>(lanes));
    for (const RowKind kind : {RowKind::listed, RowKind::others})
      kernels.apply(arrays, kind, c.data(), p.data(), q.data());
    const Sums curvature = products(p, q, lanes, level.communicator());
    for (unsigned int s = 0; s < lanes; ++s)
      alpha[s] = curvature[s] > 0.0 ? rho[s] / curvature[s] : 0.0;
    for (std::size_t i = 0; i < r.size(); i += lanes)
      for (unsigned int s = 0; s < lanes; ++s)
        r[i + s] -= alpha[s] * q[i + s];
    for (unsigned int s = 0; s < n_fields; ++s)
      if (going[s])
      {
        lanczos[s].diagonal.push_back(1.0 / alpha[s] + (step > 0 ? beta[s] / last_alpha[s] : 0.0));
        if (step > 0)
          lanczos[s].beside.push_back(std::sqrt(beta[s]) / last_alpha[s]);
      }
  }
  double smallest = rows.largest_row_sum();
  for (const auto &matrix : lanczos)
    smallest = std::min(smallest, matrix.smallest_eigenvalue(rows.largest_row_sum()));
  return smallest;
}

unsigned int chebyshev_degree(const double low, const double high, const double error)
{
  return static_cast<unsigned int>(std::ceil(std::acosh(1.0 / error) / std::acosh((high + low) / (high - low))));
}

template double estimate_smallest_eigenvalue<2>(const MeshLevel<2> &, LevelRows<2> &, unsigned int, unsigned int,
                                                const std::vector<double> &, unsigned int);
template double estimate_smallest_eigenvalue<3>(const MeshLevel<3> &, LevelRows<3> &, unsigned int, unsigned int,
                                                const std::vector<double> &, unsigned int);
} // namespace nidus
