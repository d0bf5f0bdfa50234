// Designs, Morris screening and Sobol indices against closed forms.
#include "calibration/design.h"
#include "calibration/morris.h"
#include "calibration/sobol_indices.h"
#include "calibration_asks.h"
#include "control/input_error.h"
#include "control/shared_fault.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace nidus;
using namespace nidus::test;

namespace
{
constexpr double pi = 3.14159265358979323846;
const std::string angle = "uniform(-3.14159265358979323846, 3.14159265358979323846)";

std::vector<double> ishigami(const std::vector<double> &x)
{
  return {std::sin(x[0]) + 7.0 * std::pow(std::sin(x[1]), 2) + 0.1 * std::pow(x[2], 4) * std::sin(x[0])};
}

void check_interval(const SobolIndex &index, const double expected)
{
  CHECK(index.lower <= expected);
  CHECK(index.upper >= expected);
  // The interval would be of no use if it were wide.
  CHECK(index.upper - index.lower < 0.15);
}
} // namespace

TEST_CASE("A Latin hypercube has one point in each part, and the seed decides which", "[design]")
{
  const auto points = latin_hypercube(50, 3, 1);
  for (std::size_t k = 0; k < 3; ++k)
  {
    std::set<int> parts;
    for (const auto &point : points)
      parts.insert(static_cast<int>(point[k] * 50.0));
    CHECK(parts.size() == 50);
  }
  CHECK(points == latin_hypercube(50, 3, 1));
  CHECK(points != latin_hypercube(50, 3, 2));
}

TEST_CASE("Sobol's sequence integrates better than chance, without bias over shifts", "[design]")
{
  // The integral of prod (1 + (x_k - 1/2)) is 1, the variance of a single point (13/12)^4 - 1 = 0.377.
  const auto mean = [](const std::size_t n, const std::uint64_t seed) {
    double sum = 0.0;
    for (const auto &point : sobol_sequence(n, 4, seed))
    {
      double product = 1.0;
      for (const double x : point)
        product *= 0.5 + x;
      sum += product / static_cast<double>(n);
    }
    return sum;
  };
  constexpr std::size_t n = 1024;
  constexpr int n_shifts = 50;
  double bias = 0.0, squares = 0.0;
  for (std::uint64_t seed = 0; seed < n_shifts; ++seed)
  {
    const double error = mean(n, seed) - 1.0;
    bias += error / n_shifts;
    squares += error * error / n_shifts;
  }
  CHECK(std::abs(bias) < 3.0 * std::sqrt(squares / n_shifts));
  // By chance the root mean square would be sqrt(0.377 / n) = 0.019.
  CHECK(std::sqrt(squares) < 0.019 / 5.0);
  CHECK(sobol_sequence(16, 4, 3) != sobol_sequence(16, 4, 4));
  CHECK_THROWS_AS(sobol_sequence(16, 41, 1), InputError);
}

TEST_CASE("Morris: linear effects exactly, nonlinear and joint ones by their spread", "[morris]")
{
  const auto prior = prior_of({"uniform(0, 1)", "uniform(0, 1)", "uniform(0, 1)", "uniform(0, 1)"});
  const auto model = [](const std::vector<double> &x) {
    return std::vector<double>{2.0 * x[0] - 3.0 * x[1], std::pow(x[0] - 0.5, 2) + x[1] * x[2]};
  };
  const auto target = target_of({0.0, 0.0}, {1.0, 1.0});
  const auto result = morris_screening(prior, target, ask_model(model), {20, 4}, 5);
  CHECK(result.n_runs == 20 * 5);
  CHECK(result.n_failed == 0);
  const double slopes[] = {2.0, -3.0, 0.0, 0.0};
  for (std::size_t k = 0; k < 4; ++k)
  {
    const auto &linear = result.effects[0][k];
    CHECK(linear.mean == Approx(slopes[k]).margin(1e-12));
    CHECK(linear.mean_absolute == Approx(std::abs(slopes[k])).margin(1e-12));
    CHECK(linear.deviation == Approx(0.0).margin(1e-9));
    CHECK(linear.n == 20);
  }
  // (x - 1/2)^2 rises as often as it falls: only mu* and sigma see it.
  const auto &parabola = result.effects[1][0];
  CHECK(std::abs(parabola.mean) < 0.5 * parabola.mean_absolute);
  CHECK(parabola.deviation > 0.1);
  CHECK(result.effects[1][1].deviation > 0.1);
  CHECK(result.effects[1][3].mean_absolute == Approx(0.0).margin(1e-12));

  // Every 7th run fails: what it touches is left out, the rest stays exact.
  const auto broken = morris_screening(prior, target, ask_failing_model(model, 7), {20, 4}, 5);
  CHECK(broken.n_failed == 14);
  CHECK(broken.effects[0][0].n < 20);
  CHECK(broken.effects[0][0].mean == Approx(2.0));

  CHECK_THROWS_AS(morris_screening(prior, target, ask_model(model), {1, 4}, 5), InputError);
  CHECK_THROWS_AS(morris_screening(prior, target, ask_model(model), {10, 3}, 5), InputError);
}

