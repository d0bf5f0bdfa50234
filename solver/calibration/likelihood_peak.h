#pragma once

#include "calibration/markov_chain.h"
#include "calibration/natural_coordinates.h"

#include <vector>

namespace nidus
{
/// A point with the greatest likelihood, and the logarithm of it.
struct Peak
{
  std::vector<double> natural;
  double log_likelihood = 0.0;
};

/// Climbs from @p start to a greatest value of @p log_likelihood of natural coordinates, within their bounds, by Nelder
/// & Mead's simplex (GSL), begun anew until that gains less than 0.001. Coordinates with @p fixed stay.
Peak likelihood_peak(const LogDensity &log_likelihood, const NaturalCoordinates &coordinates,
                     const std::vector<double> &start, const std::vector<char> &fixed);
} // namespace nidus
