// Gaussian-process emulators: how far off they are and whether they know it, the posterior of a linear Gaussian
// problem, Sobol indices, noise and nonsense.
#include "calibration/design.h"
#include "calibration/draws.h"
#include "calibration/emulated_posterior.h"
#include "calibration_asks.h"
#include "control/shared_fault.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;
using namespace nidus::test;

namespace
{
constexpr double pi = 3.14159265358979323846;

/// Runs of @p model at a Latin hypercube, each with @p replicates and noise of the deviation @p noise.
std::vector<Run> runs_of(const Prior &prior, const Model &model, const std::size_t n, const unsigned int replicates,
                         const double noise, const std::uint64_t seed)
{
  Draws draws(seed, 99);
  std::vector<Run> runs;
  for (const auto &point : latin_hypercube(n, prior.n_coordinates(), seed))
  {
    Run run{prior.from_unit(point), {}};
    for (unsigned int r = 0; r < replicates; ++r)
    {
      auto values = model(run.parameters);
      for (double &value : values)
        value += noise * draws.normal();
      run.answer.replicates.push_back(values);
    }
    runs.push_back(run);
  }
  return runs;
}

struct Truth
{
  double rmse = 0.0, coverage = 0.0;
};

/// Against the function itself, at points that it has not seen.
Truth truth_of(const Emulator &emulator, const Prior &prior, const Model &model)
{
  Truth truth;
  constexpr std::size_t n = 500;
  for (const auto &point : latin_hypercube(n, prior.n_coordinates(), 77))
  {
    const auto parameters = prior.from_unit(point);
    const auto guess = emulator.at(emulator.coordinates().of_parameters(parameters))[0];
    const double error = guess.mean - model(parameters)[0];
    truth.rmse += error * error / n;
    truth.coverage += std::abs(error) <= 1.645 * std::sqrt(guess.variance) ? 1.0 / n : 0.0;
  }
  truth.rmse = std::sqrt(truth.rmse);
  return truth;
}
} // namespace

TEST_CASE("An emulator interpolates a smooth function and knows how well", "[emulator]")
{
  const Model model = [](const std::vector<double> &x) {
    return std::vector<double>{std::sin(3.0 * x[0]) * std::exp(0.5 * x[1]) + 0.3 * x[1] * x[1]};
  };
  const auto prior = prior_of({"uniform(-1, 1)", "uniform(-2, 2)"});
  double last = 1.0;
  for (const std::size_t n : {20u, 40u, 80u})
  {
    const Emulator emulator(prior, target_of({0.0}, {0.1}), runs_of(prior, model, n, 1, 0.0, 1), {});
    const auto truth = truth_of(emulator, prior, model);
    const auto &check = emulator.checks()[0];
    INFO(n << " runs: rmse " << truth.rmse << ", left out one " << check.rmse << ", coverage " << truth.coverage
           << ", left out one " << check.coverage << ", Q2 " << check.q2);
    CHECK(truth.rmse < 0.6 * last);
    last = truth.rmse;
    // Errors left out are those of points in the open and those at the edge.
    CHECK(check.rmse < 4.0 * truth.rmse);
    CHECK(check.rmse > 0.5 * truth.rmse);
    CHECK(truth.coverage > 0.8);
    CHECK(check.coverage > 0.8);
  }
  CHECK(last < 0.02);
}

TEST_CASE("Noise of runs is told from the function by replicates, and its intervals are honest", "[emulator]")
{
  const Model model = [](const std::vector<double> &x) { return std::vector<double>{std::sin(2.0 * x[0]) + x[1]}; };
  const auto prior = prior_of({"uniform(-1, 1)", "uniform(-1, 1)"});
  // Three standard deviations of a share of 100 runs.
  const double share_error = 3.0 * std::sqrt(0.9 * 0.1 / 100.0);
  for (const unsigned int replicates : {1u, 4u})
  {
    const Emulator emulator(prior, target_of({0.0}, {0.1}), runs_of(prior, model, 100, replicates, 0.3, 2), {});
    const auto truth = truth_of(emulator, prior, model);
    const auto &check = emulator.checks()[0];
    INFO(replicates << " replicates: rmse " << truth.rmse << ", left out one " << check.rmse << ", coverage "
                    << truth.coverage << ", left out one " << check.coverage);
    // The function is known better than a run tells it.
    const double noise = 0.3 / std::sqrt(replicates);
    CHECK(truth.rmse < 0.5 * noise);
    // The root of a mean of 100 squares is known to 1 / sqrt(200).
    CHECK(check.rmse == Approx(std::hypot(noise, truth.rmse)).epsilon(3.0 / std::sqrt(200.0)));
    CHECK(std::abs(check.coverage - 0.9) < share_error);
    CHECK(truth.coverage > 0.8);
    CHECK(check.noise_part == Approx(replicates == 1 ? 0.0 : noise * noise / (0.42 + 0.33)).margin(0.02));
  }
}

