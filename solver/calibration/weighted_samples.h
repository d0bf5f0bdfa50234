#pragma once

#include "calibration/matrix.h"

#include <vector>

namespace nidus
{
/// What a method tells of the parameters: points [sample][parameter or coordinate] with weights that sum to one.
struct WeightedSamples
{
  std::vector<std::vector<double>> points;
  std::vector<double> weights;

  void add(const std::vector<double> &point, double weight);
  void normalise();

  std::vector<double> mean() const;
  /// Weighted and unbiased: divided by one minus the sum of the squared weights.
  Matrix covariance() const;
  /// The value of number @p k below which the part @p fraction of the weight lies, linear between neighbours.
  double quantile(std::size_t k, double fraction) const;
  /// Kish's effective number, 1 / sum of the squared weights.
  double effective_number() const;
};

WeightedSamples equally_weighted(const std::vector<std::vector<double>> &points);
} // namespace nidus
