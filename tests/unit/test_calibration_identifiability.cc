// Profile likelihoods and combinations of parameters where it is known what data can tell.
#include "calibration/combinations.h"
#include "calibration/design.h"
#include "calibration/draws.h"
#include "calibration/emulated_posterior.h"
#include "calibration/profile_likelihood.h"
#include "calibration_asks.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;
using namespace nidus::test;

namespace
{
/// Of Gaussian data, as a function of natural coordinates.
LogDensity likelihood_of(const Prior &prior, const Model &model, const std::vector<double> &data,
                         const std::vector<double> &deviations)
{
  return [coordinates = NaturalCoordinates(prior), model, data, deviations](const std::vector<double> &natural) {
    const auto y = model(coordinates.to_parameters(natural));
    double sum = 0.0;
    for (std::size_t m = 0; m < data.size(); ++m)
      sum -= 0.5 * std::pow((data[m] - y[m]) / deviations[m], 2);
    return sum;
  };
}

/// Draws whose logarithms have what @p of gives for standard normal numbers.
template <typename Function>
WeightedSamples logarithms(const std::size_t n_numbers, const Function &of)
{
  Draws draws(3, 1);
  std::vector<std::vector<double>> points;
  for (int i = 0; i < 2000; ++i)
  {
    auto point = of(draws.normals(n_numbers));
    for (double &value : point)
      value = std::exp(value);
    points.push_back(point);
  }
  return equally_weighted(points);
}
} // namespace

TEST_CASE("The profile of a linear model is a parabola, and its interval is the classical one", "[profile]")
{
  // y = (a + b, a - b, b): information ((w0 + w1, w0 - w1), (w0 - w1, w0 + w1 + w2)).
  const auto prior = prior_of({"uniform(-10, 10)", "normal(0, 4)"});
  const Model model = [](const auto &x) { return std::vector<double>{x[0] + x[1], x[0] - x[1], x[1]}; };
  const std::vector<double> data = {3.0, 1.0, 1.4}, deviations = {0.5, 1.0, 0.7};
  const double w0 = 4.0, w1 = 1.0, w2 = 1.0 / 0.49;
  Matrix information(2, 2);
  information(0, 0) = w0 + w1;
  information(0, 1) = information(1, 0) = w0 - w1;
  information(1, 1) = w0 + w1 + w2;
  const auto factor = *Cholesky::of(information);
  const auto best = factor.solve({w0 * 3.0 + w1 * 1.0, w0 * 3.0 - w1 * 1.0 + w2 * 1.4});
  const auto covariance = factor.inverse();

  const auto profiles = profile_likelihood(likelihood_of(prior, model, data, deviations), prior, {0.0, 0.0}, 15);
  REQUIRE(profiles.size() == 2);
  for (std::size_t k = 0; k < 2; ++k)
  {
    const double deviation = std::sqrt(covariance(k, k));
    CHECK(profiles[k].kind == Profile::Kind::identifiable);
    CHECK(profiles[k].lower == Approx(best[k] - 1.644854 * deviation).margin(0.02 * deviation));
    CHECK(profiles[k].upper == Approx(best[k] + 1.644854 * deviation).margin(0.02 * deviation));
    for (std::size_t i = 0; i < profiles[k].values.size(); ++i)
      CHECK(profiles[k].drops[i] ==
            Approx(std::pow((profiles[k].values[i] - best[k]) / deviation, 2)).epsilon(0.01).margin(0.01));
  }
}

TEST_CASE("A parameter that saturates is bounded on one side, and one without effect on none", "[profile]")
{
  const auto prior = prior_of({"log-uniform(0.01, 1000)", "uniform(0, 1)"});
  const Model model = [](const auto &x) { return std::vector<double>{x[0] / (1.0 + x[0])}; };
  const auto profiles = profile_likelihood(likelihood_of(prior, model, {0.99}, {0.03}), prior, {0.0, 0.0}, 15);
  CHECK(profiles[0].kind == Profile::Kind::one_sided);
  // 0.99 - 1.645 x 0.03 = a / (1 + a).
  const double least = 0.99 - 1.644854 * 0.03;
  CHECK(profiles[0].lower == Approx(least / (1.0 - least)).epsilon(0.02));
  CHECK(std::isnan(profiles[0].upper));
  CHECK(profiles[0].words.find("one side only: above 15") != std::string::npos);
  CHECK(profiles[1].kind == Profile::Kind::not_identifiable);
  CHECK(profiles[1].words.find("as good everywhere") != std::string::npos);
}

