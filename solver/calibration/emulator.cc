#include "calibration/emulator.h"

#include "calibration/noise.h"
#include "control/shared_fault.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
/// 95 % quantile of the standard normal distribution.
constexpr double of_ninety_percent = 1.6448536269514722;
constexpr double least_q2 = 0.8, least_coverage = 0.8;

/// Runs that did not fail; of more than @p most the latest, which methods have put near the data, and some before.
std::vector<Run> chosen(const std::vector<Run> &runs, const std::size_t most)
{
  std::vector<Run> good;
  for (const auto &run : runs)
    if (!run.answer.failed)
      good.push_back(run);
  if (good.size() <= most)
    return good;
  const std::size_t late = most / 2, early = most - late, n_early = good.size() - late;
  std::vector<Run> some;
  for (std::size_t i = 0; i < early; ++i)
    some.push_back(good[i * n_early / early]);
  some.insert(some.end(), good.end() - static_cast<std::ptrdiff_t>(late), good.end());
  return some;
}

std::string percent(const double part)
{
  return std::to_string(std::lround(100.0 * part)) + " %";
}
} // namespace

Emulator::Emulator(const Prior &prior, const Target &target, const std::vector<Run> &runs,
                   const EmulatorOptions &options)
    : natural(prior), target(target)
{
  const auto some = chosen(runs, options.most_runs);
  const std::size_t least = 2 * prior.n_coordinates() + 4;
  if (some.size() < least)
    throw SharedFault("An emulator of " + std::to_string(prior.n_coordinates()) + " coordinates needs " +
                      std::to_string(least) + " runs that end well; there are " + std::to_string(some.size()) + ".");
  learned = some.size();
  std::vector<std::vector<double>> points, means;
  std::vector<Answer> answers;
  for (const auto &run : some)
  {
    points.push_back(natural.of_parameters(run.parameters));
    means.push_back(run.answer.mean());
    answers.push_back(run.answer);
  }
  const auto between = pooled_covariance(n_observables(), answers);
  of_data = options.one_realisation ? between : Matrix(n_observables(), n_observables());
  for (std::size_t m = 0; m < n_observables(); ++m)
  {
    of_data(m, m) += target.deviations[m] * target.deviations[m];
    std::vector<double> values, noise;
    for (std::size_t i = 0; i < some.size(); ++i)
    {
      values.push_back(means[i][m]);
      noise.push_back(between(m, m) / static_cast<double>(answers[i].replicates.size()));
    }
    processes.emplace_back(points, values, noise);
    found.push_back(check(m, values, between(m, m) / mean_replicates(answers)));
  }
  double greatest = -std::numeric_limits<double>::infinity();
  for (const auto &point : points)
  {
    const double here = log_likelihood(point);
    if (here > greatest || best.empty())
      best = point;
    greatest = std::max(greatest, here);
  }
}

EmulatorCheck Emulator::check(const std::size_t observable, const std::vector<double> &values, const double noise) const
{
  const auto guesses = processes[observable].leave_one_out();
  const auto n = static_cast<double>(values.size());
  double mean = 0.0, errors = 0.0, squares = 0.0, inside = 0.0;
  for (const double value : values)
    mean += value / n;
  for (std::size_t i = 0; i < values.size(); ++i)
  {
    const double error = values[i] - guesses[i].mean;
    errors += error * error / n;
    squares += (values[i] - mean) * (values[i] - mean) / n;
    inside += std::abs(error) <= of_ninety_percent * std::sqrt(guesses[i].variance) ? 1.0 / n : 0.0;
  }
  const bool varies = squares > 1e-24 * mean * mean && squares > 0.0;
  EmulatorCheck result;
  result.rmse = std::sqrt(errors);
  result.of_deviation = result.rmse / target.deviations[observable];
  result.q2 = varies ? 1.0 - errors / squares : std::numeric_limits<double>::quiet_NaN();
  result.noise_part = varies ? std::min(noise / squares, 1.0) : 0.0;
  result.coverage = inside;
  return result;
}

std::vector<double> Emulator::mean_at(const std::vector<double> &point) const
{
  std::vector<double> means;
  for (const auto &process : processes)
    means.push_back(process.mean_at(point));
  return means;
}

std::vector<GaussianProcess::Guess> Emulator::at(const std::vector<double> &point) const
{
  std::vector<GaussianProcess::Guess> guesses;
  for (const auto &process : processes)
    guesses.push_back(process.at(point));
  return guesses;
}

double Emulator::log_likelihood(const std::vector<double> &point) const
{
  constexpr double log_two_pi = 1.8378770664093453;
  auto covariance = of_data;
  auto distance = target.values;
  for (std::size_t m = 0; m < processes.size(); ++m)
  {
    const auto guess = processes[m].at(point);
    covariance(m, m) += guess.variance;
    distance[m] -= guess.mean;
  }
  const auto factor = Cholesky::of(covariance);
  if (!factor)
    return -std::numeric_limits<double>::infinity();
  const auto half = factor->half_solve(distance);
  return -0.5 *
         (inner_product(half, half) + factor->log_determinant() + static_cast<double>(processes.size()) * log_two_pi);
}

std::vector<std::string> Emulator::doubts() const
{
  std::vector<std::string> sentences;
  for (std::size_t m = 0; m < found.size(); ++m)
  {
    const auto &one = found[m];
    // What is noise of the runs cannot be guessed, and an error below that of the data does no harm.
    if (one.q2 < least_q2 - one.noise_part && one.of_deviation > 0.5)
      sentences.push_back("The emulator guesses '" + target.names[m] + "' badly: only " +
                          percent(std::max(one.q2, 0.0)) + " of its variance (" + percent(one.noise_part) +
                          " are noise of the runs); more runs would help.");
    if (one.coverage < least_coverage)
      sentences.push_back("The emulator of '" + target.names[m] + "' is too sure of itself: " + percent(one.coverage) +
                          " of the runs lie within their 90 % intervals.");
  }
  return sentences;
}
} // namespace nidus