TEST_CASE("An emulator says when it does not know, and refuses too few runs", "[emulator]")
{
  const auto prior = prior_of({"uniform(0, 1)", "uniform(0, 1)"});
  const Model wild = [](const std::vector<double> &x) {
    return std::vector<double>{std::sin(200.0 * x[0] + 90 * x[1])};
  };
  const Emulator emulator(prior, target_of({0.0}, {0.1}), runs_of(prior, wild, 40, 1, 0.0, 1), {});
  CHECK(emulator.checks()[0].q2 < 0.2);
  REQUIRE_FALSE(emulator.doubts().empty());
  CHECK(emulator.doubts()[0].find("'y0'") != std::string::npos);

  const Model constant = [](const std::vector<double> &) { return std::vector<double>{7.0}; };
  const Emulator flat(prior, target_of({7.0}, {0.1}), runs_of(prior, constant, 20, 2, 0.0, 1), {});
  CHECK(flat.mean_at({0.3, 0.1})[0] == Approx(7.0));
  CHECK(flat.doubts().empty());

  auto few = runs_of(prior, constant, 8, 1, 0.0, 1);
  few[0].answer = {true, {}};
  CHECK_THROWS_AS(Emulator(prior, target_of({7.0}, {0.1}), few, {}), SharedFault);
}

TEST_CASE("Chains on an emulator find the posterior of a linear Gaussian problem", "[emulator]")
{
  // y = (a + b, a - 2 b) with deviations 0.3 and 0.6; priors N(1, 2^2) and N(0, 1).
  const auto prior = prior_of({"normal(1, 2)", "normal(0, 1)"});
  const Model model = [](const std::vector<double> &x) { return std::vector<double>{x[0] + x[1], x[0] - 2.0 * x[1]}; };
  const double w0 = 1.0 / 0.09, w1 = 1.0 / 0.36;
  Matrix precision(2, 2);
  precision(0, 0) = 0.25 + w0 + w1;
  precision(0, 1) = precision(1, 0) = w0 - 2.0 * w1;
  precision(1, 1) = 1.0 + w0 + 4.0 * w1;
  const auto factor = *Cholesky::of(precision);
  const auto mean = factor.solve({0.25 * 1.0 + w0 * 1.5 + w1 * 0.5, w0 * 1.5 - 2.0 * w1 * 0.5});
  const auto covariance = factor.inverse();

  EmulatedOptions options;
  options.members = 10;
  options.steps.steps = 8000;
  const auto runs = runs_of(prior, model, 30, 1, 0.0, 4);
  const auto found = emulated_posterior(prior, target_of({1.5, 0.5}, {0.3, 0.6}), ask_model(model), runs, options, 4);
  REQUIRE(found.rounds.size() == 1);
  CHECK(found.rounds[0].n_members == 10);
  CHECK(found.emulator->n_runs() == 40);
  CHECK(found.doubts.empty());
  for (std::size_t k = 0; k < 2; ++k)
  {
    const double deviation = std::sqrt(covariance(k, k));
    INFO("mean " << found.parameters.mean()[k] << " of " << mean[k] << ", effective number " << found.effective[k]);
    CHECK(found.r_hat[k] < 1.02);
    CHECK(std::abs(found.parameters.mean()[k] - mean[k]) < 4.0 * deviation / std::sqrt(found.effective[k]));
    for (std::size_t l = 0; l < 2; ++l)
      CHECK(found.parameters.covariance()(k, l) ==
            Approx(covariance(k, l)).margin(0.12 * std::sqrt(covariance(k, k) * covariance(l, l))));
  }
}

TEST_CASE("Sobol indices from an emulator of Ishigami's function", "[emulator]")
{
  const std::string angle = "uniform(-3.14159265358979323846, 3.14159265358979323846)";
  const auto prior = prior_of({angle, angle, angle});
  const Model ishigami = [](const std::vector<double> &x) {
    return std::vector<double>{std::sin(x[0]) + 7.0 * std::pow(std::sin(x[1]), 2) +
                               0.1 * std::pow(x[2], 4) * std::sin(x[0])};
  };
  EmulatedOptions options;
  options.rounds = 0;
  options.steps = {200, 200};
  const auto runs = runs_of(prior, ishigami, 200, 1, 0.0, 5);
  const auto found = emulated_posterior(prior, target_of({3.0}, {1.0}), ask_model(ishigami), runs, options, 5);
  const double v1 = 0.5 * std::pow(1.0 + 0.1 * std::pow(pi, 4) / 5.0, 2), v2 = 49.0 / 8.0,
               v13 = 0.01 * std::pow(pi, 8) * (1.0 / 18.0 - 1.0 / 50.0), v = v1 + v2 + v13;
  const double first[3] = {v1 / v, v2 / v, 0.0}, total[3] = {(v1 + v13) / v, v2 / v, v13 / v};
  const double unknown = 1.0 - found.emulator->checks()[0].q2;
  INFO("1 - Q2 = " << unknown);
  CHECK(unknown < 0.05);
  for (std::size_t k = 0; k < 3; ++k)
  {
    const auto &one = found.sobol.first[0][k], &all = found.sobol.total[0][k];
    INFO("first " << one.value << " of " << first[k] << ", total " << all.value << " of " << total[k]);
    // What is stated: the interval, and what the emulator does not know.
    CHECK(one.lower - unknown <= first[k]);
    CHECK(one.upper + unknown >= first[k]);
    CHECK(all.lower - unknown <= total[k]);
    CHECK(all.upper + unknown >= total[k]);
  }
}
