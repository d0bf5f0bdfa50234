#pragma once

#include "calibration/ask.h"

#include <vector>

namespace nidus
{
/// A request with its answer.
struct Run
{
  std::vector<double> parameters;
  Answer answer;
};

/// Hands requests on to @p ask and puts what comes back into @p kept, for methods that learn from all runs so far.
Ask keeping(const Ask &ask, std::vector<Run> &kept);
} // namespace nidus