TEST_CASE("Sobol indices of Ishigami's function lie in their 99 % intervals", "[sobol]")
{
  const auto prior = prior_of({angle, angle, angle});
  const double pi4 = std::pow(pi, 4), variance = 49.0 / 8.0 + 0.1 * pi4 / 5.0 + 0.01 * pi4 * pi4 / 18.0 + 0.5;
  const double first = 0.5 * std::pow(1.0 + 0.1 * pi4 / 5.0, 2) / variance, second = 49.0 / 8.0 / variance;
  const double joint = 0.01 * pi4 * pi4 * (1.0 / 18.0 - 1.0 / 50.0) / variance;
  const auto result = sobol_indices(prior, target_of({0.0}, {1.0}), ask_model(ishigami), {4096, 200, 0.99}, 11);
  CHECK(result.n_runs == 4096 * 5);
  CHECK(result.variance[0] == Approx(variance).epsilon(0.02));
  check_interval(result.first[0][0], first);
  check_interval(result.first[0][1], second);
  check_interval(result.first[0][2], 0.0);
  check_interval(result.total[0][0], first + joint);
  check_interval(result.total[0][1], second);
  check_interval(result.total[0][2], joint);
}

TEST_CASE("Sobol indices of the g-function, of a function and of runs of which some fail", "[sobol]")
{
  const std::vector<double> a = {0.0, 1.0, 4.5, 9.0};
  const auto g = [&a](const std::vector<double> &x) {
    double product = 1.0;
    for (std::size_t k = 0; k < a.size(); ++k)
      product *= (std::abs(4.0 * x[k] - 2.0) + a[k]) / (1.0 + a[k]);
    return std::vector<double>{product, 1.0};
  };
  double all = 1.0;
  for (const double value : a)
    all *= 1.0 + 1.0 / (3.0 * std::pow(1.0 + value, 2));
  const auto of_function = sobol_indices(4, 2, g, {4096, 200, 0.99}, 12);
  const std::string unit = "uniform(0, 1)";
  const auto of_runs = sobol_indices(prior_of({unit, unit, unit, unit}), target_of({0.0, 0.0}, {1.0, 1.0}),
                                     ask_failing_model(g, 29), {4096, 200, 0.99}, 12);
  CHECK(of_runs.n_failed > 800);
  for (const auto &result : {of_function, of_runs})
    for (std::size_t k = 0; k < 4; ++k)
    {
      const double own = 1.0 / (3.0 * std::pow(1.0 + a[k], 2));
      INFO("coordinate " << k << ", runs failed " << result.n_failed);
      check_interval(result.first[0][k], own / (all - 1.0));
      check_interval(result.total[0][k], own * all / (1.0 + own) / (all - 1.0));
      // An observable that does not vary has no parts of a variance.
      CHECK(std::isnan(result.first[1][k].value));
    }
  CHECK_THROWS_AS(sobol_indices(4, 2, g, {4, 200, 0.99}, 12), InputError);
  CHECK_THROWS_AS(sobol_indices(prior_of({unit}), target_of({0.0}, {1.0}), ask_failing_model(g, 1), {64, 100, 0.9}, 1),
                  SharedFault);
}
