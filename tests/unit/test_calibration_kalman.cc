// Ensemble Kalman inversion: linear Gaussian problems, whose posterior is known, noise, failed members, localisation.
#include "calibration/draws.h"
#include "calibration/emulated_posterior.h"
#include "calibration/ensemble_kalman.h"
#include "calibration_asks.h"
#include "control/input_error.h"
#include "control/shared_fault.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;
using namespace nidus::test;

namespace
{
/// y = G x with four data of three parameters.
const double slopes[4][3] = {{1.0, 0.5, 0.0}, {0.0, 2.0, -1.0}, {0.3, -0.2, 0.8}, {1.5, 0.0, 0.4}};
const std::vector<std::string> priors = {"normal(1, 2)", "normal(-1, 0.5)", "normal(0, 1)"};
const double prior_mean[3] = {1.0, -1.0, 0.0}, prior_deviation[3] = {2.0, 0.5, 1.0};
const std::vector<double> data = {2.0, -3.0, 0.7, 1.2}, deviations = {0.5, 0.4, 0.3, 0.6};

std::vector<double> linear(const std::vector<double> &x)
{
  std::vector<double> y(4, 0.0);
  for (int a = 0; a < 4; ++a)
    for (int k = 0; k < 3; ++k)
      y[a] += slopes[a][k] * x[k];
  return y;
}

/// Precision = prior precision + G^T R^-1 G, with variances @p extra added to those of the data.
struct Exact
{
  explicit Exact(const double extra = 0.0)
  {
    Matrix precision(3, 3);
    std::vector<double> right(3);
    for (int k = 0; k < 3; ++k)
    {
      precision(k, k) = 1.0 / (prior_deviation[k] * prior_deviation[k]);
      right[k] = precision(k, k) * prior_mean[k];
    }
    for (int a = 0; a < 4; ++a)
      for (int k = 0; k < 3; ++k)
      {
        const double weight = slopes[a][k] / (deviations[a] * deviations[a] + extra);
        right[k] += weight * data[a];
        for (int l = 0; l < 3; ++l)
          precision(k, l) += weight * slopes[a][l];
      }
    const auto factor = Cholesky::of(precision);
    mean = factor->solve(right);
    covariance = factor->inverse();
  }
  std::vector<double> mean;
  Matrix covariance;
};

/// Mean within @p part of the deviation, entries of the covariance within @p part of the product of deviations.
void check_posterior(const KalmanResult &result, const Exact &exact, const double part)
{
  const auto mean = result.parameters.mean();
  const auto covariance = result.parameters.covariance();
  for (int k = 0; k < 3; ++k)
  {
    const double deviation = std::sqrt(exact.covariance(k, k));
    INFO("parameter " << k << " mean " << mean[k] << " exact " << exact.mean[k] << " deviation " << deviation);
    CHECK(std::abs(mean[k] - exact.mean[k]) < part * deviation);
    for (int l = 0; l < 3; ++l)
      CHECK(std::abs(covariance(k, l) - exact.covariance(k, l)) <
            part * std::sqrt(exact.covariance(k, k) * exact.covariance(l, l)));
  }
}

/// Four replicates by chance for each request, of which @p model (parameters, draws) tells the observables.
template <typename Model>
Ask ask_four_times(const std::uint64_t seed, const Model &model)
{
  return [=](const std::string &, const std::vector<Request> &requests) {
    std::vector<Answer> answers(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i)
    {
      Draws draws(seed, requests[i].stream);
      for (int r = 0; r < 4; ++r)
        answers[i].replicates.push_back(model(requests[i].parameters, draws));
    }
    return answers;
  };
}
} // namespace

TEST_CASE("The posterior of a linear Gaussian problem is met, in several adaptive steps", "[kalman]")
{
  const unsigned int members = GENERATE(5u, 12u, 60u);
  KalmanOptions options;
  options.members = members;
  const auto result = ensemble_kalman(prior_of(priors), target_of(data, deviations), ask_model(linear), options, 1);
  CHECK(result.converged);
  CHECK(result.steps.size() > 2);
  CHECK(result.steps.back().time == 1.0);
  CHECK(result.steps.back().misfit < 0.2 * result.steps.front().misfit);
  CHECK(result.n_runs == members * result.steps.size());
  // No sampling error is left: the ensemble has the moments of the prior, and the transform is exact.
  check_posterior(result, Exact(), 1e-6);
  // So are the ends of intervals, however few members there are: 1000 draws that did not fill strata would tell an end
  // to 3 x 0.067 deviations.
  const Exact exact;
  for (std::size_t k = 0; k < 3; ++k)
    for (const auto &[fraction, distance] : {std::pair(0.05, -1.645), std::pair(0.95, 1.645)})
    {
      const double deviation = std::sqrt(exact.covariance(k, k));
      CHECK(result.parameters.quantile(k, fraction) ==
            Approx(exact.mean[k] + distance * deviation).margin(0.1 * deviation));
    }
}

