#pragma once

#include "calibration/ask.h"
#include "calibration/calibration_parameters.h"
#include "calibration/measurements.h"

#include <string>
#include <vector>

namespace nidus
{
/// What is to be found from what: the calibration file and its data, checked against each other.
struct CalibrationProblem
{
  /// Throws InputError for data without an observable and the reverse, and for values that a transform cannot take.
  CalibrationProblem(const CalibrationParameters &file, const std::vector<Measurement> &data);

  CalibrationParameters file;
  std::vector<Measurement> data;
  Prior prior;
  std::vector<Transform> transforms; ///< [measurement]
  Target all;                        ///< [measurement]
  Target fitted;                     ///< without those that are held out
  std::vector<std::size_t> used;     ///< their places among the measurements

  /// An answer with observables as the model gives them, [measurement], to all of them transformed; one that cannot be
  /// transformed has failed.
  Answer transformed(const Answer &raw) const;
  /// Of an answer to all measurements what methods see.
  Answer of_fitted(const Answer &transformed) const;

  /// Mean over the fitted measurements of ((data - model) / deviation)^2; infinite for what cannot be transformed.
  double misfit(const std::vector<double> &raw) const;
};
} // namespace nidus
