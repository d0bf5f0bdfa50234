#include "calibration/ensemble_kalman.h"

#include "calibration/design.h"
#include "calibration/draws.h"
#include "calibration/noise.h"
#include "control/input_error.h"
#include "control/normal_quantile.h"
#include "control/random.h"
#include "control/shared_fault.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace nidus
{
namespace
{
constexpr std::uint64_t replacement_key = 5, perturbation_key = 6, posterior_key = 13;
constexpr std::size_t n_posterior_draws = 1000;
using Points = std::vector<std::vector<double>>;

/// Members that answered: scores, and L^-1 (model - data), where L L^T is the covariance of the noise.
struct Survivors
{
  Points scores, misfits;
};

/// A Latin hypercube of standard normal numbers, made to have mean zero and the unit covariance to rounding.
Points initial_scores(const std::size_t n_members, const std::size_t n_coordinates, const std::uint64_t seed)
{
  auto points = latin_hypercube(n_members, n_coordinates, seed);
  for (auto &point : points)
    random::normal_quantiles(point.size(), point.data());
  const auto sample = equally_weighted(points);
  const auto mean = sample.mean();
  const auto factor = Cholesky::of(sample.covariance());
  for (auto &point : points)
  {
    for (std::size_t k = 0; k < n_coordinates; ++k)
      point[k] -= mean[k];
    if (factor)
      point = factor->half_solve(point);
  }
  return points;
}

/// The data-misfit controller: how much of the data the next step takes in.
double step_length(const Points &misfits, const double left)
{
  const auto n_members = static_cast<double>(misfits.size());
  const auto n_data = static_cast<double>(misfits.front().size());
  double mean = 0.0, squares = 0.0;
  for (const auto &misfit : misfits)
    mean += 0.5 * inner_product(misfit, misfit) / n_members;
  for (const auto &misfit : misfits)
  {
    const double deviation = 0.5 * inner_product(misfit, misfit) - mean;
    squares += deviation * deviation / n_members;
  }
  return std::min(std::max(n_data / (2.0 * mean), std::sqrt(n_data / (2.0 * squares))), left);
}

/// Mean over members, and deviations of each from it.
std::vector<double> centre(Points &points)
{
  auto mean = equally_weighted(points).mean();
  for (auto &point : points)
    for (std::size_t k = 0; k < mean.size(); ++k)
      point[k] -= mean[k];
  return mean;
}

/// With S = deviations of the misfits x sqrt(h / (J - 1)), X those of the scores and f(l) = (1 / sqrt(1 + l) - 1) / l:
/// X (I + S^T S)^(-1/2) = X + X S^T f(S S^T) S, so that the algebra is as large as the data, not as the ensemble.
void transform(Survivors &members, const double h)
{
  const std::size_t n = members.scores.size(), n_data = members.misfits.front().size();
  const double scale = std::sqrt(h / static_cast<double>(n - 1));
  const auto mean = centre(members.scores);
  const auto misfit = centre(members.misfits);
  Matrix spread(n_data, n_data), cross(mean.size(), n_data);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t a = 0; a < n_data; ++a)
    {
      for (std::size_t b = 0; b < n_data; ++b)
        spread(a, b) += scale * scale * members.misfits[j][a] * members.misfits[j][b];
      for (std::size_t k = 0; k < mean.size(); ++k)
        cross(k, a) += scale * members.scores[j][k] * members.misfits[j][a];
    }
  const Eigenvectors eigen(spread);
  const auto moved = [&](const std::vector<double> &data, const auto &factor) {
    auto along = transposed_product(eigen.vectors, data);
    for (std::size_t e = 0; e < n_data; ++e)
      along[e] *= scale * factor(std::max(eigen.values[e], 0.0));
    return product(cross, product(eigen.vectors, along));
  };
  const auto shift = moved(misfit, [](const double l) { return -1.0 / (1.0 + l); });
  for (std::size_t j = 0; j < n; ++j)
  {
    // f, written so that small eigenvalues leave all digits.
    const auto change = moved(members.misfits[j], [](const double l) {
      const double root = std::sqrt(1.0 + l);
      return -1.0 / (root * (1.0 + root));
    });
    for (std::size_t k = 0; k < mean.size(); ++k)
      members.scores[j][k] += mean[k] + shift[k] + change[k];
  }
}

/// The gain with shrunken entries and data that are perturbed for each member.
void localised_update(Survivors &members, const double h, Draws &draws)
{
  const std::size_t n = members.scores.size(), n_data = members.misfits.front().size();
  auto scores = members.scores, misfits = members.misfits;
  centre(scores);
  centre(misfits);
  const std::size_t n_coordinates = scores.front().size();
  Matrix cross(n_coordinates, n_data), innovation(n_data, n_data);
  std::vector<double> score_variance(n_coordinates, 0.0);
  for (std::size_t j = 0; j < n; ++j)
  {
    for (std::size_t a = 0; a < n_data; ++a)
      for (std::size_t b = 0; b < n_data; ++b)
        innovation(a, b) += misfits[j][a] * misfits[j][b] / static_cast<double>(n - 1);
    for (std::size_t k = 0; k < n_coordinates; ++k)
    {
      score_variance[k] += scores[j][k] * scores[j][k] / static_cast<double>(n - 1);
      for (std::size_t a = 0; a < n_data; ++a)
        cross(k, a) += scores[j][k] * misfits[j][a] / static_cast<double>(n - 1);
    }
  }
  for (std::size_t k = 0; k < n_coordinates; ++k)
    for (std::size_t a = 0; a < n_data; ++a)
    {
      const double both = score_variance[k] * innovation(a, a);
      const double r2 = both > 0.0 ? std::min(1.0, cross(k, a) * cross(k, a) / both) : 0.0;
      cross(k, a) *= r2 > 0.0 ? r2 / (r2 + (1.0 - r2) * (1.0 - r2) / static_cast<double>(n - 1)) : 0.0;
    }
  for (std::size_t a = 0; a < n_data; ++a)
    innovation(a, a) += 1.0 / h;
  const auto factor = Cholesky::of(innovation);
  if (!factor)
    throw SharedFault("The innovation covariance of the ensemble is not positive definite.");
  Points perturbations(n);
  for (auto &perturbation : perturbations)
    perturbation = draws.normals(n_data);
  centre(perturbations);
  for (std::size_t j = 0; j < n; ++j)
  {
    auto residual = members.misfits[j];
    for (std::size_t a = 0; a < n_data; ++a)
      residual[a] = perturbations[j][a] / std::sqrt(h) - residual[a];
    const auto change = product(cross, factor->solve(residual));
    for (std::size_t k = 0; k < n_coordinates; ++k)
      members.scores[j][k] += change[k];
  }
}

/// Multiplies the spread, and draws as many members anew as are lacking from the Gaussian of the others.
Points next_ensemble(const Points &survivors, const KalmanOptions &options, Draws &draws)
{
  auto points = survivors;
  const auto sample = equally_weighted(survivors);
  const auto mean = sample.mean();
  for (auto &point : points)
    for (std::size_t k = 0; k < mean.size(); ++k)
      point[k] = mean[k] + options.inflation * (point[k] - mean[k]);
  const auto factor = Cholesky::of(sample.covariance());
  while (points.size() < options.members)
  {
    auto point = draws.normals(mean.size());
    if (factor)
      point = factor->half_product(point);
    for (std::size_t k = 0; k < mean.size(); ++k)
      point[k] = mean[k] + options.inflation * point[k];
    points.push_back(point);
  }
  return points;
}

Survivors evaluate(const Points &scores, const std::vector<Answer> &answers, const Target &target, const Matrix &noise)
{
  const auto factor = Cholesky::of(noise);
  if (!factor)
    throw SharedFault("The covariance of the noise of the data is not positive definite.");
  Survivors members;
  for (std::size_t j = 0; j < scores.size(); ++j)
  {
    if (answers[j].failed)
      continue;
    auto misfit = answers[j].mean();
    for (std::size_t a = 0; a < misfit.size(); ++a)
      misfit[a] -= target.values[a];
    members.scores.push_back(scores[j]);
    members.misfits.push_back(factor->half_solve(misfit));
  }
  return members;
}

/// Scores of the Gaussian that the ensemble tells the mean and the covariance of; the ensemble where it has collapsed.
Points posterior_scores(const Points &ensemble, const std::uint64_t seed)
{
  const auto sample = equally_weighted(ensemble);
  const auto mean = sample.mean();
  const auto factor = Cholesky::of(sample.covariance());
  if (!factor)
    return ensemble;
  auto points = initial_scores(n_posterior_draws, mean.size(), random::mix(seed, posterior_key));
  for (auto &point : points)
  {
    point = factor->half_product(point);
    for (std::size_t k = 0; k < mean.size(); ++k)
      point[k] += mean[k];
  }
  return points;
}

double mean_square(const Points &misfits)
{
  double sum = 0.0;
  for (const auto &misfit : misfits)
    sum += inner_product(misfit, misfit) / static_cast<double>(misfit.size() * misfits.size());
  return sum;
}
} // namespace

