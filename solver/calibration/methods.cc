#include "calibration/methods.h"

#include "calibration/design.h"
#include "calibration/noise.h"
#include "control/quantile.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// Draws of the posterior with which the model is run again, to compare with all data.
constexpr unsigned int prediction_members = 20;
/// Streams of these runs, which no method uses.
constexpr std::uint64_t prediction_stream = std::uint64_t(1) << 62;

void take_posterior(const WeightedSamples &samples, const std::string &method, const double effective,
                    Findings &findings)
{
  findings.posterior = samples;
  findings.posterior_from = method;
  findings.posterior_effective = effective;
}

/// The members of a design are a sample of the prior: they say which is best, and emulators learn from them.
void run_design(const CalibrationProblem &problem, const Ask &ask)
{
  std::vector<Request> requests;
  for (const auto &point :
       latin_hypercube(problem.file.methods.design_members, problem.prior.n_coordinates(), problem.file.seed))
    requests.push_back({problem.prior.from_unit(point), requests.size()});
  ask("design", requests);
}

void run_kalman(const CalibrationProblem &problem, const Ask &ask, Findings &findings)
{
  const auto &budgets = problem.file.methods;
  KalmanOptions options;
  options.members = budgets.kalman_members;
  options.iterations = budgets.kalman_iterations;
  options.localise = budgets.kalman_localise;
  options.one_realisation = problem.file.one_realisation;
  findings.kalman = ensemble_kalman(problem.prior, problem.fitted, ask, options, problem.file.seed);
  // Its Gaussian is as sure as the members are many.
  take_posterior(findings.kalman->parameters, "kalman", options.members, findings);
}

void run_abc(const CalibrationProblem &problem, const Ask &ask, Findings &findings)
{
  const auto &budgets = problem.file.methods;
  AbcOptions options;
  options.particles = budgets.abc_particles;
  options.generations = budgets.abc_generations;
  options.budget = budgets.abc_runs;
  findings.abc = abc_smc(problem.prior, problem.fitted, ask, options, problem.file.seed);
  take_posterior(findings.abc->parameters, "abc", findings.abc->parameters.effective_number(), findings);
}

/// From the best member so far, or from the middle of the prior.
void run_least_squares(const std::string &method, const CalibrationProblem &problem, const Ask &ask, Findings &findings)
{
  LeastSquaresOptions options;
  options.most_evaluations = problem.file.methods.fit_evaluations;
  options.difference = problem.file.methods.fit_difference;
  const auto *const best = findings.best();
  const auto start = best != nullptr ? best->parameters
                                     : problem.prior.from_unit(std::vector<double>(problem.prior.n_coordinates(), 0.5));
  findings.fits.push_back(
      {method, least_squares(problem.prior, problem.fitted, ask,
                             method == "brgn" ? LeastSquaresMethod::gauss_newton : LeastSquaresMethod::pounders, start,
                             options)});
}

void run_emulator(const CalibrationProblem &problem, const Ask &ask, Findings &findings)
{
  const auto &budgets = problem.file.methods;
  EmulatedOptions options;
  options.emulator.most_runs = budgets.emulator_runs;
  options.emulator.one_realisation = problem.file.one_realisation;
  options.rounds = budgets.emulator_rounds;
  options.members = budgets.emulator_members;
  options.steps = {budgets.chain_steps / 2, budgets.chain_steps};
  const auto runs = findings.runs;
  findings.emulated = emulated_posterior(problem.prior, problem.fitted, ask, runs, options, problem.file.seed);
  take_posterior(findings.emulated->parameters, "emulator",
                 *std::min_element(findings.emulated->effective.begin(), findings.emulated->effective.end()), findings);
}

/// Of the emulator, or of the model with the random numbers of one stream.
void run_profile(const CalibrationProblem &problem, const Ask &ask, Findings &findings)
{
  const auto &budgets = problem.file.methods;
  const NaturalCoordinates coordinates(problem.prior);
  LogDensity density;
  std::vector<double> start(coordinates.size(), 0.0);
  if (budgets.profile_of == "emulator")
  {
    const auto emulator = findings.emulated->emulator;
    start = emulator->best_run();
    density = [emulator](const std::vector<double> &natural) { return emulator->log_likelihood(natural); };
  }
  else
  {
    if (const auto *const best = findings.best())
      start = coordinates.of_parameters(best->parameters);
    density = [&](const std::vector<double> &natural) {
      const auto answers = ask("profile", {{coordinates.to_parameters(natural), 0}});
      return log_likelihood(problem.fitted, answers.front(), problem.file.one_realisation);
    };
  }
  findings.profiles = profile_likelihood(density, problem.prior, start, budgets.profile_points);
}

