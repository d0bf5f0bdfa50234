#pragma once

#include "systemic/blood_parameters.h"
#include "systemic/interventions.h"

#include <cstdint>
#include <vector>

namespace nidus
{
/// Cells (or clusters) that are injected at a time.
struct Bolus
{
  std::uint64_t key; ///< of its draws
  std::size_t population;
  std::uint64_t number;
  double first_pass_fraction; ///< of them that meets this organ first
};

/// The injections that fall into the macro step @p step of length @p macro_step (min).
std::vector<Bolus> boluses_in(const Interventions &interventions, const BloodParameters &blood, std::uint64_t step,
                              double macro_step);
} // namespace nidus
