#pragma once

#include "calibration/findings.h"

#include <string>

namespace nidus
{
/// Parts of report.html that tell how a method has found what it found; empty where it was not asked.
std::string null_section(const Findings &findings);
std::string profile_section(const CalibrationProblem &problem, const Findings &findings);
std::string predictive_section(const Findings &findings);
std::string least_squares_section(const CalibrationProblem &problem, const Findings &findings);
std::string emulator_section(const CalibrationProblem &problem, const Findings &findings);
} // namespace nidus
