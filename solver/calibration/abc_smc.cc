#include "calibration/abc_smc.h"

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
constexpr std::uint64_t proposal_key = 7, noise_key = 8;
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Trial
{
  std::vector<double> scores, observed; ///< nothing observed: the run failed
};

double distance(const Trial &trial, const Target &target, const std::vector<double> &scales)
{
  if (trial.observed.empty())
    return infinity;
  double sum = 0.0;
  for (std::size_t a = 0; a < scales.size(); ++a)
  {
    const double difference = (trial.observed[a] - target.values[a]) / scales[a];
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

/// Median absolute deviations of the observables over all trials; an observable that hardly varies has the deviation of
/// its data, or one.
std::vector<double> scales_of(const std::vector<Trial> &trials, const Target &target)
{
  std::vector<double> scales;
  for (std::size_t a = 0; a < target.values.size(); ++a)
  {
    std::vector<double> values;
    for (const auto &trial : trials)
      if (!trial.observed.empty())
        values.push_back(trial.observed[a]);
    std::sort(values.begin(), values.end());
    const double median = quantile(values, 0.5);
    for (auto &value : values)
      value = std::abs(value - median);
    std::sort(values.begin(), values.end());
    const double spread = quantile(values, 0.5);
    scales.push_back(spread > 0.0 ? spread : target.deviations[a] > 0.0 ? target.deviations[a] : 1.0);
  }
  return scales;
}

/// Where the next trials come from: the prior, or the last generation with a kernel.
class Proposal
{
public:
  Proposal() = default;
  explicit Proposal(const WeightedSamples &generation) : particles(generation)
  {
    auto covariance = generation.covariance();
    for (std::size_t k = 0; k < covariance.rows; ++k)
      covariance(k, k) += 1e-12;
    for (auto &entry : covariance.entries)
      entry *= 2.0;
    kernel = Cholesky::of(covariance);
    double sum = 0.0;
    for (const double weight : particles.weights)
      cumulative.push_back(sum += weight);
  }

  std::vector<double> draw(Draws &draws, const std::size_t n_coordinates) const
  {
    auto step = draws.normals(n_coordinates);
    const double choice = draws.uniform();
    if (!kernel)
      return step;
    const auto i = std::min<std::size_t>(
        std::lower_bound(cumulative.begin(), cumulative.end(), choice) - cumulative.begin(), cumulative.size() - 1);
    auto point = kernel->half_product(step);
    for (std::size_t k = 0; k < n_coordinates; ++k)
      point[k] += particles.points[i][k];
    return point;
  }

  /// Density of the prior over that of the proposal, up to a factor.
  double weight(const std::vector<double> &point) const
  {
    if (!kernel)
      return 1.0;
    double sum = 0.0;
    for (std::size_t i = 0; i < particles.points.size(); ++i)
    {
      auto difference = point;
      for (std::size_t k = 0; k < point.size(); ++k)
        difference[k] -= particles.points[i][k];
      difference = kernel->half_solve(difference);
      sum += particles.weights[i] * std::exp(-0.5 * inner_product(difference, difference));
    }
    return std::exp(-0.5 * inner_product(point, point)) / sum;
  }

private:
  WeightedSamples particles;
  std::optional<Cholesky> kernel;
  std::vector<double> cumulative;
};

/// All that one generation tried, and which of it was near enough.
struct Generation
{
  std::vector<Trial> trials;
  std::vector<std::size_t> accepted;
};

class Search
{
public:
  Search(const Prior &prior, const Target &target, const Ask &ask, const AbcOptions &options, const std::uint64_t seed)
      : prior(prior), target(target), ask(ask), options(options), draws(seed, proposal_key), noise(seed, noise_key)
  {
  }

  /// Tries until enough are nearer than @p tolerance; fewer are accepted when that would take too many.
  Generation generation(const Proposal &proposal, const double tolerance, const std::vector<double> &scales,
                        const std::string &stage, AbcResult &result)
  {
    Generation found;
    const double worth = std::max(options.least_acceptance, 1e-6);
    const auto most = std::min<double>(options.particles / worth, options.budget - result.n_runs);
    double acceptance = 1.0;
    while (found.accepted.size() < options.particles && static_cast<double>(found.trials.size()) < most)
    {
      const double lacking = static_cast<double>(options.particles - found.accepted.size()) / acceptance;
      const auto n = static_cast<std::size_t>(
          std::max(1.0, std::min(std::ceil(1.1 * lacking), most - static_cast<double>(found.trials.size()))));
      const std::size_t first = found.trials.size();
      try_batch(proposal, n, stage, found, result);
      for (std::size_t i = first; i < found.trials.size() && found.accepted.size() < options.particles; ++i)
        if (distance(found.trials[i], target, scales) <= tolerance && !found.trials[i].observed.empty())
          found.accepted.push_back(i);
      acceptance =
          std::max(static_cast<double>(found.accepted.size()) / static_cast<double>(found.trials.size()), worth);
    }
    return found;
  }

private:
  void try_batch(const Proposal &proposal, const std::size_t n, const std::string &stage, Generation &found,
                 AbcResult &result)
  {
    std::vector<Request> requests;
    const std::size_t first = found.trials.size();
    for (std::size_t i = 0; i < n; ++i)
    {
      found.trials.push_back({proposal.draw(draws, prior.n_coordinates()), {}});
      requests.push_back({prior.from_scores(found.trials.back().scores), result.n_runs + i});
    }
    const auto answers = ask(stage, requests);
    for (std::size_t i = 0; i < n; ++i)
    {
      const auto disturbance = noise.normals(target.values.size());
      result.n_failed += answers[i].failed;
      if (answers[i].failed)
        continue;
      auto observed = answers[i].mean();
      for (std::size_t a = 0; a < observed.size() && options.measurement_noise; ++a)
        observed[a] += target.deviations[a] * disturbance[a];
      found.trials[first + i].observed = observed;
    }
    result.n_runs += static_cast<unsigned int>(n);
  }

  const Prior &prior;
  const Target &target;
  const Ask &ask;
  const AbcOptions &options;
  Draws draws, noise;
};

/// Moves each particle by what a linear fit of the scores to the observables, weighted by Epanechnikov's kernel of the
/// distance, says of its difference from the data.
void correct_by_regression(const Generation &generation, const Target &target, const std::vector<double> &scales,
                           const double tolerance, WeightedSamples &particles)
{
  const std::size_t n_data = target.values.size(), n = n_data + 1;
  Matrix normal(n, n);
  const std::size_t n_coordinates = particles.points.front().size();
  Matrix right(n_coordinates, n);
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < generation.accepted.size(); ++i)
  {
    const auto &trial = generation.trials[generation.accepted[i]];
    const double part = distance(trial, target, scales) / tolerance;
    particles.weights[i] *= std::max(0.0, 1.0 - part * part);
    auto &row = rows.emplace_back(1, 1.0);
    for (std::size_t a = 0; a < n_data; ++a)
      row.push_back((trial.observed[a] - target.values[a]) / scales[a]);
    for (std::size_t a = 0; a < n; ++a)
    {
      for (std::size_t b = 0; b < n; ++b)
        normal(a, b) += particles.weights[i] * row[a] * row[b];
      for (std::size_t k = 0; k < n_coordinates; ++k)
        right(k, a) += particles.weights[i] * row[a] * particles.points[i][k];
    }
  }
  particles.normalise();
  const auto factor = Cholesky::of(normal);
  if (!factor)
    return; // observables that do not vary tell no slope
  for (std::size_t k = 0; k < n_coordinates; ++k)
  {
    const auto begin = right.entries.begin() + static_cast<std::ptrdiff_t>(k * n);
    const auto slope = factor->solve({begin, begin + static_cast<std::ptrdiff_t>(n)});
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t a = 1; a < n; ++a)
        particles.points[i][k] -= slope[a] * rows[i][a];
  }
}

