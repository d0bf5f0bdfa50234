#include "calibration/ask.h"

#include <cmath>

namespace nidus
{
std::vector<double> Answer::mean() const
{
  if (replicates.empty())
    return {};
  std::vector<double> sum(replicates.front().size(), 0.0);
  for (const auto &replicate : replicates)
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += replicate[i] / static_cast<double>(replicates.size());
  return sum;
}

std::vector<double> Answer::variance() const
{
  const auto centre = mean();
  const auto n = static_cast<double>(replicates.size());
  if (n < 2)
    return std::vector<double>(centre.size(), std::nan(""));
  std::vector<double> sum(centre.size(), 0.0);
  for (const auto &replicate : replicates)
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += (replicate[i] - centre[i]) * (replicate[i] - centre[i]) / (n - 1.0);
  return sum;
}
} // namespace nidus
