// Markov chains against moments that are known, and what is said of chains that have not converged.
#include "calibration/chain_diagnostics.h"
#include "calibration/draws.h"
#include "calibration/markov_chain.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;

namespace
{
/// Within four standard errors of a mean of effectively independent draws.
void check_mean(const Chains &chains, const std::size_t k, const double expected, const double deviation)
{
  double sum = 0.0, n = 0.0;
  for (const auto &chain : chains.points)
    for (const auto &point : chain)
    {
      sum += point[k];
      n += 1.0;
    }
  INFO("mean " << sum / n << " of " << expected << ", effective number " << chains.effective[k]);
  CHECK(std::abs(sum / n - expected) < 4.0 * deviation / std::sqrt(chains.effective[k]));
}

/// Mean square of number @p k, to compare with its second moment.
double mean_square(const Chains &chains, const std::size_t k)
{
  double sum = 0.0, n = 0.0;
  for (const auto &chain : chains.points)
    for (const auto &point : chain)
    {
      sum += point[k] * point[k];
      n += 1.0;
    }
  return sum / n;
}

std::vector<std::vector<double>> autoregression(const double memory, const std::size_t length, const double apart)
{
  Draws draws(5, 1);
  std::vector<std::vector<double>> chains(4);
  for (std::size_t c = 0; c < 4; ++c)
  {
    double x = draws.normal();
    for (std::size_t i = 0; i < length; ++i)
    {
      x = memory * x + std::sqrt(1.0 - memory * memory) * draws.normal();
      chains[c].push_back(x + apart * static_cast<double>(c));
    }
  }
  return chains;
}
} // namespace

TEST_CASE("The effective number of an autoregression, and R-hat of chains that are apart", "[chains]")
{
  // Independent draws over actual ones: (1 - r) / (1 + r).
  for (const double memory : {0.0, 0.6, 0.9})
  {
    const auto chains = autoregression(memory, 5000, 0.0);
    CHECK(effective_number(chains) == Approx(20000.0 * (1.0 - memory) / (1.0 + memory)).epsilon(0.15));
    CHECK(split_r_hat(chains) < 1.01);
  }
  // Means 0, 1, 2, 3 with variance 1 within: variance between 5/3, R-hat = sqrt(1 + 5/3 x 6/7) for halves.
  CHECK(split_r_hat(autoregression(0.0, 5000, 1.0)) == Approx(std::sqrt(1.0 + 5.0 / 3.0 * 6.0 / 7.0)).epsilon(0.02));
  CHECK(effective_number(autoregression(0.0, 5000, 1.0)) < 20.0);
}

TEST_CASE("Chains find the moments of a banana", "[chains]")
{
  // x is N(0, 1), y - (x^2 - 1) is N(0, 1/4): means 0, variances 1 and 1/4 + 2, no correlation.
  const LogDensity banana = [](const std::vector<double> &p) {
    const double off = p[1] - (p[0] * p[0] - 1.0);
    return -0.5 * p[0] * p[0] - 0.5 * off * off / 0.25;
  };
  ChainOptions options;
  options.warm_up = 4000;
  options.steps = 25000;
  const auto chains = adaptive_metropolis(banana, {{2, 2}, {-2, 2}, {0, -2}, {1, 5}}, options, 3);
  for (std::size_t k = 0; k < 2; ++k)
  {
    CHECK(chains.r_hat[k] < 1.02);
    CHECK(chains.effective[k] > 500.0);
  }
  check_mean(chains, 0, 0.0, 1.0);
  check_mean(chains, 1, 0.0, 1.5);
  // Mean squares: the variance of x^2 is 2, that of y^2 60 + 12/4 + 2/16 (moments of x^2 - 1: 2, 8, 60; and a
  // Gaussian).
  CHECK(mean_square(chains, 0) == Approx(1.0).margin(4.0 * std::sqrt(2.0 / chains.effective[0])));
  CHECK(mean_square(chains, 1) == Approx(2.25).margin(4.0 * std::sqrt(60.0 / chains.effective[1])));
  CHECK(chains.acceptance > 0.1);
  CHECK(chains.acceptance < 0.5);
  CHECK(chains.doubts({"x", "y"}).empty());
  CHECK(chains.sample(1000).points.size() == 1000);
  CHECK(chains.sample(10).points.size() == 10);
  CHECK(chains.sample(1000000).points.size() == 100000);
}

TEST_CASE("Chains that stay in different modes say so, and the seed decides all", "[chains]")
{
  const LogDensity two_modes = [](const std::vector<double> &p) {
    const double left = -0.5 * std::pow((p[0] + 20.0) / 0.5, 2), right = -0.5 * std::pow((p[0] - 20.0) / 0.5, 2);
    return std::max(left, right) - 0.5 * p[1] * p[1];
  };
  ChainOptions options;
  options.warm_up = 500;
  options.steps = 500;
  const std::vector<std::vector<double>> starts = {{-20, 0}, {20, 0}, {-20, 1}, {20, 1}};
  const auto chains = adaptive_metropolis(two_modes, starts, options, 1);
  CHECK(chains.r_hat[0] > 5.0);
  const auto doubts = chains.doubts({"place", "other"});
  REQUIRE_FALSE(doubts.empty());
  CHECK(doubts[0].find("'place'") != std::string::npos);
  CHECK(doubts[0].find("not to be trusted") != std::string::npos);
  CHECK(adaptive_metropolis(two_modes, starts, options, 1).points == chains.points);
  CHECK(adaptive_metropolis(two_modes, starts, options, 2).points != chains.points);
}
