#include "calibration/morris.h"

#include "calibration/draws.h"
#include "control/input_error.h"

#include <cmath>

namespace nidus
{
namespace
{
constexpr std::uint64_t trajectory_key = 3;

/// A walk through the grid that moves each coordinate once; [point][coordinate] and which coordinate came next.
struct Trajectory
{
  std::vector<std::vector<double>> points;
  std::vector<std::size_t> order;
  std::vector<double> steps;
};

Trajectory make_trajectory(Draws &draws, const std::size_t n, const unsigned int levels)
{
  const unsigned int half = levels / 2;
  const double spacing = 1.0 / (levels - 1), jump = spacing * half;
  Trajectory walk;
  auto &start = walk.points.emplace_back(n);
  std::vector<double> step(n);
  for (std::size_t k = 0; k < n; ++k)
  {
    // From the lower half up, or from the upper half down.
    const double low = spacing * static_cast<double>(draws.below(half));
    const bool up = draws.uniform() < 0.5;
    start[k] = up ? low : low + jump;
    step[k] = up ? jump : -jump;
  }
  walk.order = draws.permutation(n);
  for (const auto k : walk.order)
  {
    auto next = walk.points.back();
    next[k] += step[k];
    walk.points.push_back(next);
    walk.steps.push_back(step[k]);
  }
  return walk;
}

/// The ends of an unbounded prior are no values: the grid keeps a distance from them and covers this part.
constexpr double covered = 0.99;

std::vector<double> inside(std::vector<double> unit)
{
  for (auto &value : unit)
    value = 0.5 + covered * (value - 0.5);
  return unit;
}

MorrisEffect summary(const std::vector<double> &effects)
{
  MorrisEffect result;
  result.n = static_cast<unsigned int>(effects.size());
  const auto n = static_cast<double>(effects.size());
  for (const double effect : effects)
  {
    result.mean += effect / n;
    result.mean_absolute += std::abs(effect) / n;
  }
  double squares = 0.0, absolute_squares = 0.0;
  for (const double effect : effects)
  {
    squares += (effect - result.mean) * (effect - result.mean);
    absolute_squares += (std::abs(effect) - result.mean_absolute) * (std::abs(effect) - result.mean_absolute);
  }
  result.deviation = std::sqrt(squares / (n - 1.0));
  result.error = std::sqrt(absolute_squares / (n - 1.0) / n);
  return result;
}
} // namespace

MorrisResult morris_screening(const Prior &prior, const Target &target, const Ask &ask, const MorrisOptions &options,
                              const std::uint64_t seed)
{
  if (options.trajectories < 2)
    throw input_error("trajectories of the screening", options.trajectories, "at least 2", "10 are usual");
  if (options.levels < 2 || options.levels % 2 != 0)
    throw input_error("levels of the screening", options.levels, "an even number, at least 2", "4 are usual");
  const std::size_t n = prior.n_coordinates();
  Draws draws(seed, trajectory_key);
  std::vector<Trajectory> walks;
  std::vector<Request> requests;
  for (unsigned int t = 0; t < options.trajectories; ++t)
  {
    walks.push_back(make_trajectory(draws, n, options.levels));
    for (const auto &point : walks.back().points)
      requests.push_back({prior.from_unit(inside(point)), t});
  }
  const auto answers = ask("screening", requests);

  MorrisResult result;
  result.n_runs = static_cast<unsigned int>(requests.size());
  for (const auto &answer : answers)
    result.n_failed += answer.failed;
  const std::size_t n_observables = target.values.size();
  std::vector<std::vector<std::vector<double>>> effects(n_observables, std::vector<std::vector<double>>(n));
  for (std::size_t t = 0; t < walks.size(); ++t)
    for (std::size_t s = 0; s < n; ++s)
    {
      const auto &before = answers[t * (n + 1) + s], &after = answers[t * (n + 1) + s + 1];
      if (before.failed || after.failed)
        continue;
      const auto low = before.mean(), high = after.mean();
      for (std::size_t o = 0; o < n_observables; ++o)
        effects[o][walks[t].order[s]].push_back((high[o] - low[o]) / (covered * walks[t].steps[s]));
    }
  for (const auto &of_observable : effects)
  {
    auto &row = result.effects.emplace_back();
    for (const auto &of_coordinate : of_observable)
      row.push_back(summary(of_coordinate));
  }
  return result;
}
} // namespace nidus
