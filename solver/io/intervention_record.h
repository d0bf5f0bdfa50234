#pragma once

#include "systemic/interventions.h"

#include <nlohmann/json.hpp>

namespace nidus
{
/// All interventions with schedules, doses and effects, for provenance.json.
nlohmann::ordered_json record_of(const Interventions &interventions);
} // namespace nidus
