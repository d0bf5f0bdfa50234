#pragma once

#include "calibration/prior.h"

#include <vector>

namespace nidus
{
/**
 * Coordinates in which a model is about as smooth as in its parameters, with mean zero and variance one under the
 * prior: where the prior is flat between bounds (uniform, beta) the unit coordinate, made as wide; the score otherwise.
 * A spike is one point. What fits surfaces or walks on them works here.
 */
class NaturalCoordinates
{
public:
  explicit NaturalCoordinates(const Prior &prior);

  std::size_t size() const { return flat.size(); }
  std::vector<double> of_scores(const std::vector<double> &scores) const;
  std::vector<double> of_parameters(const std::vector<double> &parameters) const;
  /// The inverse; what lies outside of lower() and upper() is put on them.
  std::vector<double> to_scores(const std::vector<double> &natural) const;
  std::vector<double> to_parameters(const std::vector<double> &natural) const;

  /// Bounds for what looks for a minimum: those of a flat prior, or else 3.5 standard deviations.
  double lower(std::size_t i) const { return -upper(i); }
  double upper(std::size_t i) const;

private:
  /// Of a coordinate with a spike.
  double beside_spike(std::size_t i, double score) const;

  Prior prior;
  std::vector<char> flat;
  std::vector<Marginal> slabs; ///< the marginals without their spikes
};
} // namespace nidus
