#include "calibration/profile_likelihood.h"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nidus
{
namespace
{
constexpr int bisections = 6;
/// A gain in log likelihood at which a climb from the neighbour is worth while.
constexpr double worth_a_climb = 0.02;
/// Twice the loss that is as good as none.
constexpr double flat = 0.3;

/// The profile of one coordinate as peaks at points of a grid.
class Tracer
{
public:
  Tracer(const LogDensity &log_likelihood, const NaturalCoordinates &coordinates, const std::size_t c)
      : log_likelihood(log_likelihood), coordinates(coordinates), c(c), fixed(coordinates.size(), 0)
  {
    fixed[c] = 1;
  }

  /// The peak with the coordinate at @p value, climbed to from another one.
  Peak at(const double value, const Peak &from) const
  {
    auto start = from.natural;
    start[c] = value;
    return likelihood_peak(log_likelihood, coordinates, start, fixed);
  }

  /// Outwards from @p top, then back, where a neighbour knows better.
  std::vector<Peak> trace(const Peak &top, const unsigned int n) const
  {
    const double lower = coordinates.lower(c), upper = coordinates.upper(c);
    const auto value = [&](const std::size_t i) {
      return lower + (upper - lower) * static_cast<double>(i) / static_cast<double>(n - 1);
    };
    const double place = (top.natural[c] - lower) / (upper - lower) * (n - 1);
    const auto middle = static_cast<std::size_t>(std::clamp(std::lround(place), 0L, static_cast<long>(n) - 1));
    std::vector<Peak> peaks(n);
    peaks[middle] = at(value(middle), top);
    for (std::size_t i = middle + 1; i < n; ++i)
      peaks[i] = at(value(i), peaks[i - 1]);
    for (std::size_t i = middle; i-- > 0;)
      peaks[i] = at(value(i), peaks[i + 1]);
    for (std::size_t i = n - 1; i-- > 0;)
      improve(peaks[i], peaks[i + 1]);
    for (std::size_t i = 1; i < n; ++i)
      improve(peaks[i], peaks[i - 1]);
    return peaks;
  }

  /// Between a peak that is within the interval and one that is not, the place where twice the loss is @p threshold.
  Peak end_between(Peak inside, Peak outside, const double greatest, const double threshold) const
  {
    for (int i = 0; i < bisections; ++i)
    {
      const double a = inside.natural[c], b = outside.natural[c];
      // Roots of the loss are about linear; close to an end of the interval a little beside it.
      const double from = std::sqrt(std::max(0.0, 2.0 * (greatest - inside.log_likelihood))),
                   to = std::sqrt(2.0 * (greatest - outside.log_likelihood));
      const double part = std::clamp((std::sqrt(threshold) - from) / (to - from), 0.05, 0.95);
      const Peak middle = at(a + part * (b - a), inside);
      (2.0 * (greatest - middle.log_likelihood) < threshold ? inside : outside) = middle;
    }
    return inside;
  }

private:
  void improve(Peak &peak, const Peak &neighbour) const
  {
    auto start = neighbour.natural;
    start[c] = peak.natural[c];
    if (!(log_likelihood(start) > peak.log_likelihood + worth_a_climb))
      return;
    const Peak other = at(peak.natural[c], neighbour);
    if (other.log_likelihood > peak.log_likelihood)
      peak = other;
  }

  const LogDensity &log_likelihood;
  const NaturalCoordinates &coordinates;
  std::size_t c;
  std::vector<char> fixed;
};

std::string words_of(const Profile &profile, const std::string &name, const double threshold)
{
  char text[160];
  switch (profile.kind)
  {
  case Profile::Kind::identifiable:
    std::snprintf(text, sizeof text, "identifiable: 90 %% interval %.3g to %.3g.", profile.lower, profile.upper);
    break;
  case Profile::Kind::one_sided:
    std::snprintf(
        text, sizeof text, "bounded on one side only: %s %.3g (90 %%); the other side is where the prior ends.",
        std::isnan(profile.lower) ? "below" : "above", std::isnan(profile.lower) ? profile.upper : profile.lower);
    break;
  default:
    const double greatest = *std::max_element(profile.drops.begin(), profile.drops.end());
    std::snprintf(text, sizeof text, "not identifiable: %s in the range of its prior (loss %.2g, %.3g would count).",
                  greatest < flat ? "the fit is as good everywhere" : "no value is excluded", greatest, threshold);
  }
  return "'" + name + "' is " + text;
}

Profile profile_of(const Tracer &tracer, const std::vector<Peak> &peaks, const Peak &top, const Prior &prior,
                   const NaturalCoordinates &coordinates, const std::size_t c)
{
  const double threshold = gsl_cdf_chisq_Pinv(0.9, 1.0);
  const auto value_of = [&](const Peak &peak) {
    return coordinates.to_parameters(peak.natural)[prior.parameter_of(c)];
  };
  Profile profile;
  for (const auto &peak : peaks)
  {
    profile.values.push_back(value_of(peak));
    profile.drops.push_back(2.0 * (top.log_likelihood - peak.log_likelihood));
  }
  // The nearest points to the peak on each side which are outside, and what is inside of them.
  Peak below = top, above = top;
  bool ends_below = false, ends_above = false;
  for (std::size_t i = peaks.size(); i-- > 0;)
    if (peaks[i].natural[c] < top.natural[c] && !ends_below)
    {
      ends_below = profile.drops[i] > threshold;
      below = ends_below ? tracer.end_between(below, peaks[i], top.log_likelihood, threshold) : peaks[i];
    }
  for (std::size_t i = 0; i < peaks.size(); ++i)
    if (peaks[i].natural[c] > top.natural[c] && !ends_above)
    {
      ends_above = profile.drops[i] > threshold;
      above = ends_above ? tracer.end_between(above, peaks[i], top.log_likelihood, threshold) : peaks[i];
    }
  if (ends_below)
    profile.lower = value_of(below);
  if (ends_above)
    profile.upper = value_of(above);
  profile.kind = ends_below && ends_above   ? Profile::Kind::identifiable
                 : ends_below || ends_above ? Profile::Kind::one_sided
                                            : Profile::Kind::not_identifiable;
  profile.words = words_of(profile, prior.coordinate_name(c), threshold);
  return profile;
}
} // namespace

std::vector<Profile> profile_likelihood(const LogDensity &log_likelihood, const Prior &prior,
                                        const std::vector<double> &start, const unsigned int n_points)
{
  const NaturalCoordinates coordinates(prior);
  Peak top = likelihood_peak(log_likelihood, coordinates, start, std::vector<char>(start.size(), 0));
  std::vector<std::vector<Peak>> traces;
  for (std::size_t c = 0; c < coordinates.size(); ++c)
  {
    traces.push_back(Tracer(log_likelihood, coordinates, c).trace(top, n_points));
    // A profile may find a higher peak than the first climb.
    for (const auto &peak : traces.back())
      if (peak.log_likelihood > top.log_likelihood)
        top = peak;
  }
  top = likelihood_peak(log_likelihood, coordinates, top.natural, std::vector<char>(start.size(), 0));
  std::vector<Profile> profiles;
  for (std::size_t c = 0; c < coordinates.size(); ++c)
    profiles.push_back(profile_of(Tracer(log_likelihood, coordinates, c), traces[c], top, prior, coordinates, c));
  return profiles;
}
} // namespace nidus
