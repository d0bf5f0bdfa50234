#include "calibration/gaussian_process.h"

#include "calibration/quiet_gsl.h"
#include "control/shared_fault.h"

#include <gsl/gsl_multimin.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
using Points = std::vector<std::vector<double>>;
using Hyper = GaussianProcess::Hyper;

/// Prior variances of the constant and of each slope of the trend; values have variance one.
constexpr double of_constant = 1.0, of_slope = 1.0;
/// Of the diagonal: what rounding needs.
constexpr double jitter = 1e-9;
constexpr std::size_t most_points_to_fit = 200;
constexpr int most_steps = 60;
/// Medians and deviations of the logarithms of lengths, variance and nugget before the data.
constexpr double log_length = 0.7, length_width = 1.5, variance_width = 2.0, log_nugget = -9.0, nugget_width = 3.0;

struct Data
{
  Points points;
  std::vector<double> values, noise;
};

double squared_distance(const std::vector<double> &a, const std::vector<double> &b, const Hyper &hyper)
{
  double sum = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k)
  {
    const double part = (a[k] - b[k]) / hyper.lengths[k];
    sum += part * part;
  }
  return sum;
}

double trend(const std::vector<double> &a, const std::vector<double> &b)
{
  return of_constant + of_slope * inner_product(a, b);
}

double matern(const double squared)
{
  const double r = std::sqrt(5.0 * squared);
  return (1.0 + r + r * r / 3.0) * std::exp(-r);
}

double covariance(const std::vector<double> &a, const std::vector<double> &b, const Hyper &hyper)
{
  return trend(a, b) + hyper.variance * matern(squared_distance(a, b, hyper));
}

Matrix covariance_of(const Data &data, const Hyper &hyper)
{
  const std::size_t n = data.points.size();
  Matrix result(n, n);
  for (std::size_t i = 0; i < n; ++i)
  {
    for (std::size_t j = 0; j <= i; ++j)
      result(i, j) = result(j, i) = covariance(data.points[i], data.points[j], hyper);
    result(i, i) += data.noise[i] + hyper.nugget + jitter * (1.0 + result(i, i));
  }
  return result;
}

/// Logarithms of lengths, variance and nugget, in this order.
Hyper hyper_of(const gsl_vector *logarithms)
{
  Hyper hyper;
  for (std::size_t k = 0; k + 2 < logarithms->size; ++k)
    hyper.lengths.push_back(std::exp(gsl_vector_get(logarithms, k)));
  hyper.variance = std::exp(gsl_vector_get(logarithms, logarithms->size - 2));
  hyper.nugget = std::exp(gsl_vector_get(logarithms, logarithms->size - 1));
  return hyper;
}

/// Minus the logarithm of the priors of @p logarithms, and its derivatives.
double penalty(const gsl_vector *logarithms, gsl_vector *slope)
{
  double sum = 0.0;
  const std::size_t n = logarithms->size;
  for (std::size_t k = 0; k < n; ++k)
  {
    const double middle = k + 2 < n    ? log_length
                          : k + 2 == n ? 0.0
                                       : log_nugget,
                 deviation = k + 2 < n    ? length_width
                             : k + 2 == n ? variance_width
                                          : nugget_width;
    const double off = (gsl_vector_get(logarithms, k) - middle) / deviation;
    sum += 0.5 * off * off;
    gsl_vector_set(slope, k, off / deviation);
  }
  return sum;
}

/// Adds the derivatives of minus the log likelihood: 1/2 tr((K^-1 - a a^T) dK), a = K^-1 y.
void add_slope(const Data &data, const Hyper &hyper, const Matrix &inverse, const std::vector<double> &weights,
               gsl_vector *slope)
{
  const std::size_t n = data.points.size(), n_coordinates = hyper.lengths.size();
  std::vector<double> sum(n_coordinates + 2, 0.0);
  for (std::size_t i = 0; i < n; ++i)
  {
    sum[n_coordinates + 1] += 0.5 * (inverse(i, i) - weights[i] * weights[i]) * hyper.nugget;
    sum[n_coordinates] += 0.5 * (inverse(i, i) - weights[i] * weights[i]) * hyper.variance;
    for (std::size_t j = 0; j < i; ++j)
    {
      const double weight = inverse(i, j) - weights[i] * weights[j];
      const double squared = squared_distance(data.points[i], data.points[j], hyper), r = std::sqrt(5.0 * squared);
      sum[n_coordinates] += weight * hyper.variance * matern(squared);
      const double common = weight * hyper.variance * 5.0 / 3.0 * (1.0 + r) * std::exp(-r);
      for (std::size_t k = 0; k < n_coordinates; ++k)
      {
        const double part = (data.points[i][k] - data.points[j][k]) / hyper.lengths[k];
        sum[k] += common * part * part;
      }
    }
  }
  for (std::size_t k = 0; k < sum.size(); ++k)
    gsl_vector_set(slope, k, gsl_vector_get(slope, k) + sum[k]);
}

/// Minus the log posterior of the logarithms, with derivatives.
void value_and_slope(const gsl_vector *logarithms, void *of_data, double *value, gsl_vector *slope)
{
  const auto &data = *static_cast<const Data *>(of_data);
  const Hyper hyper = hyper_of(logarithms);
  *value = penalty(logarithms, slope);
  const auto factor = Cholesky::of(covariance_of(data, hyper));
  if (!factor)
  {
    *value = std::numeric_limits<double>::max();
    return;
  }
  const auto weights = factor->solve(data.values);
  *value += 0.5 * inner_product(data.values, weights) + 0.5 * factor->log_determinant();
  add_slope(data, hyper, factor->inverse(), weights, slope);
}

