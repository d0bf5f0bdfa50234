#include "calibration/emulated_posterior.h"

#include "calibration/draws.h"
#include "calibration/noise.h"
#include "control/normal_quantile.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
constexpr std::uint64_t start_key = 11;
/// Streams of the rounds, which no other method uses.
constexpr std::uint64_t first_stream = std::uint64_t(1) << 61;
constexpr unsigned int draws_for_a_start = 5;
constexpr double of_ninety_percent = 1.6448536269514722;

Chains chains_on(const Emulator &emulator, const EmulatedOptions &options, const unsigned int shorter,
                 const std::uint64_t seed)
{
  const std::size_t n = emulator.coordinates().size();
  const LogDensity density = [&emulator](const std::vector<double> &scores) {
    return emulator.log_likelihood(emulator.coordinates().of_scores(scores)) - 0.5 * inner_product(scores, scores);
  };
  Draws draws(seed, start_key);
  std::vector<std::vector<double>> starts;
  for (unsigned int c = 0; c < options.chains; ++c)
  {
    auto best = draws.normals(n);
    for (unsigned int d = 1; d < draws_for_a_start; ++d)
      if (const auto other = draws.normals(n); density(other) > density(best))
        best = other;
    starts.push_back(best);
  }
  return adaptive_metropolis(density, starts, {options.steps.warm_up / shorter, options.steps.steps / shorter}, seed);
}

EmulatorRound checked(const Emulator &emulator, const std::vector<Run> &earlier, const std::vector<Run> &fresh)
{
  EmulatorRound round;
  std::vector<Answer> answers;
  for (const auto *list : {&earlier, &fresh})
    for (const auto &run : *list)
      answers.push_back(run.answer);
  const auto between = pooled_variance(emulator.n_observables(), answers);
  double n = 0.0, inside = 0.0;
  for (const auto &run : fresh)
  {
    ++round.n_members;
    round.n_failed += run.answer.failed ? 1 : 0;
    if (run.answer.failed)
      continue;
    const auto guesses = emulator.at(emulator.coordinates().of_parameters(run.parameters));
    const auto mean = run.answer.mean();
    for (std::size_t m = 0; m < guesses.size(); ++m)
    {
      const double noise = between[m] / static_cast<double>(run.answer.replicates.size());
      const double square = std::pow(mean[m] - guesses[m].mean, 2) / (guesses[m].variance + noise);
      round.mean_square += square;
      inside += square < of_ninety_percent * of_ninety_percent ? 1.0 : 0.0;
      n += 1.0;
    }
  }
  round.mean_square /= std::max(n, 1.0);
  round.coverage = inside / std::max(n, 1.0);
  return round;
}

SobolResult indices_of(const Emulator &emulator, const unsigned int points, const std::uint64_t seed)
{
  SobolOptions options;
  options.base_points = points;
  const auto function = [&emulator](std::vector<double> unit) {
    random::normal_quantiles(unit.size(), unit.data());
    return emulator.mean_at(emulator.coordinates().of_scores(unit));
  };
  return sobol_indices(emulator.coordinates().size(), emulator.n_observables(), function, options, seed);
}
} // namespace

EmulatedResult emulated_posterior(const Prior &prior, const Target &target, const Ask &ask,
                                  const std::vector<Run> &runs, const EmulatedOptions &options,
                                  const std::uint64_t seed)
{
  EmulatedResult result;
  auto known = runs;
  std::uint64_t stream = first_stream;
  result.emulator = std::make_shared<const Emulator>(prior, target, known, options.emulator);
  for (unsigned int round = 0; round < options.rounds; ++round)
  {
    std::vector<Request> requests;
    for (const auto &scores : chains_on(*result.emulator, options, 4, seed).sample(options.members).points)
      requests.push_back({prior.from_scores(scores), stream++});
    std::vector<Run> fresh;
    keeping(ask, fresh)("emulator " + std::to_string(round + 1), requests);
    result.rounds.push_back(checked(*result.emulator, known, fresh));
    known.insert(known.end(), fresh.begin(), fresh.end());
    result.emulator = std::make_shared<const Emulator>(prior, target, known, options.emulator);
  }
  const auto chains = chains_on(*result.emulator, options, 1, seed);
  result.r_hat = chains.r_hat;
  result.effective = chains.effective;
  result.acceptance = chains.acceptance;
  result.scores = chains.sample(options.samples);
  result.parameters = result.scores;
  for (auto &point : result.parameters.points)
    point = prior.from_scores(point);
  if (options.sobol_points > 0)
    result.sobol = indices_of(*result.emulator, options.sobol_points, seed);
  result.doubts = result.emulator->doubts();
  std::vector<std::string> names;
  for (std::size_t k = 0; k < prior.n_coordinates(); ++k)
    names.push_back(prior.coordinate_name(k));
  const auto of_chains = chains.doubts(names);
  result.doubts.insert(result.doubts.end(), of_chains.begin(), of_chains.end());
  return result;
}
} // namespace nidus
