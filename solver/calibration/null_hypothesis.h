#pragma once

#include "calibration/ask.h"
#include "calibration/emulator.h"
#include "calibration/weighted_samples.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nidus
{
/// H0: these coordinates of the prior have these values; the others are as free as under H1.
struct NullHypothesis
{
  std::vector<std::size_t> coordinates;
  std::vector<double> values; ///< of the parameters
};

/// How much likelier the data are under H1 than under H0, by Savage & Dickey.
struct BayesFactor
{
  double log = 0.0;   ///< natural logarithm; above 0 is for H1
  double error = 0.0; ///< standard error of that by the number of draws
  bool bound = false; ///< the factor is farther from 1 than this: no draw is on the other side
  std::string how;    ///< how it was found, and what limits it
};

/**
 * Prior over posterior density at the null (Dickey 1971, Ann. Math. Stat. 42, 204), in scores, where the densities of
 * parameters have the same ratio. The posterior density is that of a normal distribution (@p gaussian, or when the null
 * is outside of 99 % of the posterior) or of a kernel estimate with the covariance of the draws (West 1993, J. R. Stat.
 * Soc. B 55, 409). Where priors have spikes at the null it is the ratio of posterior to prior odds. The error is that
 * of a bootstrap with @p effective draws.
 */
BayesFactor savage_dickey(const Prior &prior, const NullHypothesis &null, const WeightedSamples &parameters,
                          double effective, bool gaussian, std::uint64_t seed);

/// Best fits under both hypotheses.
struct LikelihoodRatio
{
  double statistic = 0.0; ///< 2 (log likelihood of H1 - of H0)
  double p_value = 0.0;   ///< of a chi-square distribution with as many degrees of freedom as there are nulls
  double delta_aic = 0.0, delta_bic = 0.0; ///< of H0 over H1; above 0 is for H1
  std::string how;
};

/// From twice the gain in log likelihood, the number of nulls and of data.
LikelihoodRatio likelihood_ratio(double statistic, std::size_t n_nulls, std::size_t n_data, const std::string &how);

/// On an emulator, from its peaks with and without the nulls.
LikelihoodRatio likelihood_ratio(const Emulator &emulator, const Prior &prior, const NullHypothesis &null);

/// From the model itself at the centre of the posterior and at that of its part with the nulls (of a normal
/// distribution): two members. Nothing when one of them fails.
std::optional<LikelihoodRatio> likelihood_ratio(const Prior &prior, const Target &target, const Ask &ask,
                                                const NullHypothesis &null, const WeightedSamples &parameters,
                                                bool one_realisation);

/// H0 against H1, as every calibration reports it.
struct NullComparison
{
  std::string verdict = "not reached"; ///< not reached, not asked, not decided, no effect, undecided, effect
  std::string words = "The calibration has not come to its end."; ///< a few sentences
  std::optional<BayesFactor> factor;
  std::optional<LikelihoodRatio> ratio;
};

/// "no effect" for a Bayes factor of 3 or more for H0, "effect" for one of 20 or more for H1 (Kass & Raftery 1995, J.
/// Am. Stat. Assoc. 90, 773: positive and strong evidence), with the error on the careful side; evidence for a null
/// grows more slowly. "undecided" in between.
NullComparison judged(const BayesFactor &factor, const std::optional<LikelihoodRatio> &ratio,
                      const std::vector<std::string> &names);
} // namespace nidus
