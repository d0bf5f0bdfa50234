#include "calibration/null_hypothesis.h"

#include "calibration/draws.h"
#include "calibration/likelihood_peak.h"
#include "calibration/noise.h"
#include "control/input_error.h"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

namespace nidus
{
namespace
{
constexpr std::uint64_t bootstrap_key = 12;
constexpr std::uint64_t null_stream = std::uint64_t(3) << 61;
constexpr unsigned int resamples = 200;
constexpr double log_two_pi = 1.8378770664093453;
const double for_null = std::log(3.0), for_effect = std::log(20.0);

std::string text_of(const char *format, const double number)
{
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

/// A normal distribution fitted to draws.
struct Normal
{
  explicit Normal(const WeightedSamples &draws) : mean(draws.mean()), factor(Cholesky::of(draws.covariance())) {}

  double log_density(const std::vector<double> &from_centre, const double width) const
  {
    const auto half = factor->half_solve(from_centre);
    const auto n = static_cast<double>(mean.size());
    return -0.5 * inner_product(half, half) / (width * width) - 0.5 * factor->log_determinant() -
           n * (std::log(width) + 0.5 * log_two_pi);
  }
  double squared_distance(const std::vector<double> &point) const
  {
    const auto half = factor->half_solve(difference(point, mean));
    return inner_product(half, half);
  }
  static std::vector<double> difference(std::vector<double> a, const std::vector<double> &b)
  {
    for (std::size_t k = 0; k < a.size(); ++k)
      a[k] -= b[k];
    return a;
  }

  std::vector<double> mean;
  std::optional<Cholesky> factor; ///< nothing: the draws do not spread in all coordinates
};

/// Kernels at the draws, drawn towards the mean so that the whole has their covariance.
double log_kernel_density(const WeightedSamples &draws, const Normal &normal, const std::vector<double> &point)
{
  const auto k = static_cast<double>(point.size());
  const double width = std::min(0.9, std::pow(4.0 / ((k + 2.0) * draws.effective_number()), 1.0 / (k + 4.0)));
  const double shrink = std::sqrt(1.0 - width * width);
  double sum = 0.0;
  for (std::size_t i = 0; i < draws.points.size(); ++i)
  {
    auto off = point;
    for (std::size_t c = 0; c < off.size(); ++c)
      off[c] -= normal.mean[c] + shrink * (draws.points[i][c] - normal.mean[c]);
    sum += draws.weights[i] * std::exp(normal.log_density(off, width));
  }
  return std::log(sum);
}

double log_density_at(const WeightedSamples &draws, const std::vector<double> &point, const bool gaussian)
{
  const Normal normal(draws);
  if (!normal.factor)
    return std::numeric_limits<double>::quiet_NaN();
  return gaussian ? normal.log_density(Normal::difference(point, normal.mean), 1.0)
                  : log_kernel_density(draws, normal, point);
}

/// @p n draws with replacement.
WeightedSamples resampled(const WeightedSamples &samples, const std::size_t n, Draws &draws)
{
  std::vector<double> sums(samples.weights.size());
  std::partial_sum(samples.weights.begin(), samples.weights.end(), sums.begin());
  std::vector<std::vector<double>> points;
  for (std::size_t i = 0; i < n; ++i)
  {
    const auto at = std::upper_bound(sums.begin(), sums.end(), draws.uniform() * sums.back()) - sums.begin();
    points.push_back(samples.points[std::min<std::size_t>(at, samples.points.size() - 1)]);
  }
  return equally_weighted(points);
}

/// Posterior over prior odds of not being at all spikes.
BayesFactor of_spikes(const Prior &prior, const NullHypothesis &null, const WeightedSamples &parameters,
                      const std::vector<std::size_t> &places, const double effective)
{
  double before = 1.0, after = 0.0;
  for (const std::size_t c : null.coordinates)
    before *= prior.marginal(c).form().spike;
  for (std::size_t s = 0; s < parameters.points.size(); ++s)
  {
    bool all = true;
    for (std::size_t k = 0; k < places.size(); ++k)
      all = all && parameters.points[s][places[k]] == null.values[k];
    after += all ? parameters.weights[s] : 0.0;
  }
  BayesFactor result;
  const double least = 1.0 / std::max(effective, 2.0);
  result.bound = after < 0.5 * least || after > 1.0 - 0.5 * least;
  const double part = std::clamp(after, least, 1.0 - least);
  result.log = std::log((1.0 - part) / part) + std::log(before / (1.0 - before));
  result.error = 1.0 / std::sqrt(effective * part * (1.0 - part));
  result.how =
      "posterior over prior odds of the spikes; " + text_of("%.3g", 100.0 * after) + " % of the draws are at them";
  return result;
}

/// Of the parameters that the coordinates are.
std::vector<std::size_t> places_of(const Prior &prior, const NullHypothesis &null)
{
  std::vector<std::size_t> places;
  for (const std::size_t c : null.coordinates)
    places.push_back(prior.parameter_of(c));
  return places;
}

/// @p parameters with the nulls.
std::vector<double> with_null(std::vector<double> parameters, const Prior &prior, const NullHypothesis &null)
{
  const auto places = places_of(prior, null);
  for (std::size_t k = 0; k < places.size(); ++k)
    parameters[places[k]] = null.values[k];
  return parameters;
}

WeightedSamples in_scores(const Prior &prior, const WeightedSamples &parameters)
{
  WeightedSamples scores = parameters;
  for (auto &point : scores.points)
  {
    point = prior.to_scores(point);
    // A draw on a bound has an infinite score.
    for (double &score : point)
      score = std::clamp(score, -6.0, 6.0);
  }
  return scores;
}
} // namespace

BayesFactor savage_dickey(const Prior &prior, const NullHypothesis &null, const WeightedSamples &parameters,
                          const double effective, const bool gaussian, const std::uint64_t seed)
{
  if (prior.marginal(null.coordinates.front()).form().spike > 0.0)
    return of_spikes(prior, null, parameters, places_of(prior, null), effective);
  const auto all = in_scores(prior, parameters);
  const auto null_scores = prior.to_scores(with_null(parameters.points.front(), prior, null));
  WeightedSamples draws;
  std::vector<double> point;
  double log_prior = 0.0;
  for (const std::size_t c : null.coordinates)
  {
    point.push_back(null_scores[c]);
    log_prior -= 0.5 * (point.back() * point.back() + log_two_pi);
  }
  for (std::size_t s = 0; s < all.points.size(); ++s)
  {
    std::vector<double> some;
    for (const std::size_t c : null.coordinates)
      some.push_back(all.points[s][c]);
    draws.add(some, all.weights[s]);
  }
  const Normal normal(draws);
  const auto k = static_cast<double>(point.size());
  const double distance = normal.factor ? normal.squared_distance(point) : 0.0;
  const bool outside = distance > gsl_cdf_chisq_Qinv(0.01, k);
  const bool normal_law = gaussian || outside;
  BayesFactor result;
  result.log = log_prior - log_density_at(draws, point, normal_law);
  const auto n = std::max<std::size_t>(static_cast<std::size_t>(effective), point.size() + 2);
  Draws numbers(seed, bootstrap_key);
  double sum = 0.0, squares = 0.0;
  for (unsigned int b = 0; b < resamples; ++b)
  {
    const double off = log_prior - log_density_at(resampled(draws, n, numbers), point, normal_law) - result.log;
    sum += off / resamples;
    squares += off * off / resamples;
  }
  result.error = std::sqrt(std::max(0.0, squares - sum * sum));
  result.how = std::string("Savage-Dickey, posterior density at the null from a ") +
               (normal_law ? "normal distribution" : "kernel estimate") + ", " + text_of("%.0f", effective) +
               " effective draws";
  if (outside)
    result.how +=
        "; the null is outside of 99 % of the posterior (" + text_of("%.1f", std::sqrt(distance)) +
        " standard deviations), where only the normal tail tells the density: the size is rough, the side is not";
  return result;
}

LikelihoodRatio likelihood_ratio(const double statistic, const std::size_t n_nulls, const std::size_t n_data,
                                 const std::string &how)
{
  const auto k = static_cast<double>(n_nulls);
  return {statistic, gsl_cdf_chisq_Q(std::max(statistic, 0.0), k), statistic - 2.0 * k,
          statistic - k * std::log(static_cast<double>(n_data)), how};
}

LikelihoodRatio likelihood_ratio(const Emulator &emulator, const Prior &prior, const NullHypothesis &null)
{
  const auto &coordinates = emulator.coordinates();
  const LogDensity density = [&emulator](const auto &natural) { return emulator.log_likelihood(natural); };
  std::vector<char> fixed(coordinates.size(), 0);
  auto best = likelihood_peak(density, coordinates, emulator.best_run(), fixed);
  const auto at_null = coordinates.of_parameters(with_null(coordinates.to_parameters(best.natural), prior, null));
  auto start = best.natural;
  for (const std::size_t c : null.coordinates)
  {
    start[c] = at_null[c];
    fixed[c] = 1;
  }
  const auto restricted = likelihood_peak(density, coordinates, start, fixed);
  // The null is one of the points of H1, and a climb from there may find a higher peak.
  const auto other = likelihood_peak(density, coordinates, restricted.natural, std::vector<char>(fixed.size(), 0));
  const double statistic = 2.0 * (std::max(best.log_likelihood, other.log_likelihood) - restricted.log_likelihood);
  return likelihood_ratio(statistic, null.coordinates.size(), emulator.n_observables(),
                          "best fits on the emulator, whose variance counts");
}

std::optional<LikelihoodRatio> likelihood_ratio(const Prior &prior, const Target &target, const Ask &ask,
                                                const NullHypothesis &null, const WeightedSamples &parameters,
                                                const bool one_realisation)
{
  const auto scores = in_scores(prior, parameters);
  const auto mean = scores.mean();
  const auto covariance = scores.covariance();
  const auto null_scores = prior.to_scores(with_null(prior.from_scores(mean), prior, null));
  const std::size_t k = null.coordinates.size();
  Matrix within(k, k);
  std::vector<double> off(k);
  for (std::size_t a = 0; a < k; ++a)
  {
    off[a] = null_scores[null.coordinates[a]] - mean[null.coordinates[a]];
    for (std::size_t b = 0; b < k; ++b)
      within(a, b) = covariance(null.coordinates[a], null.coordinates[b]);
  }
  const auto factor = Cholesky::of(within);
  const auto weights = factor ? factor->solve(off) : std::vector<double>(k, 0.0);
  auto conditional = mean;
  for (std::size_t i = 0; i < mean.size(); ++i)
    for (std::size_t a = 0; a < k; ++a)
      conditional[i] += covariance(i, null.coordinates[a]) * weights[a];
  const auto answers = ask("null", {{prior.from_scores(mean), null_stream},
                                    {with_null(prior.from_scores(conditional), prior, null), null_stream}});
  if (answers[0].failed || answers[1].failed)
    return {};
  const auto variance = noise_variance(target, answers, one_realisation);
  const auto free = answers[0].mean(), restricted = answers[1].mean();
  double statistic = 0.0;
  for (std::size_t m = 0; m < variance.size(); ++m)
    statistic +=
        (std::pow(target.values[m] - restricted[m], 2) - std::pow(target.values[m] - free[m], 2)) / variance[m];
  return likelihood_ratio(statistic, k, variance.size(),
                          "runs at the centres of the posterior with and without the null, not best fits");
}

NullComparison judged(const BayesFactor &factor, const std::optional<LikelihoodRatio> &ratio,
                      const std::vector<std::string> &names)
{
  NullComparison result;
  result.factor = factor;
  result.ratio = ratio;
  if (!std::isfinite(factor.log))
  {
    result.verdict = "not decided";
    result.words = "The draws of the posterior do not spread in all that is tested.";
    return result;
  }
  result.verdict = factor.log - factor.error >= for_effect  ? "effect"
                   : factor.log + factor.error <= -for_null ? "no effect"
                                                            : "undecided";
  const double size = std::abs(factor.log) / std::log(10.0);
  result.words = "H0 fixes " + listed(names) + " at the null. ln of the Bayes factor for an effect: " +
                 (factor.bound ? (factor.log > 0.0 ? "at least " : "at most ") : "") + text_of("%.2f", factor.log) +
                 " +- " + text_of("%.2f", factor.error) + " (a factor of 10^" + text_of("%.1f", size) +
                 (factor.log > 0.0 ? " for H1" : " for H0") + "; " + factor.how +
                 "). Thresholds (Kass & Raftery): 'effect' from 20 for H1, 'no effect' from 3 for H0. A wider prior of "
                 "what is tested favours H0.";
  if (ratio)
    result.words += " Likelihood ratio statistic " + text_of("%.2f", ratio->statistic) +
                    " (p = " + text_of("%.2g", ratio->p_value) + "), AIC " + text_of("%+.2f", ratio->delta_aic) +
                    ", BIC " + text_of("%+.2f", ratio->delta_bic) + " of H0 over H1, from " + ratio->how + ".";
  return result;
}
} // namespace nidus