double value_alone(const gsl_vector *logarithms, void *of_data)
{
  std::vector<double> unused(logarithms->size);
  auto view = gsl_vector_view_array(unused.data(), unused.size());
  const auto &data = *static_cast<const Data *>(of_data);
  const auto factor = Cholesky::of(covariance_of(data, hyper_of(logarithms)));
  if (!factor)
    return std::numeric_limits<double>::max();
  const auto half = factor->half_solve(data.values);
  return penalty(logarithms, &view.vector) + 0.5 * inner_product(half, half) + 0.5 * factor->log_determinant();
}

void slope_alone(const gsl_vector *logarithms, void *of_data, gsl_vector *slope)
{
  double unused = 0.0;
  value_and_slope(logarithms, of_data, &unused, slope);
}

/// From lengths that are all @p length; @p value is what was reached.
Hyper fitted_from(Data &data, const double length, double &value)
{
  const QuietGsl quiet;
  const std::size_t n = data.points.front().size() + 2;
  gsl_multimin_function_fdf function{value_alone, slope_alone, value_and_slope, n, &data};
  const std::unique_ptr<gsl_vector, void (*)(gsl_vector *)> start(gsl_vector_alloc(n), gsl_vector_free);
  gsl_vector_set_all(start.get(), std::log(length));
  gsl_vector_set(start.get(), n - 2, std::log(0.5));
  gsl_vector_set(start.get(), n - 1, std::log(1e-3));
  const std::unique_ptr<gsl_multimin_fdfminimizer, void (*)(gsl_multimin_fdfminimizer *)> minimiser(
      gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, n), gsl_multimin_fdfminimizer_free);
  gsl_multimin_fdfminimizer_set(minimiser.get(), &function, start.get(), 0.3, 0.1);
  for (int step = 0; step < most_steps; ++step)
    if (gsl_multimin_fdfminimizer_iterate(minimiser.get()) != GSL_SUCCESS ||
        gsl_multimin_test_gradient(gsl_multimin_fdfminimizer_gradient(minimiser.get()), 0.02) == GSL_SUCCESS)
      break;
  value = gsl_multimin_fdfminimizer_minimum(minimiser.get());
  return hyper_of(gsl_multimin_fdfminimizer_x(minimiser.get()));
}

Hyper fitted(const Data &data)
{
  Data some;
  const std::size_t n = data.points.size(), stride = (n + most_points_to_fit - 1) / most_points_to_fit;
  for (std::size_t i = 0; i < n; i += stride)
  {
    some.points.push_back(data.points[i]);
    some.values.push_back(data.values[i]);
    some.noise.push_back(data.noise[i]);
  }
  double of_short = 0.0, of_long = 0.0;
  const Hyper from_short = fitted_from(some, 0.7, of_short), from_long = fitted_from(some, 4.0, of_long);
  return of_short < of_long ? from_short : from_long;
}
} // namespace

GaussianProcess::GaussianProcess(const Points &points, const std::vector<double> &values,
                                 const std::vector<double> &noise)
    : points(points), noise(noise), values(values)
{
  const auto n = static_cast<double>(values.size());
  for (const double value : values)
    centre += value / n;
  double squares = 0.0;
  for (const double value : values)
    squares += (value - centre) * (value - centre) / n;
  // Rounding of the mean of a constant is no spread.
  scale = squares > 1e-24 * centre * centre && squares > 0.0 ? std::sqrt(squares) : 1.0;
  for (double &value : this->values)
    value = (value - centre) / scale;
  for (double &variance : this->noise)
    variance /= scale * scale;
  const Data data{this->points, this->values, this->noise};
  hyper = fitted(data);
  auto found = Cholesky::of(covariance_of(data, hyper));
  if (!found)
    throw SharedFault("The emulator's covariance matrix is singular: are all members at the same place?");
  factor = std::make_shared<const Cholesky>(*found);
  weights = factor->solve(this->values);
}

double GaussianProcess::mean_at(const std::vector<double> &point) const
{
  double sum = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i)
    sum += weights[i] * covariance(point, points[i], hyper);
  return centre + scale * sum;
}

GaussianProcess::Guess GaussianProcess::at(const std::vector<double> &point) const
{
  std::vector<double> common(points.size());
  for (std::size_t i = 0; i < points.size(); ++i)
    common[i] = covariance(point, points[i], hyper);
  const auto half = factor->half_solve(common);
  const double left = trend(point, point) + hyper.variance - inner_product(half, half);
  return {centre + scale * inner_product(common, weights), scale * scale * (std::max(left, 0.0) + hyper.nugget)};
}

std::vector<GaussianProcess::Guess> GaussianProcess::leave_one_out() const
{
  const auto inverse = factor->inverse();
  std::vector<Guess> guesses;
  for (std::size_t i = 0; i < points.size(); ++i)
    guesses.push_back({centre + scale * (values[i] - weights[i] / inverse(i, i)), scale * scale / inverse(i, i)});
  return guesses;
}
} // namespace nidus
