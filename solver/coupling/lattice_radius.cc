#include "coupling/lattice_radius.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

namespace nidus
{
namespace
{
constexpr double euler_gamma = 0.57721566490153286;
const double far_constant = euler_gamma + 1.5 * std::log(2.0);
constexpr int table_size = 8; ///< rounding grows in the recursion by a factor of six for each node

/// Values for 0 <= j <= i < table_size (McCrea and Whipple 1940).
std::vector<std::vector<double>> potential_table()
{
  std::vector<std::vector<double>> a(table_size, std::vector<double>(table_size, 0.0));
  double diagonal = 0.0;
  for (int n = 1; n < table_size; ++n)
  {
    diagonal += 1.0 / (M_PI * (2 * n - 1));
    a[n][n] = diagonal;
  }
  const auto at = [&](int i, int j) {
    i = std::abs(i);
    j = std::abs(j);
    return a[std::max(i, j)][std::min(i, j)];
  };
  a[1][0] = 0.25;
  for (int n = 1; n + 1 < table_size; ++n)
  {
    // The equation at (n, n), then those at (n, j) from the diagonal to the axis.
    a[n + 1][n] = 2.0 * at(n, n) - at(n, n - 1);
    for (int j = n - 1; j >= 0; --j)
      a[n + 1][j] = 4.0 * at(n, j) - at(n - 1, j) - at(n, j + 1) - at(n, j - 1);
  }
  return a;
}
} // namespace

double lattice_potential(const int i, const int j)
{
  static const auto table = potential_table();
  const int large = std::max(std::abs(i), std::abs(j)), small = std::min(std::abs(i), std::abs(j));
  if (large < table_size)
    return table[large][small];
  return (0.5 * std::log(static_cast<double>(large) * large + static_cast<double>(small) * small) + far_constant) /
         (2.0 * M_PI);
}

double LatticeRadius::at(const std::array<double, 2> &place, const std::array<double, 2> &radius)
{
  constexpr double same = 1e-9, points_per_edge = 8.0;
  std::array<double, 2> phase;
  for (unsigned int d = 0; d < 2; ++d)
    phase[d] = place[d] - std::floor(place[d]);
  bool known = true;
  for (unsigned int d = 0; d < 2; ++d)
    known &= std::abs(phase[d] - last_place[d]) < same && std::abs(radius[d] - last_radius[d]) < same * radius[d];
  if (known)
    return last;

  std::map<std::pair<int, int>, double> weights;
  const auto n = static_cast<unsigned int>(
      std::max(16.0, std::ceil(points_per_edge * 2.0 * M_PI * std::max(radius[0], radius[1]))));
  for (unsigned int k = 0; k < n; ++k)
  {
    const double angle = 2.0 * M_PI * (k + 0.5) / n;
    const double x = phase[0] + radius[0] * std::cos(angle), y = phase[1] + radius[1] * std::sin(angle);
    const int i = static_cast<int>(std::floor(x)), j = static_cast<int>(std::floor(y));
    const double u = x - i, v = y - j;
    weights[{i, j}] += (1.0 - u) * (1.0 - v) / n;
    weights[{i + 1, j}] += u * (1.0 - v) / n;
    weights[{i, j + 1}] += (1.0 - u) * v / n;
    weights[{i + 1, j + 1}] += u * v / n;
  }
  double energy = 0.0;
  for (const auto &[first, w] : weights)
    for (const auto &[second, z] : weights)
      energy += w * z * lattice_potential(first.first - second.first, first.second - second.second);
  last_place = phase;
  last_radius = radius;
  last = std::exp(2.0 * M_PI * energy - far_constant);
  return last;
}
} // namespace nidus
