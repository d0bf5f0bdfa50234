// Priors: what they are, that they are cut and turned into coordinates rightly, and what they refuse.
#include "calibration/draws.h"
#include "calibration/prior.h"
#include "control/input_error.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace nidus;

namespace
{
constexpr double infinity = std::numeric_limits<double>::infinity();

Marginal marginal(const std::string &text, const double lower = -infinity, const double upper = infinity)
{
  return parse_marginal(text, lower, upper, "Parameters/a/Prior");
}

/// Integral of the density from a to b by Simpson's rule; away from spikes and singular ends.
double probability(const Marginal &prior, const double a, const double b)
{
  constexpr int n = 20000;
  double sum = 0.0;
  for (int i = 0; i <= n; ++i)
    sum += (i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4.0 : 2.0) * std::exp(prior.log_density(a + (b - a) * i / n));
  return sum * (b - a) / (3.0 * n);
}

std::vector<Marginal> examples()
{
  return {marginal("uniform(-2, 3)"),
          marginal("uniform(-2, 3)", 0.0, 1.5),
          marginal("log-uniform(0.5, 30)"),
          marginal("normal(1, 2)"),
          marginal("normal(0, 1)", 0.0),
          marginal("normal(0, 1)", 5.0, 5.5),
          marginal("normal(0, 1)", -6.5, -6.0),
          marginal("log-normal(25, 2)"),
          marginal("log-normal(25, 2)", 30.0, 40.0),
          marginal("beta(2, 5)"),
          marginal("beta(2, 5)", 0.1, 0.4),
          marginal("laplace(0, 0.3)"),
          marginal("laplace(0, 0.3)", 1.0, 3.0)};
}
} // namespace

TEST_CASE("The coordinate of a parameter is the integral of its density, cut or not", "[prior]")
{
  std::size_t number = 0;
  for (const auto &prior : examples())
  {
    INFO("example " << number++);
    for (const double u : {0.02, 0.3, 0.5, 0.9})
    {
      const double low = prior.from_unit(u), high = prior.from_unit(u + 0.05);
      CHECK(probability(prior, low, high) == Approx(0.05).epsilon(1e-6));
      CHECK(prior.to_unit(low) == Approx(u).epsilon(1e-9));
    }
    CHECK(prior.from_unit(1e-12) >= prior.least());
    CHECK(prior.from_unit(1.0 - 1e-12) <= prior.greatest());
    CHECK(prior.log_density(std::nextafter(prior.least(), -infinity)) == -infinity);
  }
}

TEST_CASE("Scores keep their digits in both tails", "[prior]")
{
  for (const auto &prior : examples())
    for (const double score : {-6.0, -2.0, 0.0, 2.0})
      CHECK(prior.to_score(prior.from_score(score)) == Approx(score).epsilon(1e-6).margin(1e-9));
  // What a normal prior makes of a score far out is known.
  CHECK(marginal("normal(1, 2)").from_score(9.0) == Approx(19.0).epsilon(1e-12));
  CHECK(marginal("normal(1, 2)").from_score(-9.0) == Approx(-17.0).epsilon(1e-12));
  CHECK(marginal("log-normal(25, 2)").from_score(8.5) == Approx(25.0 * std::pow(2.0, 8.5)).epsilon(1e-12));
  CHECK(marginal("laplace(0, 0.3)").from_score(-7.0) ==
        Approx(0.3 * std::log(std::erfc(7.0 / std::sqrt(2.0)))).epsilon(1e-12));
}

TEST_CASE("Beta priors with exponents below one reach their ends", "[prior]")
{
  const auto prior = marginal("beta(0.05, 0.5)");
  // P(x < t) is about t^0.05 / (0.05 B(0.05, 0.5)) for small t.
  const double beta = std::exp(std::lgamma(0.05) + std::lgamma(0.5) - std::lgamma(0.55));
  CHECK(prior.from_unit(1e-3) == Approx(std::pow(1e-3 * 0.05 * beta, 20.0)).epsilon(1e-6));
  CHECK(prior.to_unit(prior.from_unit(0.999)) == Approx(0.999).epsilon(1e-9));
}

TEST_CASE("A spike has its probability, the slab the rest", "[prior]")
{
  const auto prior = marginal("spike-and-slab(0.4, 0, laplace(0, 0.3))");
  Draws draws(1, 2);
  constexpr int n = 20000;
  int at_spike = 0, above = 0;
  for (int i = 0; i < n; ++i)
  {
    const double value = prior.from_score(draws.normal());
    at_spike += value == 0.0;
    above += value > 0.3 * std::log(2.0); // half of the upper half of the slab
  }
  CHECK(std::abs(at_spike / double(n) - 0.4) < 3.0 * std::sqrt(0.24 / n));
  CHECK(std::abs(above / double(n) - 0.15) < 3.0 * std::sqrt(0.1275 / n));
  CHECK(prior.from_score(prior.to_score(0.0)) == 0.0);
  CHECK(std::exp(prior.log_density(0.0)) == Approx(0.4));
  CHECK(probability(prior, 1e-9, 6.0) == Approx(0.3).epsilon(1e-5));
  for (const double value : {-1.0, -0.01, 0.2, 2.0})
    CHECK(prior.from_score(prior.to_score(value)) == Approx(value).epsilon(1e-9));
}