KalmanResult ensemble_kalman(const Prior &prior, const Target &target, const Ask &ask, const KalmanOptions &options,
                             const std::uint64_t seed)
{
  const std::size_t n_coordinates = prior.n_coordinates(), least = n_coordinates + 2;
  if (options.members < least)
    throw input_error("members of the ensemble", options.members, "at least " + std::to_string(least),
                      "ten times the number of free parameters is usual");
  if (!(options.inflation >= 1.0) || !std::isfinite(options.inflation))
    throw input_error("inflation of the ensemble", options.inflation, "at least 1", "1 does nothing, 1.02 is usual");
  Draws draws(seed, replacement_key), perturbations(seed, perturbation_key);
  auto scores = initial_scores(options.members, n_coordinates, seed);
  KalmanResult result;
  double time = 0.0;
  while (!result.converged && result.steps.size() < options.iterations)
  {
    std::vector<Request> requests;
    for (const auto &score : scores)
      requests.push_back({prior.from_scores(score), result.n_runs + requests.size()});
    const auto answers = ask("kalman " + std::to_string(result.steps.size() + 1), requests);
    auto members = evaluate(scores, answers, target, noise_covariance(target, answers, options.one_realisation));
    if (members.scores.size() < least)
      throw SharedFault("Only " + std::to_string(members.scores.size()) + " of " + std::to_string(options.members) +
                        " members of the ensemble answered; the update needs " + std::to_string(least) + ".");
    auto &step = result.steps.emplace_back();
    step.misfit = mean_square(members.misfits);
    step.n_failed = static_cast<unsigned int>(scores.size() - members.scores.size());
    step.centre = prior.from_scores(equally_weighted(members.scores).mean());
    result.n_runs += static_cast<unsigned int>(requests.size());
    result.n_failed += step.n_failed;

    const double h = step_length(members.misfits, 1.0 - time);
    options.localise ? localised_update(members, h, perturbations) : transform(members, h);
    result.converged = h >= 1.0 - time;
    time = result.converged ? 1.0 : time + h;
    step.time = time;
    scores = next_ensemble(members.scores, options, draws);
  }
  result.scores = equally_weighted(posterior_scores(scores, seed));
  result.parameters = result.scores;
  for (auto &point : result.parameters.points)
    point = prior.from_scores(point);
  return result;
}
} // namespace nidus
