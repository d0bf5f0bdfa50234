#include "control/quantile.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace nidus
{
double quantile(const std::vector<double> &values, const double fraction)
{
  if (values.empty())
    return std::numeric_limits<double>::quiet_NaN();
  const double place = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}
} // namespace nidus
