#pragma once

#include "control/phase_clock.h"

#include <string>
#include <utility>
#include <vector>

namespace nidus
{
/// Where the wall time of a run went, and what its ranks had to do.
struct Timing
{
  PhaseClock::Table phases;
  std::vector<std::pair<std::string, dealii::Utilities::MPI::MinMaxAvg>> load; ///< of a rank, such as "agents"
};

/// A table for the log. Shares are those of the mean over ranks; they add up to 100 %.
std::vector<std::string> timing_lines(const Timing &timing);

/// The same as JSON, for timing.json; seconds are "minimum", "mean" and "maximum" over the ranks.
std::string timing_json(const Timing &timing);
} // namespace nidus
