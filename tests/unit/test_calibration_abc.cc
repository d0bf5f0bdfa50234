// ABC-SMC against conjugate posteriors, with the standard error of the particles.
#include "calibration/abc_smc.h"
#include "calibration/draws.h"
#include "calibration_asks.h"
#include "control/input_error.h"
#include "control/random.h"
#include "control/shared_fault.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;
using namespace nidus::test;

namespace
{
/// Mean within 3 standard errors; the variance within 3 standard errors (of a Gaussian) and the part @p excess, by
/// which a tolerance above zero widens it.
void check_moments(const AbcResult &result, const double mean, const double variance, const double excess)
{
  const double n = result.parameters.effective_number();
  INFO("mean " << result.parameters.mean()[0] << " of " << mean << ", variance " << result.parameters.covariance()(0, 0)
               << " of " << variance << ", effective number " << n << ", last tolerance "
               << result.generations.back().tolerance << ", " << result.end);
  CHECK(n > 100.0);
  CHECK(std::abs(result.parameters.mean()[0] - mean) < 3.0 * std::sqrt(variance / n));
  CHECK(std::abs(result.parameters.covariance()(0, 0) / variance - 1.0) < 3.0 * std::sqrt(2.0 / n) + excess);
}
} // namespace

TEST_CASE("ABC finds the posterior of a normal mean, whose noise it adds itself", "[abc]")
{
  // Prior N(0, 2^2), datum 1.5 +- 0.5: precision 1/4 + 4.
  AbcOptions options;
  options.particles = 1000;
  options.generations = 6;
  const auto target = target_of({1.5}, {0.5});
  const auto prior = prior_of({"normal(0, 2)"});
  const auto result = abc_smc(prior, target, ask_model([](const auto &x) { return x; }), options, 1);
  check_moments(result, 1.5 * 4.0 / 4.25, 1.0 / 4.25, 0.02);
  REQUIRE(result.generations.size() == 6);
  for (std::size_t g = 1; g + 1 < 6; ++g)
    CHECK(result.generations[g + 1].tolerance < result.generations[g].tolerance * 1.2);
  CHECK(result.generations.back().tolerance < 0.2 * result.generations[1].tolerance);

  // Without the correction a coarse tolerance shows; with it hardly.
  options.generations = 3;
  const auto corrected = abc_smc(prior, target, ask_model([](const auto &x) { return x; }), options, 1);
  check_moments(corrected, 1.5 * 4.0 / 4.25, 1.0 / 4.25, 0.05);
  options.regression = false;
  const auto coarse = abc_smc(prior, target, ask_model([](const auto &x) { return x; }), options, 1);
  CHECK(coarse.parameters.covariance()(0, 0) > 1.1 * corrected.parameters.covariance()(0, 0));
}

TEST_CASE("ABC finds the posterior of a Poisson rate, and the rate may fail", "[abc]")
{
  // Prior exponential-like: log-normal has no conjugate, so a uniform prior on (0, 30) and 7 counts: Gamma(8, 1).
  const Ask ask = [](const std::string &, const std::vector<Request> &requests) {
    std::vector<Answer> answers;
    for (const auto &request : requests)
      answers.push_back({false,
                         {{static_cast<double>(random::poisson({5, request.stream, 0, random::Purpose::calibration},
                                                               request.parameters[0]))}}});
    return answers;
  };
  AbcOptions options;
  options.particles = 1000;
  options.generations = 6;
  options.measurement_noise = false;
  const auto prior = prior_of({"uniform(0, 30)"});
  const auto result = abc_smc(prior, target_of({7.0}, {0.0}), ask, options, 2);
  check_moments(result, 8.0, 8.0, 0.0);

  // A third of all runs fails, whatever the rate: the posterior stays.
  const Ask failing = [&ask](const std::string &stage, const std::vector<Request> &requests) {
    auto answers = ask(stage, requests);
    for (std::size_t i = 0; i < answers.size(); i += 3)
      answers[i] = {true, {}};
    return answers;
  };
  const auto broken = abc_smc(prior, target_of({7.0}, {0.0}), failing, options, 3);
  CHECK(broken.n_failed > broken.n_runs / 4);
  check_moments(broken, 8.0, 8.0, 0.0);

  const Ask dead = [](const std::string &, const std::vector<Request> &requests) {
    return std::vector<Answer>(requests.size(), Answer{true, {}});
  };
  CHECK_THROWS_AS(abc_smc(prior, target_of({7.0}, {0.0}), dead, options, 3), SharedFault);
}

TEST_CASE("ABC weighs observables of unlike size alike, keeps its budget, and refuses wrong options", "[abc]")
{
  // Two parameters, one seen through an observable a million times greater.
  const auto prior = prior_of({"normal(0, 1)", "normal(0, 1)"});
  const auto model = [](const std::vector<double> &x) { return std::vector<double>{x[0], 1e6 * x[1]}; };
  AbcOptions options;
  options.particles = 600;
  options.generations = 6;
  const auto target = target_of({1.0, 1e6}, {0.5, 0.5e6});
  const auto result = abc_smc(prior, target, ask_model(model), options, 4);
  const double error = 3.0 * std::sqrt(0.2 / result.parameters.effective_number());
  for (std::size_t k = 0; k < 2; ++k)
    CHECK(std::abs(result.parameters.mean()[k] - 0.8) < error);

  options.budget = 2000;
  const auto short_of_runs = abc_smc(prior, target, ask_model(model), options, 4);
  CHECK(short_of_runs.n_runs <= 2000);
  CHECK(std::string(short_of_runs.end) == "the budget is spent");
  options.budget = 100;
  CHECK_THROWS_AS(abc_smc(prior, target, ask_model(model), options, 4), InputError);
  options = {};
  options.particles = 3;
  CHECK_THROWS_AS(abc_smc(prior, target, ask_model(model), options, 4), InputError);
  options = {};
  options.kept = 1.0;
  CHECK_THROWS_AS(abc_smc(prior, target, ask_model(model), options, 4), InputError);
}
