#pragma once

#include "calibration/findings.h"
#include "io/output_folder.h"

#include <string>
#include <vector>

namespace nidus
{
/// One row for each member: stage, stream, how it ended, misfit, parameters, observables (mean over replicates).
std::string members_csv(const CalibrationProblem &problem, const Findings &findings);

/// One row for each sample of the posterior: weight, parameters. Empty without a posterior.
std::string posterior_csv(const CalibrationProblem &problem, const Findings &findings);

/// Priors, posterior summaries, what is not identified, fit and cost.
std::string summary_json(const CalibrationProblem &problem, const Findings &findings);

/// Values to go on with: central ones of the posterior, or those of the best member without one; empty: all failed.
std::vector<double> calibrated_values(const CalibrationProblem &problem, const Findings &findings);

/// Comments that say what they are, for the head of a parameter file.
std::string calibrated_header(const CalibrationProblem &problem, const Findings &findings);
} // namespace nidus
