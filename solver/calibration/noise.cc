#include "calibration/noise.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
/// With fewer degrees of freedom correlations are not estimated.
constexpr double least_freedom = 5.0;

/// Sums over answers of (replicate - mean) (replicate - mean)^T.
struct Scatter
{
  Scatter(const std::size_t n, const std::vector<Answer> &answers) : sum(n, n)
  {
    for (const auto &answer : answers)
    {
      if (answer.failed || answer.replicates.size() < 2)
        continue;
      const auto mean = answer.mean();
      for (const auto &replicate : answer.replicates)
        for (std::size_t k = 0; k < n; ++k)
          for (std::size_t l = 0; l < n; ++l)
            sum(k, l) += (replicate[k] - mean[k]) * (replicate[l] - mean[l]);
      freedom += static_cast<double>(answer.replicates.size() - 1);
    }
  }
  Matrix sum;
  double freedom = 0.0;
};

/// The part by which correlations shrink: the sum of their variances over that of their squares.
double shrinkage(const Scatter &scatter)
{
  if (scatter.freedom < least_freedom)
    return 1.0;
  double variances = 0.0, squares = 0.0;
  for (std::size_t k = 0; k < scatter.sum.rows; ++k)
    for (std::size_t l = 0; l < k; ++l)
    {
      const double both = scatter.sum(k, k) * scatter.sum(l, l);
      const double square = both > 0.0 ? std::min(1.0, scatter.sum(k, l) * scatter.sum(k, l) / both) : 0.0;
      variances += (1.0 - square) * (1.0 - square) / scatter.freedom;
      squares += square;
    }
  return squares > 0.0 ? std::min(1.0, variances / squares) : 1.0;
}

std::vector<double> diagonal(const Matrix &matrix)
{
  std::vector<double> values;
  for (std::size_t k = 0; k < matrix.rows; ++k)
    values.push_back(matrix(k, k));
  return values;
}
} // namespace

Matrix pooled_covariance(const std::size_t n_observables, const std::vector<Answer> &answers)
{
  const Scatter scatter(n_observables, answers);
  const double kept = 1.0 - shrinkage(scatter);
  auto covariance = scatter.sum;
  for (std::size_t k = 0; k < n_observables; ++k)
    for (std::size_t l = 0; l < n_observables; ++l)
      covariance(k, l) *= (k == l ? 1.0 : kept) / std::max(scatter.freedom, 1.0);
  return covariance;
}

std::vector<double> pooled_variance(const std::size_t n_observables, const std::vector<Answer> &answers)
{
  return diagonal(pooled_covariance(n_observables, answers));
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

Matrix noise_covariance(const Target &target, const std::vector<Answer> &answers, const bool one_realisation)
{
  auto covariance = pooled_covariance(target.values.size(), answers);
  const double share = 1.0 / mean_replicates(answers) + (one_realisation ? 1.0 : 0.0);
  for (auto &entry : covariance.entries)
    entry *= share;
  for (std::size_t k = 0; k < covariance.rows; ++k)
    covariance(k, k) += target.deviations[k] * target.deviations[k];
  return covariance;
}

std::vector<double> noise_variance(const Target &target, const std::vector<Answer> &answers, const bool one_realisation)
{
  return diagonal(noise_covariance(target, answers, one_realisation));
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
