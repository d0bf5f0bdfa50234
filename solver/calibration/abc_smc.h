#pragma once

#include "calibration/ask.h"
#include "calibration/prior.h"
#include "calibration/weighted_samples.h"

#include <cstdint>
#include <vector>

namespace nidus
{
struct AbcOptions
{
  unsigned int particles = 200;   ///< of a generation; at least two more than coordinates
  unsigned int generations = 12;  ///< at most
  double kept = 0.5;              ///< the next tolerance is this quantile of the distances of a generation
  double least_acceptance = 0.02; ///< ends when fewer trials than this part come near enough
  unsigned int budget = 100000;   ///< trials, at most; a generation that would need more is not begun or is left out
  bool measurement_noise = true;  ///< adds the deviations of the data to what the model answers
  bool regression = true;         ///< corrects the last generation for its distances
};

struct AbcGeneration
{
  double tolerance = 0.0, acceptance = 0.0, effective_number = 0.0;
  unsigned int n_runs = 0, n_failed = 0;
};

struct AbcResult
{
  WeightedSamples scores, parameters;
  std::vector<AbcGeneration> generations;
  unsigned int n_runs = 0, n_failed = 0;
  const char *end = ""; ///< why it ended
};

/**
 * Approximate Bayesian computation by sequential Monte Carlo (Toni et al. 2009, J. R. Soc. Interface 6, 187; Beaumont
 * et al. 2009, Biometrika 96, 983), without a likelihood. Tolerances are quantiles; the distance is Euclidean with each
 * observable in units of its median absolute deviation over the last trials (Prangle 2017, Bayesian Anal. 12, 289); the
 * kernel is Gaussian with twice the weighted covariance (Filippi et al. 2013, Stat. Appl. Genet. Mol. 12, 87), in
 * scores. Noise added to the answers makes the data's own error exact (Wilkinson 2013, Stat. Appl. Genet. Mol. 12,
 * 129). The last generation is corrected by local linear regression (Beaumont, Zhang & Balding 2002, Genetics 162,
 * 2025).
 *
 * The answer that is compared is the mean over replicates: ask for as many as the data are a mean of. A failed trial is
 * never near. Trials are taken in their order, so a batch that is larger than needed makes no difference.
 */
AbcResult abc_smc(const Prior &prior, const Target &target, const Ask &ask, const AbcOptions &options,
                  std::uint64_t seed);
} // namespace nidus
