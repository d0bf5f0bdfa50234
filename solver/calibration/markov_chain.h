#pragma once

#include "calibration/weighted_samples.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nidus
{
struct ChainOptions
{
  unsigned int warm_up = 2000; ///< steps of each chain in which proposals adapt; not used for results
  unsigned int steps = 4000;   ///< of each chain after that
};

/// Chains of Markov, and how far they may be trusted.
struct Chains
{
  std::vector<std::vector<std::vector<double>>> points; ///< [chain][step][coordinate]
  double acceptance = 0.0;
  std::vector<double> r_hat;     ///< [coordinate]: near 1 if the halves of all chains agree
  std::vector<double> effective; ///< [coordinate]: independent draws that would tell as much of the mean

  /// @p n of all points, evenly, or all where there are fewer.
  WeightedSamples sample(std::size_t n) const;
  /// The least of all coordinates.
  double least_effective() const;
  /// One sentence for each coordinate that has not converged, called by @p names; empty: all have.
  std::vector<std::string> doubts(const std::vector<std::string> &names) const;
};

using LogDensity = std::function<double(const std::vector<double> &)>;

/**
 * Random-walk Metropolis, a chain from each of @p starts (two at least), with Gaussian proposals that learn covariance
 * and size from the chain (Haario, Saksman & Tamminen 2001, Bernoulli 7, 223; Andrieu & Thoms 2008, Stat. Comput. 18,
 * 343) in the warm-up and stay as they are afterwards. R-hat of split chains and effective numbers as in Gelman et al.,
 * Bayesian Data Analysis, 3rd ed., section 11.4-5. @p log_density may be minus infinity, but not at a start.
 */
Chains adaptive_metropolis(const LogDensity &log_density, const std::vector<std::vector<double>> &starts,
                           const ChainOptions &options, std::uint64_t seed);
} // namespace nidus
