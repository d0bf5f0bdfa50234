#include "calibration/sobol_indices.h"

#include "calibration/design.h"
#include "calibration/draws.h"
#include "control/input_error.h"
#include "control/quantile.h"
#include "control/shared_fault.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace nidus
{
namespace
{
constexpr std::uint64_t bootstrap_key = 4;

/// Points A, B and, for each coordinate, A with that coordinate of B, for each base point in turn.
std::vector<std::vector<double>> saltelli_design(const std::size_t n, const std::size_t n_coordinates,
                                                 const std::uint64_t seed)
{
  std::vector<std::vector<double>> points;
  for (const auto &pair : sobol_sequence(n, 2 * n_coordinates, seed))
  {
    const auto half = pair.begin() + static_cast<std::ptrdiff_t>(n_coordinates);
    const std::vector<double> a(pair.begin(), half), b(half, pair.end());
    points.push_back(a);
    points.push_back(b);
    for (std::size_t k = 0; k < n_coordinates; ++k)
    {
      points.push_back(a);
      points.back()[k] = b[k];
    }
  }
  return points;
}

/// Values of one output at one base point: A, B and those in between.
using Row = std::vector<double>;

struct Estimates
{
  double variance = 0.0;
  std::vector<double> first, total;
};

Estimates estimate(const std::vector<const Row *> &rows)
{
  const std::size_t n_coordinates = rows.front()->size() - 2;
  const auto n = static_cast<double>(rows.size());
  double mean = 0.0, squares = 0.0;
  for (const auto *row : rows)
    mean += ((*row)[0] + (*row)[1]) / (2.0 * n);
  for (const auto *row : rows)
    squares += ((*row)[0] - mean) * ((*row)[0] - mean) + ((*row)[1] - mean) * ((*row)[1] - mean);
  Estimates result;
  result.variance = squares / (2.0 * n);
  // Rounding of the mean of a constant is no variance.
  const double divisor =
      result.variance > 1e-20 * mean * mean ? result.variance : std::numeric_limits<double>::quiet_NaN();
  for (std::size_t k = 0; k < n_coordinates; ++k)
  {
    double together = 0.0, apart = 0.0;
    for (const auto *row : rows)
    {
      const double a = (*row)[0] - mean, b = (*row)[1] - mean, mixed = (*row)[k + 2] - mean;
      together += b * (mixed - a);
      apart += (a - mixed) * (a - mixed);
    }
    result.first.push_back(together / n / divisor);
    result.total.push_back(0.5 * apart / n / divisor);
  }
  return result;
}

void add_output(const std::vector<Row> &rows, const SobolOptions &options, const std::uint64_t seed,
                SobolResult &result)
{
  std::vector<const Row *> all;
  all.reserve(rows.size());
  for (const auto &row : rows)
    all.push_back(&row);
  const auto central = estimate(all);
  const std::size_t n_coordinates = central.first.size();
  std::vector<std::vector<double>> first(n_coordinates), total(n_coordinates);
  Draws draws(seed, bootstrap_key);
  for (unsigned int b = 0; b < options.bootstrap; ++b)
  {
    std::vector<const Row *> some;
    some.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      some.push_back(&rows[draws.below(rows.size())]);
    const auto other = estimate(some);
    for (std::size_t k = 0; k < n_coordinates; ++k)
    {
      first[k].push_back(other.first[k]);
      total[k].push_back(other.total[k]);
    }
  }
  const double outside = 0.5 * (1.0 - options.interval_probability);
  auto &firsts = result.first.emplace_back();
  auto &totals = result.total.emplace_back();
  for (std::size_t k = 0; k < n_coordinates; ++k)
  {
    std::sort(first[k].begin(), first[k].end());
    std::sort(total[k].begin(), total[k].end());
    firsts.push_back({central.first[k], quantile(first[k], outside), quantile(first[k], 1.0 - outside)});
    totals.push_back({central.total[k], quantile(total[k], outside), quantile(total[k], 1.0 - outside)});
  }
  result.variance.push_back(central.variance);
}

void check(const SobolOptions &options)
{
  if (options.base_points < 8)
    throw input_error("base points of the sensitivity analysis", options.base_points, "at least 8",
                      "256 are usual; each costs coordinates + 2 runs");
  if (options.bootstrap < 50 || !(options.interval_probability > 0.0 && options.interval_probability < 1.0))
    throw input_error("bootstrap of the sensitivity analysis", options.bootstrap,
                      "at least 50 resamples and a probability between 0 and 1", "500 and 0.95 are usual");
}
} // namespace

SobolResult sobol_indices(const Prior &prior, const Target &target, const Ask &ask, const SobolOptions &options,
                          const std::uint64_t seed)
{
  check(options);
  const std::size_t block = prior.n_coordinates() + 2;
  std::vector<Request> requests;
  for (const auto &point : saltelli_design(options.base_points, prior.n_coordinates(), seed))
    requests.push_back({prior.from_unit(point), requests.size() / block});
  const auto answers = ask("sensitivity", requests);

  SobolResult result;
  result.n_runs = static_cast<unsigned int>(requests.size());
  std::vector<std::vector<Row>> rows(target.values.size());
  for (std::size_t i = 0; i < options.base_points; ++i)
  {
    unsigned int failed = 0;
    for (std::size_t j = 0; j < block; ++j)
      failed += answers[i * block + j].failed;
    result.n_failed += failed;
    if (failed > 0)
      continue;
    for (auto &of_output : rows)
      of_output.emplace_back();
    for (std::size_t j = 0; j < block; ++j)
    {
      const auto values = answers[i * block + j].mean();
      for (std::size_t o = 0; o < rows.size(); ++o)
        rows[o].back().push_back(values[o]);
    }
  }
  if (rows.front().size() < 8)
    throw SharedFault("The sensitivity analysis has fewer than 8 base points without a failed run (" +
                      std::to_string(result.n_failed) + " runs failed).");
  for (const auto &of_output : rows)
    add_output(of_output, options, seed, result);
  return result;
}

SobolResult sobol_indices(const std::size_t n_coordinates, const std::size_t n_outputs,
                          const std::function<std::vector<double>(const std::vector<double> &)> &function,
                          const SobolOptions &options, const std::uint64_t seed)
{
  check(options);
  const auto points = saltelli_design(options.base_points, n_coordinates, seed);
  std::vector<std::vector<Row>> rows(n_outputs, std::vector<Row>(options.base_points));
  for (std::size_t i = 0; i < points.size(); ++i)
  {
    const auto values = function(points[i]);
    for (std::size_t o = 0; o < n_outputs; ++o)
      rows[o][i / (n_coordinates + 2)].push_back(values[o]);
  }
  SobolResult result;
  result.n_runs = static_cast<unsigned int>(points.size());
  for (const auto &of_output : rows)
    add_output(of_output, options, seed, result);
  return result;
}
} // namespace nidus
