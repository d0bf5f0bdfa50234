#pragma once

#include "calibration/prior.h"
#include "calibration/weighted_samples.h"

#include <string>
#include <vector>

namespace nidus
{
/// Parameters which the data do not tell apart, and what they do tell: prod p^exponent where all are positive, or else
/// sum exponent x p (of logarithms where a parameter is positive).
struct Combination
{
  std::vector<std::size_t> parameters;
  std::vector<double> exponents; ///< the greatest is 1 in size
  double of_prior = 0.0;         ///< standard deviation of the combination over that before the data
  std::string words;
};

/**
 * From the covariance of the posterior on natural scales (logarithms of what is positive) in units of the prior's
 * standard deviation. Pairs whose correlation is above 0.9 and which are not both known to a quarter of their prior,
 * and then directions of three or more others that are known at least three times better than each: eigenvectors with
 * small eigenvalues. Members of Dirichlet groups are not looked at.
 */
std::vector<Combination> known_combinations(const Prior &prior, const WeightedSamples &posterior);
} // namespace nidus
