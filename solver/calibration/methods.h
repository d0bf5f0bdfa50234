#pragma once

#include "calibration/findings.h"

#include <string>

namespace nidus
{
/// Executes a method of the calibration file, with its budget, and puts what it finds into @p findings. @p ask answers
/// all measurements, transformed; methods see those that are fitted. The last method with a posterior counts.
void run_method(const std::string &method, const CalibrationProblem &problem, const Ask &ask, Findings &findings);

/// H0 against H1, when the file names null values; on the emulator, or else with two members more.
void compare_with_null(const CalibrationProblem &problem, const Ask &ask, Findings &findings);

/// The model again with parameters from the posterior, against the data, those that are held out too.
void predict(const CalibrationProblem &problem, const Ask &ask, Findings &findings);
} // namespace nidus
