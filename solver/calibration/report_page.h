#pragma once

#include "calibration/findings.h"

#include <string>

namespace nidus
{
/// report.html: marginals, pairs, fit against the data, sensitivities, what is not identified, cost. It needs nothing
/// besides itself; pictures are inline SVG.
std::string report_page(const CalibrationProblem &problem, const Findings &findings);
} // namespace nidus
