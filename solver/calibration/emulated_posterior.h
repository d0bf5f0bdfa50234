#pragma once

#include "calibration/ask.h"
#include "calibration/emulator.h"
#include "calibration/markov_chain.h"
#include "calibration/sobol_indices.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nidus
{
struct EmulatedOptions
{
  EmulatorOptions emulator;
  unsigned int rounds = 1;          ///< in which the model is run where the posterior is, to learn from it
  unsigned int members = 20;        ///< of a round
  unsigned int chains = 4;          ///< two at least
  ChainOptions steps;               ///< of each chain; rounds take a quarter
  unsigned int sobol_points = 1024; ///< for indices; 0: none
  unsigned int samples = 2000;      ///< of the posterior that are kept
};

/// Members of a round against what the emulator said of them before it knew them.
struct EmulatorRound
{
  unsigned int n_members = 0, n_failed = 0;
  double mean_square = 0.0; ///< of errors over their standard deviations; 1 if the emulator knows how good it is
  double coverage = 0.0;    ///< part of them within their 90 % intervals
};

struct EmulatedResult
{
  std::shared_ptr<const Emulator> emulator;
  WeightedSamples scores, parameters;
  std::vector<double> r_hat, effective; ///< [coordinate]
  double acceptance = 0.0;
  SobolResult sobol; ///< of the emulator's mean under the prior; the intervals do not hold the error of the emulator
  std::vector<EmulatorRound> rounds;
  std::vector<std::string> doubts; ///< in words; empty: none
};

/**
 * Calibrate, emulate, sample (Cleary et al. 2021, J. Comput. Phys. 424, 109716): an emulator of @p runs, what other
 * methods have asked, and Markov chains on it, whose likelihood holds the variance of the emulator. Each chain begins
 * at the best of five draws of the prior. Then the model is run at draws of the posterior, and all is done again with
 * these runs. Failed runs are not learned from.
 *
 * Throws SharedFault for too few runs.
 */
EmulatedResult emulated_posterior(const Prior &prior, const Target &target, const Ask &ask,
                                  const std::vector<Run> &runs, const EmulatedOptions &options, std::uint64_t seed);
} // namespace nidus