TEST_CASE("A model of a product alone: neither factor is identifiable, the product is known", "[profile]")
{
  const auto prior = prior_of({"log-uniform(0.1, 10)", "log-uniform(0.1, 10)", "uniform(-1, 1)"});
  const Model model = [](const auto &x) { return std::vector<double>{std::log(x[0] * x[1]), x[2]}; };
  std::vector<Request> requests;
  for (const auto &point : latin_hypercube(50, 3, 2))
    requests.push_back({prior.from_unit(point), 0});
  std::vector<Run> runs;
  keeping(ask_model(model), runs)("design", requests);
  EmulatedOptions options;
  options.rounds = 0;
  options.sobol_points = 0;
  const auto found = emulated_posterior(prior, target_of({0.7, 0.2}, {0.05, 0.1}), ask_model(model), runs, options, 2);
  const LogDensity density = [&found](const auto &natural) { return found.emulator->log_likelihood(natural); };
  const auto profiles = profile_likelihood(density, prior, found.emulator->best_run(), 15);
  CHECK(profiles[0].kind != Profile::Kind::identifiable);
  CHECK(profiles[1].kind != Profile::Kind::identifiable);
  CHECK(profiles[2].kind == Profile::Kind::identifiable);

  const auto combinations = known_combinations(prior, found.parameters);
  REQUIRE(combinations.size() == 1);
  CHECK(combinations[0].parameters == std::vector<std::size_t>{0, 1});
  CHECK(combinations[0].exponents == std::vector<double>{1.0, 1.0});
  CHECK(combinations[0].words.find("Only the product 'a' * 'b' is known") != std::string::npos);
  // The deviation of ln(ab) is 0.05, that of ln a under the prior ln(100) / sqrt(12); the direction has unit length.
  CHECK(combinations[0].of_prior == Approx(0.05 / std::sqrt(2.0) / (std::log(100.0) / std::sqrt(12.0))).epsilon(0.2));
}

TEST_CASE("Ratios, powers, sums and products of three are told by name; what is known is not", "[combinations]")
{
  const auto words = [](const Prior &prior, const WeightedSamples &samples) {
    std::string all;
    for (const auto &combination : known_combinations(prior, samples))
      all += combination.words + "\n";
    return all;
  };
  // Priors of unlike widths: the exponents are those of the parameters, not of their widths.
  const auto unlike = prior_of({"log-normal(1, 2.718281828)", "log-normal(1, 7.389056)"});
  const auto ratio = words(unlike, logarithms(2, [](const auto &z) {
                             return std::vector<double>{z[0] + 0.02 * z[1], z[0]};
                           }));
  CHECK(ratio.find("ratio 'a' / 'b' is known") != std::string::npos);
  const auto square = words(unlike, logarithms(2, [](const auto &z) {
                              return std::vector<double>{z[0] + 0.02 * z[1], -2.0 * z[0]};
                            }));
  CHECK(square.find("product 'a' * 'b'^0.5 is known") != std::string::npos);

  const auto lines = prior_of({"normal(0, 1)", "normal(0, 1)"});
  auto sum = logarithms(2, [](const auto &z) { return std::vector<double>{z[0], -z[0] + 0.02 * z[1]}; });
  for (auto &point : sum.points)
    for (double &value : point)
      value = std::log(value);
  CHECK(words(lines, sum).find("sum 'a' + 'b' is known") != std::string::npos);

  const auto three =
      prior_of({"log-normal(1, 2.718281828)", "log-normal(1, 2.718281828)", "log-normal(1, 2.718281828)"});
  const auto product = words(three, logarithms(3, [](const auto &z) {
                               const double mean = (z[0] + z[1] + z[2]) / 3.0;
                               return std::vector<double>{z[0] - 0.97 * mean, z[1] - 0.97 * mean, z[2] - 0.97 * mean};
                             }));
  CHECK(product.find("product 'a' * 'b' * 'c' is known") != std::string::npos);
  // Independent as the prior, or known each by itself though correlated.
  CHECK(words(three, logarithms(3, [](const auto &z) { return z; })).empty());
  CHECK(words(unlike, logarithms(2,
                                 [](const auto &z) {
                                   return std::vector<double>{0.05 * z[0], 0.05 * (z[0] + 0.1 * z[1])};
                                 }))
            .empty());
}