TEST_CASE("Chance in the model widens the posterior as its replicates tell", "[kalman]")
{
  constexpr double spread = 0.6;
  const bool one_realisation = GENERATE(false, true);
  const auto ask = ask_four_times(17, [&](const std::vector<double> &x, Draws &draws) {
    auto values = linear(x);
    for (auto &value : values)
      value += spread * draws.normal();
    return values;
  });
  KalmanOptions options;
  options.members = 2000;
  options.one_realisation = one_realisation;
  const auto result = ensemble_kalman(prior_of(priors), target_of(data, deviations), ask, options, 2);
  CHECK(result.converged);
  // 2000 members tell a variance to 3 sqrt(2 / 2000) = 10 %; chance in the answers adds about as much again per step.
  check_posterior(result, Exact(spread * spread * (one_realisation ? 1.25 : 0.25)), 0.15);
}

TEST_CASE("Chance that all observables share does not count as many witnesses, for ensemble and emulator", "[kalman]")
{
  // y_k = x + e, one e for all four, in the data too: their covariance is 0.09 I + 0.25 (1 + 1/4) 1 1^T.
  constexpr double spread = 0.5;
  const auto ask = ask_four_times(18, [&](const std::vector<double> &x, Draws &draws) {
    return std::vector<double>(4, x[0] + spread * draws.normal());
  });
  const auto prior = prior_of({"normal(0, 2)"});
  const auto target = target_of(std::vector<double>(4, 1.0), std::vector<double>(4, 0.3));
  const auto exact = [](const double replicates) {
    return 1.0 / (0.25 + 4.0 / (0.09 + 4.0 * spread * spread * (1.0 + 1.0 / replicates)));
  };
  KalmanOptions options;
  options.members = 2000;
  options.one_realisation = true;
  std::vector<Run> runs;
  const auto result = ensemble_kalman(prior, target, keeping(ask, runs), options, 2);
  // As above; with four independent witnesses it would be 0.1, not 0.31.
  CHECK(result.parameters.covariance()(0, 0) == Approx(exact(4.0)).epsilon(0.15));

  EmulatedOptions emulated;
  emulated.emulator.one_realisation = true;
  emulated.emulator.most_runs = 150;
  const auto found = emulated_posterior(prior, target, ask, runs, emulated, 2);
  // The emulator knows the mean well; 450 degrees of freedom tell a variance to 3 sqrt(2 / 450) = 20 %.
  CHECK(found.parameters.covariance()(0, 0) == Approx(exact(1e9)).epsilon(0.25));
}

TEST_CASE("Failed members are replaced, and the posterior stays", "[kalman]")
{
  KalmanOptions options;
  options.members = 1000;
  const auto result =
      ensemble_kalman(prior_of(priors), target_of(data, deviations), ask_failing_model(linear, 5), options, 3);
  CHECK(result.converged);
  CHECK(result.n_failed == 200 * result.steps.size());
  CHECK(result.parameters.points.size() == 1000);
  // A fifth is drawn anew at each step: 3 sqrt(2 / 1000) = 13 % of a variance.
  check_posterior(result, Exact(), 0.13);
  CHECK_THROWS_AS(
      ensemble_kalman(prior_of(priors), target_of(data, deviations), ask_failing_model(linear, 1), options, 3),
      SharedFault);
}

TEST_CASE("Localisation keeps a parameter that the data do not see at its prior", "[kalman]")
{
  // Twenty data of one parameter; nineteen others are not seen. A small ensemble believes in correlations by chance.
  std::vector<std::string> texts(20, "normal(0, 1)");
  const auto model = [](const std::vector<double> &x) { return std::vector<double>(20, x[0]); };
  const auto target = target_of(std::vector<double>(20, 1.0), std::vector<double>(20, 1.0));
  const auto spread = [&](const bool localise) {
    // Means over the unseen parameters and over seeds.
    double sum = 0.0;
    for (std::uint64_t seed = 0; seed < 10; ++seed)
    {
      KalmanOptions options;
      options.members = 22;
      options.localise = localise;
      // Members that fail make room for correlations by chance: the first ensemble has none.
      const auto result = ensemble_kalman(prior_of(texts), target, ask_failing_model(model, 1000), options, seed);
      const auto covariance = result.scores.covariance();
      CHECK(covariance(0, 0) < 0.3); // exact: 1/21
      for (std::size_t k = 1; k < 20; ++k)
        sum += covariance(k, k) / 190.0;
    }
    return sum;
  };
  const double with = spread(true);
  CHECK(with > 0.8);
  CHECK(with < 1.3);
}

TEST_CASE("Inflation widens, wrong options are refused", "[kalman]")
{
  KalmanOptions options;
  const auto prior = prior_of(priors);
  const auto target = target_of(data, deviations);
  const auto plain = ensemble_kalman(prior, target, ask_model(linear), options, 4);
  options.inflation = 1.1;
  const auto wide = ensemble_kalman(prior, target, ask_model(linear), options, 4);
  CHECK(wide.parameters.covariance()(0, 0) > 1.1 * plain.parameters.covariance()(0, 0));
  options.inflation = 0.9;
  CHECK_THROWS_AS(ensemble_kalman(prior, target, ask_model(linear), options, 4), InputError);
  options = {};
  options.members = 4;
  CHECK_THROWS_AS(ensemble_kalman(prior, target, ask_model(linear), options, 4), InputError);
}
