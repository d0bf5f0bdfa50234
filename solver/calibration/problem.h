#pragma once

#include "calibration/ask.h"
#include "calibration/calibration_parameters.h"
#include "calibration/measurements.h"
#include "calibration/sub_model_observable.h"

#include <optional>
#include <string>
#include <vector>

namespace nidus
{
/// What is to be found from what: the calibration file and its data, checked against each other.
struct CalibrationProblem
{
  /// Throws InputError for data without an observable and the reverse, for values that a transform cannot take, for
  /// what a sub-model cannot do, and for a unit of another dimension.
  CalibrationProblem(const CalibrationParameters &file, const std::vector<Measurement> &measurements);

  CalibrationParameters file;
  std::vector<Measurement> data;
  Prior prior;
  std::vector<Transform> transforms;                         ///< [measurement]
  Target all;                                                ///< [measurement]
  Target fitted;                                             ///< without those that are held out
  std::vector<std::size_t> used;                             ///< their places among the measurements
  std::vector<std::optional<SubModelObservable>> sub_models; ///< [measurement]; nothing where a run tells it

  /// An answer with observables as the model gives them, [measurement], to all of them transformed; one that cannot be
  /// transformed has failed.
  Answer transformed(const Answer &raw) const;
  /// Of an answer to all measurements what methods see.
  Answer of_fitted(const Answer &transformed) const;

  /// Mean over the fitted measurements of ((data - model) / deviation)^2; infinite for what cannot be transformed.
  double misfit(const std::vector<double> &raw) const;

  /// "3 of 5 numbers are unverified, 1 is contested": what the table says of its sources; empty: nothing.
  std::string doubts() const;

private:
  void add_sub_model(const ObservableEntry &observable, Measurement &measurement);
};
} // namespace nidus
