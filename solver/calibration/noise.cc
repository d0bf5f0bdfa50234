#include "calibration/noise.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
std::vector<double> pooled_variance(const std::size_t n_observables, const std::vector<Answer> &answers)
{
  std::vector<double> sum(n_observables, 0.0);
  double freedom = 0.0;
  for (const auto &answer : answers)
  {
    if (answer.failed || answer.replicates.size() < 2)
      continue;
    const auto of_answer = static_cast<double>(answer.replicates.size() - 1);
    const auto variance = answer.variance();
    for (std::size_t k = 0; k < n_observables; ++k)
      sum[k] += of_answer * variance[k];
    freedom += of_answer;
  }
  for (auto &value : sum)
    value /= std::max(freedom, 1.0);
  return sum;
}

double mean_replicates(const std::vector<Answer> &answers)
{
  double sum = 0.0, n = 0.0;
  for (const auto &answer : answers)
    if (!answer.failed)
    {
      sum += static_cast<double>(answer.replicates.size());
      n += 1.0;
    }
  return n > 0.0 ? sum / n : 1.0;
}

std::vector<double> noise_variance(const Target &target, const std::vector<Answer> &answers, const bool one_realisation)
{
  auto variance = pooled_variance(target.values.size(), answers);
  const double share = 1.0 / mean_replicates(answers) + (one_realisation ? 1.0 : 0.0);
  for (std::size_t k = 0; k < variance.size(); ++k)
    variance[k] = target.deviations[k] * target.deviations[k] + share * variance[k];
  return variance;
}

double log_likelihood(const Target &target, const Answer &answer, const bool one_realisation)
{
  if (answer.failed)
    return -std::numeric_limits<double>::infinity();
  const auto variance = noise_variance(target, {answer}, one_realisation);
  const auto mean = answer.mean();
  double sum = 0.0;
  for (std::size_t k = 0; k < mean.size(); ++k)
    sum -= 0.5 * ((target.values[k] - mean[k]) * (target.values[k] - mean[k]) / variance[k] + std::log(variance[k]));
  return sum;
}
} // namespace nidus
