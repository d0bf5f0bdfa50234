#include "calibration/combinations.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nidus
{
namespace
{
constexpr double strong_correlation = 0.9, known_well = 0.25, known_badly = 0.5, times_better = 3.0;
/// Parts of an eigenvector below this are no part of the combination.
constexpr double least_part = 0.3;

/// A parameter on the scale on which it is looked at.
struct Scale
{
  std::size_t parameter;
  bool logarithm;
  double deviation = 0.0; ///< of the prior, on this scale

  double of(const double value) const { return logarithm ? std::log(value) : value; }
};

std::vector<Scale> scales_of(const Prior &prior)
{
  constexpr std::size_t n = 400;
  std::vector<Scale> scales;
  for (std::size_t c = 0; c < prior.n_coordinates(); ++c)
  {
    if (prior.is_of_group(c))
      continue;
    Scale scale{prior.parameter_of(c), prior.is_positive(prior.parameter_of(c))};
    double mean = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < n; ++i)
    {
      const double value = scale.of(prior.marginal(c).from_unit((static_cast<double>(i) + 0.5) / n));
      mean += value / n;
      squares += value * value / n;
    }
    scale.deviation = std::sqrt(std::max(0.0, squares - mean * mean));
    scales.push_back(scale);
  }
  return scales;
}

std::string power(const std::string &name, const double exponent)
{
  char text[24];
  std::snprintf(text, sizeof text, "^%.2g", exponent);
  return "'" + name + "'" + (exponent == 1.0 ? "" : text);
}

std::string term(const std::string &name, const bool logarithm, const double factor, const bool first)
{
  char text[24];
  std::snprintf(text, sizeof text, "%.2g ", std::abs(factor));
  return std::string(factor < 0.0 ? (first ? "-" : " - ") : (first ? "" : " + ")) +
         (std::abs(factor) == 1.0 ? "" : text) + (logarithm ? "ln " : "") + "'" + name + "'";
}

std::string formula(const Prior &prior, const std::vector<Scale> &scales, const std::vector<double> &exponents)
{
  const bool product = std::all_of(scales.begin(), scales.end(), [](const Scale &scale) { return scale.logarithm; });
  std::string above, below, sum;
  for (std::size_t i = 0; i < scales.size(); ++i)
  {
    const auto &name = prior.names()[scales[i].parameter];
    auto &side = exponents[i] > 0.0 ? above : below;
    side += (side.empty() ? "" : exponents[i] > 0.0 ? " * " : " / ") + power(name, std::abs(exponents[i]));
    sum += term(name, scales[i].logarithm, exponents[i], i == 0);
  }
  if (!product)
    return "sum " + sum;
  return below.empty() ? "product " + above : "ratio " + above + " / " + below;
}

/// A direction of unit length in units of the prior's deviations, with what is known of it.
Combination combination_of(const Prior &prior, const std::vector<Scale> &scales, const std::vector<double> &direction,
                           const double deviation)
{
  Combination result;
  result.of_prior = deviation;
  double greatest = 0.0;
  for (std::size_t i = 0; i < scales.size(); ++i)
  {
    result.parameters.push_back(scales[i].parameter);
    result.exponents.push_back(direction[i] / scales[i].deviation);
    if (std::abs(result.exponents.back()) > std::abs(greatest))
      greatest = result.exponents.back();
  }
  // The first has a positive exponent; what is nearly one is one.
  const double sign = result.exponents.front() < 0.0 ? -1.0 : 1.0;
  for (double &exponent : result.exponents)
  {
    exponent *= sign / std::abs(greatest);
    exponent = std::abs(std::abs(exponent) - 1.0) < 0.15 ? std::copysign(1.0, exponent) : exponent;
  }
  char text[64];
  std::snprintf(text, sizeof text, " is known (to %.2g %% of its prior's width), ", 100.0 * deviation);
  std::string names;
  for (const auto &scale : scales)
    names += (names.empty() ? "'" : ", '") + prior.names()[scale.parameter] + "'";
  result.words = "Only the " + formula(prior, scales, result.exponents) + text + "not " + names + " one by one.";
  return result;
}

class Finder
{
public:
  Finder(const Prior &prior, const WeightedSamples &posterior)
      : prior(prior), scales(scales_of(prior)), taken(scales.size(), 0)
  {
    WeightedSamples scaled;
    for (std::size_t s = 0; s < posterior.points.size(); ++s)
    {
      std::vector<double> point;
      for (const auto &scale : scales)
        point.push_back(scale.of(posterior.points[s][scale.parameter]) / scale.deviation);
      scaled.add(point, posterior.weights[s]);
    }
    covariance = scaled.covariance();
  }

  std::vector<Combination> find()
  {
    for (std::size_t i = 0; i < scales.size(); ++i)
      for (std::size_t j = i + 1; j < scales.size(); ++j)
        look_at_pair(i, j);
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < scales.size(); ++i)
      if (taken[i] == 0 && deviation(i) > known_badly)
        left.push_back(i);
    if (left.size() > 2)
      look_at_all(left);
    return found;
  }

private:
  double deviation(const std::size_t i) const { return std::sqrt(covariance(i, i)); }

  Matrix block(const std::vector<std::size_t> &of) const
  {
    Matrix result(of.size(), of.size());
    for (std::size_t i = 0; i < of.size(); ++i)
      for (std::size_t j = 0; j < of.size(); ++j)
        result(i, j) = covariance(of[i], of[j]);
    return result;
  }

  void look_at_pair(const std::size_t i, const std::size_t j)
  {
    const double correlation = covariance(i, j) / (deviation(i) * deviation(j));
    // Not a number when one does not vary.
    if (!(std::abs(correlation) > strong_correlation) || std::max(deviation(i), deviation(j)) < known_well)
      return;
    const Eigenvectors eigen(block({i, j}));
    found.push_back(combination_of(prior, {scales[i], scales[j]}, {eigen.vectors(0, 1), eigen.vectors(1, 1)},
                                   std::sqrt(std::max(0.0, eigen.values[1]))));
    taken[i] = taken[j] = 1;
  }

  void look_at_all(const std::vector<std::size_t> &left)
  {
    const Eigenvectors eigen(block(left));
    for (std::size_t k = left.size(); k-- > 0;)
    {
      const double known = std::sqrt(std::max(0.0, eigen.values[k]));
      std::vector<Scale> some;
      std::vector<double> direction;
      double least = 1e300;
      for (std::size_t i = 0; i < left.size(); ++i)
        if (std::abs(eigen.vectors(i, k)) > least_part)
        {
          some.push_back(scales[left[i]]);
          direction.push_back(eigen.vectors(i, k));
          least = std::min(least, deviation(left[i]));
        }
      if (some.size() > 2 && times_better * known < least)
        found.push_back(combination_of(prior, some, direction, known));
    }
  }

  const Prior &prior;
  std::vector<Scale> scales;
  std::vector<char> taken;
  Matrix covariance;
  std::vector<Combination> found;
};
} // namespace

std::vector<Combination> known_combinations(const Prior &prior, const WeightedSamples &posterior)
{
  return Finder(prior, posterior).find();
}
} // namespace nidus
