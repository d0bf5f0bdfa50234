#pragma once

#include "calibration/ask.h"
#include "calibration/prior.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace nidus
{
struct SobolOptions
{
  unsigned int base_points = 256;     ///< a power of two is best; coordinates + 2 times as many runs
  unsigned int bootstrap = 500;       ///< resamples for the intervals
  double interval_probability = 0.95; ///< of the intervals
};

struct SobolIndex
{
  double value = 0.0, lower = 0.0, upper = 0.0;
};

struct SobolResult
{
  /// [observable][coordinate]: the part of the variance that goes when the coordinate is known, and the part that stays
  /// when all others are. Not a number for an observable that does not vary.
  std::vector<std::vector<SobolIndex>> first, total;
  std::vector<double> variance; ///< [observable]
  unsigned int n_runs = 0, n_failed = 0;
};

/**
 * Sobol's indices under the prior: first-order ones by Saltelli et al. 2010 (Comput. Phys. Commun. 181, 259), total
 * ones by Jansen 1999 (Comput. Phys. Commun. 117, 35), with percentile intervals of a bootstrap over base points. A
 * base point of which a run failed is left out. All runs of a base point have the same random numbers.
 */
SobolResult sobol_indices(const Prior &prior, const Target &target, const Ask &ask, const SobolOptions &options,
                          std::uint64_t seed);

/// The same of a function of unit coordinates with @p n_outputs values, such as an emulator.
SobolResult sobol_indices(std::size_t n_coordinates, std::size_t n_outputs,
                          const std::function<std::vector<double>(const std::vector<double> &)> &function,
                          const SobolOptions &options, std::uint64_t seed);
} // namespace nidus
