#include "calibration/likelihood_peak.h"

#include "calibration/quiet_gsl.h"

#include <gsl/gsl_multimin.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace nidus
{
namespace
{
constexpr int most_steps = 300, most_starts = 4;
constexpr double first_step = 0.3, gain_to_go_on = 1e-3;

/// The function of the coordinates that are free.
struct Climb
{
  const LogDensity &log_likelihood;
  const NaturalCoordinates &coordinates;
  std::vector<double> point;
  std::vector<std::size_t> free;

  std::vector<double> at(const gsl_vector *values) const
  {
    auto result = point;
    for (std::size_t k = 0; k < free.size(); ++k)
      result[free[k]] = std::clamp(gsl_vector_get(values, k), coordinates.lower(free[k]), coordinates.upper(free[k]));
    return result;
  }

  /// Outside of the bounds the value on them, and more the farther it is.
  double negative(const gsl_vector *values) const
  {
    const auto inside = at(values);
    double outside = 0.0;
    for (std::size_t k = 0; k < free.size(); ++k)
      outside += std::pow(gsl_vector_get(values, k) - inside[free[k]], 2);
    const double value = log_likelihood(inside);
    return std::isfinite(value) ? 10.0 * outside - value : std::numeric_limits<double>::max();
  }
};

double negative(const gsl_vector *values, void *climb)
{
  return static_cast<const Climb *>(climb)->negative(values);
}

std::vector<double> climbed(Climb &climb)
{
  const QuietGsl quiet;
  const std::size_t n = climb.free.size();
  const std::unique_ptr<gsl_vector, void (*)(gsl_vector *)> start(gsl_vector_alloc(n), gsl_vector_free),
      steps(gsl_vector_alloc(n), gsl_vector_free);
  for (std::size_t k = 0; k < n; ++k)
  {
    // Inwards, so that the first simplex is within the bounds.
    gsl_vector_set(start.get(), k, climb.point[climb.free[k]]);
    gsl_vector_set(steps.get(), k, climb.point[climb.free[k]] > 0.0 ? -first_step : first_step);
  }
  gsl_multimin_function function{negative, n, &climb};
  const std::unique_ptr<gsl_multimin_fminimizer, void (*)(gsl_multimin_fminimizer *)> simplex(
      gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, n), gsl_multimin_fminimizer_free);
  gsl_multimin_fminimizer_set(simplex.get(), &function, start.get(), steps.get());
  for (int step = 0; step < most_steps; ++step)
    if (gsl_multimin_fminimizer_iterate(simplex.get()) != GSL_SUCCESS ||
        gsl_multimin_test_size(gsl_multimin_fminimizer_size(simplex.get()), 2e-3) == GSL_SUCCESS)
      break;
  return climb.at(gsl_multimin_fminimizer_x(simplex.get()));
}
} // namespace

Peak likelihood_peak(const LogDensity &log_likelihood, const NaturalCoordinates &coordinates,
                     const std::vector<double> &start, const std::vector<char> &fixed)
{
  Climb climb{log_likelihood, coordinates, start, {}};
  for (std::size_t k = 0; k < start.size(); ++k)
    if (fixed[k] == 0)
      climb.free.push_back(k);
  Peak best{start, log_likelihood(start)};
  for (int begun = 0; begun < most_starts && !climb.free.empty(); ++begun)
  {
    const auto point = climbed(climb);
    const double value = log_likelihood(point), gain = value - best.log_likelihood;
    if (gain > 0.0)
      best = {point, value};
    climb.point = best.natural;
    if (!(gain > gain_to_go_on))
      break;
  }
  return best;
}
} // namespace nidus
