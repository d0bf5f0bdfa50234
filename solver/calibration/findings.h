#pragma once

#include "calibration/abc_smc.h"
#include "calibration/emulated_posterior.h"
#include "calibration/ensemble.h"
#include "calibration/ensemble_kalman.h"
#include "calibration/least_squares.h"
#include "calibration/morris.h"
#include "calibration/null_hypothesis.h"
#include "calibration/predictive_check.h"
#include "calibration/problem.h"
#include "calibration/profile_likelihood.h"
#include "calibration/runs.h"
#include "calibration/sobol_indices.h"
#include "calibration/weighted_samples.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace nidus
{
/// A parameter set that was tried.
struct Member
{
  std::string stage;
  std::uint64_t stream = 0;
  std::vector<double> parameters;
  std::string failure;            ///< of its first replicate that failed; empty: none
  std::vector<double> observable; ///< [measurement], mean over replicates of what the model gives; empty when it failed
  double misfit = std::numeric_limits<double>::infinity(); ///< of the mean over replicates
};

/// What the model with parameters drawn from the posterior gives for a measurement, as the model gives it.
struct Prediction
{
  double q05 = 0.0, q50 = 0.0, q95 = 0.0;
  double from_data = 0.0; ///< (data - median) over the deviation of both, after the transform
};

/// What a method of least squares has found.
struct Fit
{
  std::string method;
  LeastSquaresResult result;
};

/// Everything that a calibration has found.
struct Findings
{
  std::vector<Member> members;
  std::optional<MorrisResult> morris;
  std::optional<SobolResult> sobol;
  std::optional<KalmanResult> kalman;
  std::optional<AbcResult> abc;
  std::optional<EmulatedResult> emulated;
  std::vector<Fit> fits;
  std::vector<Run> runs;               ///< fitted observables of all members, for methods that learn from them
  WeightedSamples posterior;           ///< of the parameters; empty: no method gave one
  std::string posterior_from;          ///< which method
  double posterior_effective = 0.0;    ///< independent draws that tell as much
  NullComparison null;                 ///< H0 against H1
  std::vector<Profile> profiles;       ///< [coordinate]; empty: not asked
  std::vector<Prediction> predictions; ///< [measurement]; empty: none
  std::vector<SeriesCheck> checks;     ///< of data with what the posterior predicts; those held out first
  EnsembleCost cost;
  unsigned int groups = 1, ranks_each = 1;
  bool shares_mesh = false;

  const Member *best() const; ///< the one with the least misfit; null: all have failed
};

/// One parameter in the posterior.
struct ParameterSummary
{
  double mean = 0.0, deviation = 0.0, q05 = 0.0, median = 0.0, q95 = 0.0;
  /// Standard deviation in scores of the prior: 1 means that the data say nothing of it.
  double of_prior = 1.0;
  /// Of another parameter with which it is correlated most, and how much.
  std::size_t partner = 0;
  double correlation = 0.0;
};

/// [parameter]. Throws nothing; needs a posterior.
std::vector<ParameterSummary> summaries(const CalibrationProblem &problem, const WeightedSamples &posterior);

/// One sentence for each thing that the data cannot tell: parameters that stay as wide as the prior, and those of which
/// only a combination is known. Empty: there is none.
std::vector<std::string> not_identified(const CalibrationProblem &problem, const WeightedSamples &posterior);

/// A set of values to go on with: medians; means for groups, so that they sum to one.
std::vector<double> central_values(const CalibrationProblem &problem, const WeightedSamples &posterior);
} // namespace nidus