/// What methods see of the answers of @p ask.
Ask of_fitted(const CalibrationProblem &problem, const Ask &ask)
{
  return [&problem, ask](const std::string &stage, const std::vector<Request> &requests) {
    auto answers = ask(stage, requests);
    for (auto &answer : answers)
      answer = problem.of_fitted(answer);
    return answers;
  };
}

Prediction prediction_of(const CalibrationProblem &problem, const std::size_t m, const std::vector<Answer> &answers)
{
  std::vector<double> values;
  for (const auto &answer : answers)
    for (const auto &replicate : answer.replicates)
      values.push_back(replicate[m]);
  std::sort(values.begin(), values.end());
  double mean = 0.0, square = 0.0;
  for (const double value : values)
    mean += value / static_cast<double>(values.size());
  for (const double value : values)
    square += (value - mean) * (value - mean) / std::max(1.0, static_cast<double>(values.size()) - 1.0);
  const auto &transform = problem.transforms[m];
  const auto at = [&](const double fraction) { return transform.inverse(quantile(values, fraction)); };
  Prediction prediction{at(0.05), at(0.5), at(0.95), 0.0};
  prediction.from_data = (problem.all.values[m] - quantile(values, 0.5)) /
                         std::sqrt(square + problem.all.deviations[m] * problem.all.deviations[m]);
  return prediction;
}
} // namespace

void run_method(const std::string &method, const CalibrationProblem &problem, const Ask &ask, Findings &findings)
{
  const Ask fitted = keeping(of_fitted(problem, ask), findings.runs);
  const auto &budgets = problem.file.methods;
  if (method == "design")
    run_design(problem, fitted);
  else if (method == "morris")
  {
    MorrisOptions options;
    options.trajectories = budgets.morris_trajectories;
    findings.morris = morris_screening(problem.prior, problem.fitted, fitted, options, problem.file.seed);
  }
  else if (method == "sobol")
  {
    SobolOptions options;
    options.base_points = budgets.sobol_points;
    findings.sobol = sobol_indices(problem.prior, problem.fitted, fitted, options, problem.file.seed);
  }
  else if (method == "kalman")
    run_kalman(problem, fitted, findings);
  else if (method == "abc")
    run_abc(problem, fitted, findings);
  else if (method == "emulator")
    run_emulator(problem, fitted, findings);
  else if (method == "pounders" || method == "brgn")
    run_least_squares(method, problem, fitted, findings);
  else if (method == "profile")
    run_profile(problem, fitted, findings);
}

void compare_with_null(const CalibrationProblem &problem, const Ask &ask, Findings &findings)
{
  const auto null = problem.file.null_hypothesis();
  if (null.coordinates.empty())
  {
    findings.null.verdict = "not asked";
    findings.null.words = "Not asked: no null value is named (entry 'Null' of a parameter).";
    return;
  }
  if (findings.posterior.points.empty())
  {
    findings.null.verdict = "not decided";
    findings.null.words = "None of the methods gives a posterior.";
    return;
  }
  const auto factor = savage_dickey(problem.prior, null, findings.posterior, findings.posterior_effective,
                                    findings.posterior_from == "kalman", problem.file.seed);
  const auto ratio = findings.emulated ? likelihood_ratio(*findings.emulated->emulator, problem.prior, null)
                                       : likelihood_ratio(problem.prior, problem.fitted, of_fitted(problem, ask), null,
                                                          findings.posterior, problem.file.one_realisation);
  std::vector<std::string> names;
  for (const std::size_t c : null.coordinates)
    names.push_back(problem.prior.coordinate_name(c));
  findings.null = judged(factor, ratio, names);
}

void predict(const CalibrationProblem &problem, const Ask &ask, Findings &findings)
{
  if (findings.posterior.points.empty())
    return;
  const auto &weights = findings.posterior.weights;
  std::vector<Request> requests;
  // Systematic resampling: each sample as often as its weight says, as nearly as that can be.
  double sum = 0.0;
  for (std::size_t s = 0; s < weights.size(); ++s)
  {
    sum += weights[s];
    while (requests.size() < prediction_members &&
           sum * prediction_members > static_cast<double>(requests.size()) + 0.5)
      requests.push_back({findings.posterior.points[s], prediction_stream + requests.size()});
  }
  const auto answers = ask("prediction", requests);
  findings.predictions.clear();
  for (std::size_t m = 0; m < problem.data.size(); ++m)
    findings.predictions.push_back(prediction_of(problem, m, answers));
  findings.checks = predictive_check(problem, answers, problem.file.seed);
}
} // namespace nidus
