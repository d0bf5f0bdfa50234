#pragma once

#include "systemic/blood_parameters.h"
#include "systemic/interventions.h"

#include <string>
#include <vector>

namespace nidus
{
/// A time line for each intervention from 0 to @p end_time (min): '#' where the effect is at least half of its
/// greatest one, '+' where it is at least a hundredth of it, 'v' where cells are injected; and what it acts on.
std::vector<std::string> describe_interventions(const Interventions &interventions, double end_time);

/// The primary tumour, the factors and the circulating cells.
std::vector<std::string> describe_blood(const BloodParameters &blood);
} // namespace nidus
