#include "calibration/marginal.h"

#include "calibration/quiet_gsl.h"
#include "control/input_error.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Probability of values below @p t of the shape in its standard form.
double lower_tail(const Marginal::Form &form, const double t)
{
  switch (form.shape)
  {
  case Marginal::Shape::normal:
    return gsl_cdf_ugaussian_P(t);
  case Marginal::Shape::laplace:
    return gsl_cdf_laplace_P(t, 1.0);
  case Marginal::Shape::beta:
    return gsl_cdf_beta_P(std::clamp(t, 0.0, 1.0), form.location, form.width);
  default:
    return std::clamp(t, 0.0, 1.0);
  }
}

double upper_tail(const Marginal::Form &form, const double t)
{
  switch (form.shape)
  {
  case Marginal::Shape::normal:
    return gsl_cdf_ugaussian_Q(t);
  case Marginal::Shape::laplace:
    return gsl_cdf_laplace_Q(t, 1.0);
  case Marginal::Shape::beta:
    return gsl_cdf_beta_Q(std::clamp(t, 0.0, 1.0), form.location, form.width);
  default:
    return std::clamp(1.0 - t, 0.0, 1.0);
  }
}

/// The value of Beta with the given tails, by bisection: GSL's own inverse does not converge for small exponents.
double beta_value(const Marginal::Form &form, const double below, const double above)
{
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 400; ++i)
  {
    // Far apart in the middle of their logarithms, so that small values have all their digits.
    const double middle = high > 4.0 * low ? std::max(std::sqrt(low * high), 1e-3 * high) : 0.5 * (low + high);
    if (middle <= low || middle >= high)
      break;
    const bool too_low = below < above ? gsl_cdf_beta_P(middle, form.location, form.width) < below
                                       : gsl_cdf_beta_Q(middle, form.location, form.width) > above;
    (too_low ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// The value with the given tails, from the smaller one.
double value_at(const Marginal::Form &form, const double below, const double above)
{
  const bool lower_half = below < above;
  switch (form.shape)
  {
  case Marginal::Shape::normal:
    return lower_half ? gsl_cdf_ugaussian_Pinv(below) : gsl_cdf_ugaussian_Qinv(above);
  case Marginal::Shape::laplace:
    return lower_half ? gsl_cdf_laplace_Pinv(below, 1.0) : gsl_cdf_laplace_Qinv(above, 1.0);
  case Marginal::Shape::beta:
    return beta_value(form, below, above);
  default:
    return lower_half ? below : 1.0 - above;
  }
}

double log_density_of(const Marginal::Form &form, const double t)
{
  constexpr double log_root_two_pi = 0.918938533204672742;
  switch (form.shape)
  {
  case Marginal::Shape::normal:
    return -0.5 * t * t - log_root_two_pi - std::log(form.width);
  case Marginal::Shape::laplace:
    return -std::abs(t) - std::log(2.0 * form.width);
  case Marginal::Shape::beta:
    return t < 0.0 || t > 1.0 ? -infinity : std::log(gsl_ran_beta_pdf(t, form.location, form.width));
  default:
    return t < 0.0 || t > 1.0 ? -infinity : -std::log(form.width);
  }
}

void check(const Marginal::Form &form, const std::string &entry)
{
  if (!std::isfinite(form.location) || !std::isfinite(form.width) || !(form.width > 0.0) ||
      (form.shape == Marginal::Shape::beta && !(form.location > 0.0)))
    throw input_error(entry, form.width, "finite numbers, the second above 0 (log-normal: a factor above 1)",
                      "give a width that is a width; a parameter that is known is not free");
  if (!(form.lower < form.upper))
    throw input_error(entry, form.lower, "a lower bound below the upper one", "change the bounds");
  if (!(form.spike >= 0.0 && form.spike < 1.0) || !std::isfinite(form.spike_value))
    throw input_error(entry, form.spike, "a probability of the spike in [0, 1)", "change the prior");
  if (form.spike > 0.0 && (form.spike_value < form.lower || form.spike_value > form.upper))
    throw input_error(entry, form.spike_value, "a spike between the bounds", "move the spike or the bounds");
}
} // namespace

Marginal::Marginal(const Form &form, const std::string &entry) : data(form)
{
  check(form, entry);
  const QuietGsl quiet;
  below_lower = lower_tail(data, standardised(data.lower));
  above_upper = upper_tail(data, standardised(data.upper));
  // The difference of the smaller tails: bounds far out on one side leave all digits.
  mass = below_lower < 0.5 ? 1.0 - below_lower - above_upper : upper_tail(data, standardised(data.lower)) - above_upper;
  if (above_upper > 0.5)
    mass = lower_tail(data, standardised(data.upper)) - below_lower;
  if (!(mass > 1e-12))
    throw InputError(entry, std::to_string(data.lower) + " to " + std::to_string(data.upper),
                     "bounds that leave at least 1e-12 of the prior", "move the bounds or the prior");
}

double Marginal::standardised(const double parameter) const
{
  const double value = !data.of_logarithm ? parameter : parameter > 0.0 ? std::log(parameter) : -infinity;
  return data.shape == Shape::beta ? value : (value - data.location) / data.width;
}

double Marginal::parameter_of(const double standardised_value) const
{
  const double value = data.shape == Shape::beta ? standardised_value : data.location + data.width * standardised_value;
  return data.of_logarithm ? std::exp(value) : value;
}

double Marginal::from_tails(double below, double above) const
{
  if (data.spike > 0.0)
  {
    if (below < data.spike)
      return data.spike_value;
    below = (below - data.spike) / (1.0 - data.spike);
    above = above / (1.0 - data.spike);
  }
  const QuietGsl quiet;
  const double t = value_at(data, below_lower + below * mass, above_upper + above * mass);
  // Rounding may leave the bounds by a last digit.
  return std::clamp(parameter_of(t), least(), greatest());
}

Marginal::Tails Marginal::tails(const double parameter) const
{
  if (data.spike > 0.0 && parameter == data.spike_value)
    return {0.5 * data.spike, 1.0 - 0.5 * data.spike};
  const QuietGsl quiet;
  const double t = standardised(std::clamp(parameter, least(), greatest()));
  // Differences of the smaller tails of the uncut distribution, which may both lie on one side.
  const bool left = lower_tail(data, t) < upper_tail(data, t);
  const double to_lower =
      left ? lower_tail(data, t) - below_lower : upper_tail(data, standardised(data.lower)) - upper_tail(data, t);
  const double to_upper =
      left ? lower_tail(data, standardised(data.upper)) - lower_tail(data, t) : upper_tail(data, t) - above_upper;
  const double below = std::clamp(to_lower / mass, 0.0, 1.0), above = std::clamp(to_upper / mass, 0.0, 1.0);
  // Each from its own side has its digits only where it is the smaller one.
  const double slab = 1.0 - data.spike;
  if (below < above)
    return {data.spike + slab * below, slab * (1.0 - below)};
  return {data.spike + slab * (1.0 - above), slab * above};
}

double Marginal::to_unit(const double parameter) const
{
  return tails(parameter).below;
}

double Marginal::from_score(const double score) const
{
  return from_tails(gsl_cdf_ugaussian_P(score), gsl_cdf_ugaussian_Q(score));
}

double Marginal::to_score(const double parameter) const
{
  const auto [below, above] = tails(parameter);
  return below < above ? gsl_cdf_ugaussian_Pinv(below) : gsl_cdf_ugaussian_Qinv(above);
}

double Marginal::log_density(const double parameter) const
{
  if (data.spike > 0.0 && parameter == data.spike_value)
    return std::log(data.spike);
  if (parameter < least() || parameter > greatest())
    return -infinity;
  const QuietGsl quiet;
  return log_density_of(data, standardised(parameter)) - (data.of_logarithm ? std::log(parameter) : 0.0) -
         std::log(mass) + std::log1p(-data.spike);
}

double Marginal::least() const
{
  const bool half_line = data.shape == Shape::normal || data.shape == Shape::laplace;
  const double of_shape = half_line ? (data.of_logarithm ? 0.0 : -infinity) : parameter_of(0.0);
  return std::max(data.lower, of_shape);
}

double Marginal::greatest() const
{
  const bool half_line = data.shape == Shape::normal || data.shape == Shape::laplace;
  return std::min(data.upper, half_line ? infinity : parameter_of(1.0));
}
} // namespace nidus