TEST_CASE("Dirichlet groups have their moments and density", "[prior]")
{
  Prior prior;
  prior.add("speed", marginal("log-uniform(0.1, 10)"));
  prior.add_group({"self", "dead", "both"}, {2.0, 0.5, 3.0}, "Parameters/fates");
  REQUIRE(prior.n_parameters() == 4);
  REQUIRE(prior.n_coordinates() == 3);
  CHECK(prior.coordinate_name(2) == "dead within its group");

  Draws draws(3, 4);
  constexpr int n = 20000;
  const double alpha[] = {2.0, 0.5, 3.0}, total = 5.5;
  double sum[3] = {}, squares[3] = {};
  for (int i = 0; i < n; ++i)
  {
    const auto parameters = prior.from_unit({draws.uniform(), draws.uniform(), draws.uniform()});
    CHECK(parameters[1] + parameters[2] + parameters[3] == Approx(1.0).epsilon(1e-14));
    for (int k = 0; k < 3; ++k)
    {
      sum[k] += parameters[k + 1];
      squares[k] += parameters[k + 1] * parameters[k + 1];
    }
  }
  for (int k = 0; k < 3; ++k)
  {
    const double mean = alpha[k] / total, variance = mean * (1.0 - mean) / (total + 1.0);
    INFO("fraction " << k);
    CHECK(std::abs(sum[k] / n - mean) < 3.0 * std::sqrt(variance / n));
    // The fourth moment is below the second, so this bound of the standard error is safe and still tight.
    CHECK(std::abs(squares[k] / n - variance - mean * mean) < 3.0 * std::sqrt(0.1 / n));
  }

  const std::vector<double> parameters = {2.0, 0.3, 0.1, 0.6};
  double expected = std::lgamma(total) - std::log(2.0) - std::log(std::log(100.0));
  for (int k = 0; k < 3; ++k)
    expected += (alpha[k] - 1.0) * std::log(parameters[k + 1]) - std::lgamma(alpha[k]);
  CHECK(prior.log_density(parameters) == Approx(expected).epsilon(1e-10));
  const auto back = prior.from_scores(prior.to_scores(parameters));
  for (std::size_t p = 0; p < 4; ++p)
    CHECK(back[p] == Approx(parameters[p]).epsilon(1e-9));
}

TEST_CASE("Priors that are none are refused with the entry, what is allowed and the cure", "[prior]")
{
  const auto refused = [](const std::string &text, const double lower, const double upper, const std::string &part) {
    INFO(text);
    try
    {
      marginal(text, lower, upper);
      FAIL_CHECK("was taken");
    }
    catch (const InputError &error)
    {
      const std::string what = error.what();
      INFO(what);
      CHECK(what.find("Parameters/a/Prior") != std::string::npos);
      CHECK(what.find(part) != std::string::npos);
      CHECK(what.find("Cure: ") != std::string::npos);
    }
  };
  refused("gamma(1, 2)", -infinity, infinity, "choose one of these");
  refused("normal(1)", -infinity, infinity, "choose one of these");
  refused("normal(1, two)", -infinity, infinity, "numbers between the brackets");
  refused("normal(1, 0)", -infinity, infinity, "above 0");
  refused("uniform(3, 1)", -infinity, infinity, "above 0");
  refused("log-uniform(0, 1)", -infinity, infinity, "above 0");
  refused("log-normal(25, 1)", -infinity, infinity, "above 1");
  refused("beta(0, 1)", -infinity, infinity, "above 0");
  refused("uniform(0, 1)", 2.0, 3.0, "move the bounds or the prior");
  refused("normal(0, 1)", 9.0, 10.0, "move the bounds or the prior");
  refused("normal(0, 1)", 2.0, 1.0, "lower bound below");
  refused("spike-and-slab(0.5, 2, uniform(0, 1))", 0.0, 1.0, "spike between the bounds");
  refused("spike-and-slab(1, 0, uniform(0, 1))", 0.0, 1.0, "(0, 1)");
  refused("spike-and-slab(0.5, 0, spike-and-slab(0.5, 0, uniform(0, 1)))", 0.0, 1.0, "one spike only");
  Prior prior;
  CHECK_THROWS_AS(prior.add_group({"a"}, {1.0}, "Parameters/g"), InputError);
  CHECK_THROWS_AS(prior.add_group({"a", "b"}, {1.0, 0.0}, "Parameters/g"), InputError);
}
