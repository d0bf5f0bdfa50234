#pragma once

#include "calibration/likelihood_peak.h"
#include "calibration/prior.h"

#include <limits>
#include <string>
#include <vector>

namespace nidus
{
/// How much worse the best fit becomes when one coordinate is held.
struct Profile
{
  enum class Kind
  {
    identifiable,
    one_sided, ///< bounded on one side only
    not_identifiable
  };
  Kind kind = Kind::not_identifiable;
  std::vector<double> values; ///< of the parameter of the coordinate, rising along the grid of the natural coordinate
  std::vector<double> drops;  ///< twice the loss of log likelihood at these
  /// Ends of the 90 % interval; not a number where the prior ends first.
  double lower = std::numeric_limits<double>::quiet_NaN(), upper = std::numeric_limits<double>::quiet_NaN();
  std::string words;
};

/**
 * Profile likelihoods (Raue et al. 2009, Bioinformatics 25, 1923) of all coordinates over the range of the prior, from
 * @p start outwards at @p n_points values and back, with the interval where twice the loss is below the 90 % quantile
 * of the chi-square distribution, 2.71, its ends by bisection. A coordinate is identifiable when the interval ends on
 * both sides within the prior.
 */
std::vector<Profile> profile_likelihood(const LogDensity &log_likelihood, const Prior &prior,
                                        const std::vector<double> &start, unsigned int n_points);
} // namespace nidus
