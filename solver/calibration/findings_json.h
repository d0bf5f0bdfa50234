#pragma once

#include "calibration/findings.h"

#include <nlohmann/json.hpp>

namespace nidus
{
/// JSON has no infinity: null for what is not finite.
nlohmann::ordered_json json_number(double value);

/// What the methods tell of themselves, for summary.json; those that were asked.
nlohmann::ordered_json null_json(const Findings &findings);
nlohmann::ordered_json profiles_json(const CalibrationProblem &problem, const Findings &findings);
nlohmann::ordered_json checks_json(const Findings &findings);
nlohmann::ordered_json fits_json(const CalibrationProblem &problem, const Findings &findings);
nlohmann::ordered_json morris_json(const CalibrationProblem &problem, const Findings &findings);
nlohmann::ordered_json sobol_json(const CalibrationProblem &problem, const Findings &findings);
nlohmann::ordered_json emulator_json(const CalibrationProblem &problem, const Findings &findings);
} // namespace nidus
