#pragma once

#include "calibration/gaussian_process.h"
#include "calibration/natural_coordinates.h"
#include "calibration/runs.h"

#include <string>
#include <vector>

namespace nidus
{
struct EmulatorOptions
{
  unsigned int most_runs = 300; ///< that are learned from: all of the latest half of them, and evenly of those before
  bool one_realisation = false; ///< see noise.h
};

/// How well each run is guessed from the others, noise of the runs included; per observable, after the transform.
struct EmulatorCheck
{
  double rmse = 0.0;
  double of_deviation = 0.0; ///< rmse over the deviation of the datum
  double q2 = 0.0;           ///< part of the variance of the runs that is guessed; not a number when they do not vary
  double noise_part = 0.0;   ///< part of that variance that is noise of the runs, as replicates tell: nobody guesses it
  double coverage = 0.0;     ///< part of the runs within their 90 % intervals
};

/**
 * What a model would answer, guessed from its runs: a Gaussian process for each observable, each for itself, on natural
 * coordinates (Sacks et al. 1989, Stat. Sci. 4, 409). The noise of a run is the pooled variance of replicates over
 * their number; a run that failed is left out.
 */
class Emulator
{
public:
  /// Throws SharedFault for fewer than 2 x coordinates + 4 runs that did not fail.
  Emulator(const Prior &prior, const Target &target, const std::vector<Run> &runs, const EmulatorOptions &options);

  std::vector<double> mean_at(const std::vector<double> &natural) const;
  /// [observable] of the function that the mean over many replicates is.
  std::vector<GaussianProcess::Guess> at(const std::vector<double> &natural) const;

  /// Logarithm of the probability density of the data: their variance, that of the guess and, with 'one realisation',
  /// the covariance between replicates add up.
  double log_likelihood(const std::vector<double> &natural) const;

  const NaturalCoordinates &coordinates() const { return natural; }
  const std::vector<EmulatorCheck> &checks() const { return found; } ///< [observable]
  std::size_t n_runs() const { return learned; }
  std::size_t n_observables() const { return target.values.size(); }
  /// The run that it learned from with the greatest likelihood, in natural coordinates.
  const std::vector<double> &best_run() const { return best; }
  /// One sentence for each observable that is guessed badly; empty: none.
  std::vector<std::string> doubts() const;

private:
  EmulatorCheck check(std::size_t observable, const std::vector<double> &values, double noise) const;

  NaturalCoordinates natural;
  Target target;
  Matrix of_data; ///< covariance of the data, and between realisations where asked for
  std::vector<GaussianProcess> processes;
  std::vector<EmulatorCheck> found;
  std::vector<double> best;
  std::size_t learned = 0;
};
} // namespace nidus
