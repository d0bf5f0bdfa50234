#pragma once

#include "calibration/problem.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/// Data of one observable, fitted or held out, against what the posterior predicts for them.
struct SeriesCheck
{
  std::string observable;
  bool held_out = false;
  unsigned int n = 0, inside = 0; ///< data, and those within their 90 % intervals
  double p_value = 1.0;           ///< how often predicted data are as far off as the real ones
  std::string words;
};

/**
 * Posterior predictive checks (Gelman, Meng & Stern 1996, Stat. Sinica 6, 733) of @p answers, the transformed
 * observables [measurement] of runs with parameters from the posterior: to each, noise of the data is added fifty
 * times. What predicts a datum is one replicate when the data are of one realisation, and the mean over replicates
 * otherwise. The distance of a series is the sum of squares of standardised residuals, of which the p-value is the
 * upper tail; times that go up and down together count as they do in the runs. Failed answers are left out; nothing
 * without answers.
 */
std::vector<SeriesCheck> predictive_check(const CalibrationProblem &problem, const std::vector<Answer> &answers,
                                          std::uint64_t seed);
} // namespace nidus
