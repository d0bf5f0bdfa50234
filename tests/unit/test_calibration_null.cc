// H0 against H1 where the Bayes factor and the likelihood ratio are known.
#include "calibration/design.h"
#include "calibration/emulated_posterior.h"
#include "calibration/ensemble_kalman.h"
#include "calibration/null_hypothesis.h"
#include "calibration_asks.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;
using namespace nidus::test;

namespace
{
/// An effect b on the difference of two data, of which only the second shows it; a is a nuisance. Deviations @p s.
std::vector<double> model(const std::vector<double> &x)
{
  return {x[0], x[0] + x[1]};
}

/// ln of the Bayes factor for b ~ N(0, 1) over b = 0, with a ~ N(0, 1) and data @p y. Of two Gaussian evidences with
/// covariances C0 = s^2 I + J and C1 = C0 + diag(0, 1).
double exact_log_factor(const std::vector<double> &y, const double s)
{
  const auto log_evidence = [&](const double of_effect) {
    Matrix covariance(2, 2);
    covariance(0, 0) = 1.0 + s * s;
    covariance(0, 1) = covariance(1, 0) = 1.0;
    covariance(1, 1) = 1.0 + s * s + of_effect;
    const auto factor = *Cholesky::of(covariance);
    return -0.5 * inner_product(y, factor.solve(y)) - 0.5 * factor.log_determinant();
  };
  return log_evidence(1.0) - log_evidence(0.0);
}

const NullHypothesis no_effect{{1}, {0.0}};

EmulatedResult on_emulator(const Prior &prior, const Target &target)
{
  std::vector<Run> runs;
  keeping(ask_model(model), runs)("design", [&prior] {
    std::vector<Request> requests;
    for (const auto &point : latin_hypercube(30, 2, 1))
      requests.push_back({prior.from_unit(point), 0});
    return requests;
  }());
  EmulatedOptions options;
  options.rounds = 0;
  options.sobol_points = 0;
  options.steps = {2000, 8000};
  return emulated_posterior(prior, target, ask_model(model), runs, options, 1);
}
} // namespace

TEST_CASE("Savage and Dickey's ratio is the Bayes factor of a linear Gaussian problem", "[null]")
{
  const auto prior = prior_of({"normal(0, 1)", "normal(0, 1)"});
  constexpr double s = 0.1;
  struct Case
  {
    double effect;
    const char *verdict;
  };
  for (const auto &[effect, verdict] : {Case{0.0, "no effect"}, Case{0.33, "undecided"}, Case{1.0, "effect"}})
  {
    const std::vector<double> data = {0.5, 0.5 + effect};
    const auto target = target_of(data, {s, s});
    const double expected = exact_log_factor(data, s);
    const auto emulated = on_emulator(prior, target);
    const auto kalman = ensemble_kalman(prior, target, ask_model(model), {}, 1);
    const double effective = *std::min_element(emulated.effective.begin(), emulated.effective.end());
    const auto by_chains = savage_dickey(prior, no_effect, emulated.parameters, effective, false, 1),
               by_kalman = savage_dickey(prior, no_effect, kalman.parameters, 60.0, true, 1);
    INFO("effect " << effect << ": " << by_chains.log << " +- " << by_chains.error << " by chains, " << by_kalman.log
                   << " +- " << by_kalman.error << " by Kalman inversion, " << expected << " exactly");
    // Kernels may flatten a peak a little; in the tail the width of the fitted normal distribution is all.
    CHECK(std::abs(by_chains.log - expected) < 4.0 * by_chains.error + 0.05);
    CHECK(std::abs(by_kalman.log - expected) < 3.0 * by_kalman.error);
    CHECK(judged(by_chains, {}, {"b"}).verdict == verdict);
    CHECK(by_chains.how.find(effect > 0.5 ? "side is not" : "kernel") != std::string::npos);

    // The gain of a free effect in -2 ln L: difference^2 / (2 s^2), whatever a.
    const double statistic = effect * effect / (2.0 * s * s);
    const auto ratio = likelihood_ratio(*emulated.emulator, prior, no_effect);
    CHECK(ratio.statistic == Approx(statistic).epsilon(0.05).margin(0.05));
    CHECK(ratio.delta_aic == Approx(ratio.statistic - 2.0));
    CHECK(ratio.delta_bic == Approx(ratio.statistic - std::log(2.0)));
    const auto by_runs = likelihood_ratio(prior, target, ask_model(model), no_effect, kalman.parameters, false);
    REQUIRE(by_runs);
    // The centre of the posterior is drawn to the prior a little.
    CHECK(by_runs->statistic == Approx(statistic).epsilon(0.1).margin(0.1));
  }
  CHECK(likelihood_ratio(3.841459, 1, 2, "").p_value == Approx(0.05).epsilon(1e-4));
}

TEST_CASE("A spike is tested by odds, and a spike that no draw reaches is a bound", "[null]")
{
  // b is 0 or N(0, 1) with equal probability, so the factor is that of the slab.
  const auto prior = prior_of({"normal(0, 1)", "spike-and-slab(0.5, 0, normal(0, 1))"});
  constexpr double s = 0.1;
  for (const double effect : {0.0, 0.3})
  {
    const std::vector<double> data = {0.5, 0.5 + effect};
    const auto emulated = on_emulator(prior, target_of(data, {s, s}));
    const double effective = *std::min_element(emulated.effective.begin(), emulated.effective.end());
    const auto factor = savage_dickey(prior, no_effect, emulated.parameters, effective, false, 1);
    INFO(factor.log << " +- " << factor.error << " of " << exact_log_factor(data, s) << ", " << effective
                    << " effective draws");
    CHECK(std::abs(factor.log - exact_log_factor(data, s)) < 4.0 * factor.error);
    CHECK_FALSE(factor.bound);
  }
  WeightedSamples far = equally_weighted({{0.5, 1.0}, {0.5, 1.1}, {0.4, 0.9}, {0.45, 1.05}});
  const auto factor = savage_dickey(prior, no_effect, far, 4.0, false, 1);
  CHECK(factor.bound);
  CHECK(factor.log > 0.0);
}

TEST_CASE("A verdict takes the error to the careful side", "[null]")
{
  const auto verdict = [](const double log, const double error) {
    BayesFactor factor;
    factor.log = log;
    factor.error = error;
    return judged(factor, {}, {"b"}).verdict;
  };
  CHECK(verdict(3.1, 0.05) == "effect");
  CHECK(verdict(3.1, 0.5) == "undecided");
  CHECK(verdict(-1.2, 0.05) == "no effect");
  CHECK(verdict(-1.2, 0.5) == "undecided");
  CHECK(verdict(std::nan(""), 0.1) == "not decided");
}
