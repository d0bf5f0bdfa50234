#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/**
 * What a method of calibration sees of a model: it asks a batch of parameter sets and gets observables.
 *
 * A method is a function that rank 0 executes for all (calibration/conducted.h). It never learns how the
 * model is run: on groups of ranks, from a journal of an earlier start, or as a function in a test.
 */
namespace nidus
{
/// One parameter set to be tried. Requests of the same stream get the same random numbers (common random numbers).
struct Request
{
  std::vector<double> parameters; ///< [parameter], in the order and the units of the prior
  std::uint64_t stream = 0;
};

/// What the model answers.
struct Answer
{
  bool failed = false;                         ///< the run failed: there are no replicates then
  std::vector<std::vector<double>> replicates; ///< transformed observables, [replicate][observable]

  /// [observable]; empty without replicates.
  std::vector<double> mean() const;
  /// Of a single replicate, not of their mean, [observable]; NaN with fewer than two replicates.
  std::vector<double> variance() const;
};

/// Evaluates a batch; @p stage names it in the journal and in members.csv. Answers are in the order of the
/// requests. That of the ensemble is collective: every rank calls it with the same arguments and gets the same answers.
using Ask = std::function<std::vector<Answer>(const std::string &stage, const std::vector<Request> &requests)>;

/// The data: transformed values and their standard deviations (measurement and, where stated, model discrepancy).
struct Target
{
  std::vector<std::string> names; ///< of the observables, [observable]
  std::vector<double> values, deviations;
};
} // namespace nidus
