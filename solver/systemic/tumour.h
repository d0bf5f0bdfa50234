#pragma once

#include "systemic/blood_parameters.h"

namespace nidus
{
/// Number of cells of the primary tumour at @p time (min). Gompertz: N = K (N0/K)^exp(-a t), a ln(K/N0) = ln 2 / Td.
double tumour_cells(const TumourParameters &tumour, double time);
} // namespace nidus
