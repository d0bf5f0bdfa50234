#include "calibration/weighted_samples.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace nidus
{
void WeightedSamples::add(const std::vector<double> &point, const double weight)
{
  points.push_back(point);
  weights.push_back(weight);
}

void WeightedSamples::normalise()
{
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (auto &weight : weights)
    weight /= sum;
}

std::vector<double> WeightedSamples::mean() const
{
  std::vector<double> sum(points.empty() ? 0 : points.front().size(), 0.0);
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t k = 0; k < sum.size(); ++k)
      sum[k] += weights[i] * points[i][k];
  return sum;
}

Matrix WeightedSamples::covariance() const
{
  const auto centre = mean();
  Matrix result(centre.size(), centre.size());
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t k = 0; k < centre.size(); ++k)
      for (std::size_t l = 0; l < centre.size(); ++l)
        result(k, l) += weights[i] * (points[i][k] - centre[k]) * (points[i][l] - centre[l]);
  const double rest = 1.0 - 1.0 / effective_number();
  for (auto &entry : result.entries)
    entry /= rest;
  return result;
}

double WeightedSamples::quantile(const std::size_t k, const double fraction) const
{
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](const std::size_t a, const std::size_t b) {
    return points[a][k] != points[b][k] ? points[a][k] < points[b][k] : a < b;
  });
  // Each sample stands in the middle of its weight.
  double before = 0.0, last_place = 0.0, last_value = std::numeric_limits<double>::quiet_NaN();
  for (const auto i : order)
  {
    const double place = before + 0.5 * weights[i];
    if (place >= fraction)
    {
      const double part = before > 0.0 ? (fraction - last_place) / (place - last_place) : 1.0;
      return before > 0.0 ? last_value + part * (points[i][k] - last_value) : points[i][k];
    }
    before += weights[i];
    last_place = place;
    last_value = points[i][k];
  }
  return last_value;
}

double WeightedSamples::effective_number() const
{
  double squares = 0.0;
  for (const double weight : weights)
    squares += weight * weight;
  return 1.0 / squares;
}

WeightedSamples equally_weighted(const std::vector<std::vector<double>> &points)
{
  return {points, std::vector<double>(points.size(), 1.0 / static_cast<double>(points.size()))};
}
} // namespace nidus