void check(const Prior &prior, const AbcOptions &options)
{
  const std::size_t least = prior.n_coordinates() + 2;
  if (options.particles < least)
    throw input_error("particles of a generation", options.particles, "at least " + std::to_string(least),
                      "some hundreds are usual");
  if (!(options.kept > 0.0 && options.kept < 1.0))
    throw input_error("quantile of the tolerance", options.kept, "above 0 and below 1", "0.5 is usual");
  if (options.budget < options.particles)
    throw input_error("budget of trials", options.budget, "at least the number of particles", "raise the budget");
}
} // namespace

AbcResult abc_smc(const Prior &prior, const Target &target, const Ask &ask, const AbcOptions &options,
                  const std::uint64_t seed)
{
  check(prior, options);
  Search search(prior, target, ask, options, seed);
  AbcResult result;
  Generation last;
  std::vector<double> scales(target.values.size(), 1.0);
  double tolerance = infinity;
  Proposal proposal;
  for (unsigned int g = 0; g < options.generations; ++g)
  {
    const unsigned int runs_before = result.n_runs, failed_before = result.n_failed;
    auto next = search.generation(proposal, tolerance, scales, "abc " + std::to_string(g + 1), result);
    if (next.accepted.size() < options.particles)
    {
      result.end = result.n_runs >= options.budget ? "the budget is spent" : "few trials come near enough";
      if (g == 0)
        throw SharedFault("Too few runs of parameters drawn from the prior gave an answer.");
      break;
    }
    result.scores = {};
    for (const auto i : next.accepted)
      result.scores.add(next.trials[i].scores, proposal.weight(next.trials[i].scores));
    result.scores.normalise();
    proposal = Proposal(result.scores);
    const double used = tolerance;
    last = std::move(next);
    // The distance is measured anew by the trials of this generation; the tolerance of the next one in it.
    scales = scales_of(last.trials, target);
    std::vector<double> distances;
    for (const auto i : last.accepted)
      distances.push_back(distance(last.trials[i], target, scales));
    std::sort(distances.begin(), distances.end());
    tolerance = quantile(distances, options.kept);
    result.generations.push_back({used, static_cast<double>(last.accepted.size()) / (result.n_runs - runs_before),
                                  result.scores.effective_number(), result.n_runs - runs_before,
                                  result.n_failed - failed_before});
    result.end = "all generations are done";
    if (!(tolerance > 0.0))
    {
      result.end = "the data are met exactly";
      break;
    }
  }
  if (options.regression && tolerance > 0.0)
  {
    double greatest = 0.0;
    for (const auto i : last.accepted)
      greatest = std::max(greatest, distance(last.trials[i], target, scales));
    correct_by_regression(last, target, scales, greatest * (1.0 + 1e-9), result.scores);
  }
  result.parameters = result.scores;
  for (auto &point : result.parameters.points)
    point = prior.from_scores(point);
  return result;
}
} // namespace nidus
