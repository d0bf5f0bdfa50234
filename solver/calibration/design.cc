#include "calibration/design.h"

#include "calibration/draws.h"
#include "control/input_error.h"

#include <gsl/gsl_qrng.h>

#include <algorithm>
#include <memory>

namespace nidus
{
namespace
{
constexpr std::uint64_t hypercube_key = 1, shift_key = 2;
} // namespace

std::vector<std::vector<double>> latin_hypercube(const std::size_t n, const std::size_t n_coordinates,
                                                 const std::uint64_t seed)
{
  Draws draws(seed, hypercube_key);
  std::vector<std::vector<double>> points(n, std::vector<double>(n_coordinates));
  for (std::size_t k = 0; k < n_coordinates; ++k)
  {
    const auto part = draws.permutation(n);
    for (std::size_t i = 0; i < n; ++i)
      points[i][k] = (static_cast<double>(part[i]) + draws.uniform()) / static_cast<double>(n);
  }
  return points;
}

std::vector<std::vector<double>> sobol_sequence(const std::size_t n, const std::size_t n_coordinates,
                                                const std::uint64_t seed)
{
  constexpr std::size_t greatest = 40;
  if (n_coordinates == 0 || n_coordinates > greatest)
    throw input_error("number of coordinates of a Sobol sequence", static_cast<double>(n_coordinates), "1 to 40",
                      "use a Latin hypercube, or screen the parameters first");
  Draws draws(seed, shift_key);
  std::vector<double> shift(n_coordinates);
  for (auto &value : shift)
    value = draws.uniform();
  const std::unique_ptr<gsl_qrng, void (*)(gsl_qrng *)> sequence(
      gsl_qrng_alloc(gsl_qrng_sobol, static_cast<unsigned int>(n_coordinates)), gsl_qrng_free);
  std::vector<std::vector<double>> points(n, std::vector<double>(n_coordinates));
  for (std::size_t i = 0; i < n; ++i)
  {
    // GSL leaves out the first point, the origin, with which the first 2^m points are one in each part.
    if (i > 0)
      gsl_qrng_get(sequence.get(), points[i].data());
    for (std::size_t k = 0; k < n_coordinates; ++k)
    {
      points[i][k] += shift[k];
      points[i][k] -= points[i][k] >= 1.0 ? 1.0 : 0.0;
      points[i][k] = std::clamp(points[i][k], 0x1p-53, 1.0 - 0x1p-53);
    }
  }
  return points;
}
} // namespace nidus
