// PETSc TAO against least squares with known solutions, bounds, failed members and what is thrown below it.
#include "calibration/least_squares.h"
#include "calibration_asks.h"
#include "control/input_error.h"
#include "control/shared_fault.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;
using namespace nidus::test;

namespace
{
constexpr auto both = {LeastSquaresMethod::pounders, LeastSquaresMethod::gauss_newton};

LeastSquaresOptions options_of(const unsigned int evaluations)
{
  LeastSquaresOptions options;
  options.most_evaluations = evaluations;
  return options;
}

/// y_i = a exp(-b t_i) at t = 0, 0.5, ..., 4.
std::vector<double> decay(const std::vector<double> &x)
{
  std::vector<double> y;
  for (int i = 0; i < 9; ++i)
    y.push_back(x[0] * std::exp(-x[1] * 0.5 * i));
  return y;
}
} // namespace

TEST_CASE("Rosenbrock's valley is followed to its end", "[least_squares]")
{
  // Residuals 10 (y - x^2) and 1 - x: zero at (1, 1).
  const auto prior = prior_of({"uniform(-2, 2)", "uniform(-2, 2)"});
  const Model model = [](const auto &x) { return std::vector<double>{10.0 * (x[1] - x[0] * x[0]), x[0]}; };
  for (const auto method : both)
  {
    const auto found =
        least_squares(prior, target_of({0.0, 1.0}, {1.0, 1.0}), ask_model(model), method, {-1.2, 1.0}, options_of(400));
    INFO(found.n_members << " members; " << found.end);
    CHECK(found.parameters[0] == Approx(1.0).margin(1e-3));
    CHECK(found.parameters[1] == Approx(1.0).margin(2e-3));
    CHECK(found.misfit < 1e-6);
  }
}

TEST_CASE("An exponential decay with errors: the parameters, and their standard errors", "[least_squares]")
{
  const auto prior = prior_of({"log-normal(1, 3)", "uniform(0, 5)"});
  auto data = decay({2.0, 0.7});
  // Errors that are orthogonal to both derivatives would leave the solution; these move it, to where the gradient is
  // zero.
  const double errors[] = {0.05, -0.03, 0.02, 0.04, -0.05, 0.01, -0.02, 0.03, -0.01};
  for (int i = 0; i < 9; ++i)
    data[i] += errors[i];
  const double s = 0.04;
  for (const auto method : both)
  {
    const auto found = least_squares(prior, target_of(data, std::vector<double>(9, s)), ask_model(decay), method,
                                     {1.0, 2.0}, options_of(400));
    INFO(found.parameters[0] << ", " << found.parameters[1] << ": " << found.n_members << " members; " << found.end);
    const double a = found.parameters[0], b = found.parameters[1];
    double by_a = 0.0, by_b = 0.0, aa = 0.0, ab = 0.0, bb = 0.0;
    for (int i = 0; i < 9; ++i)
    {
      const double t = 0.5 * i, slope_a = std::exp(-b * t) / s, slope_b = -a * t * std::exp(-b * t) / s;
      const double residual = (a * std::exp(-b * t) - data[i]) / s;
      by_a += residual * slope_a;
      by_b += residual * slope_b;
      aa += slope_a * slope_a;
      ab += slope_a * slope_b;
      bb += slope_b * slope_b;
    }
    CHECK(found.converged);
    // A Newton step from what was found tells how far it is off: a hundredth of the standard error does not matter.
    const double determinant = aa * bb - ab * ab;
    CHECK(std::abs(bb * by_a - ab * by_b) / determinant < 1e-2 * std::sqrt(bb / determinant));
    CHECK(std::abs(aa * by_b - ab * by_a) / determinant < 1e-2 * std::sqrt(aa / determinant));
    CHECK(found.errors[0] == Approx(std::sqrt(bb / determinant)).epsilon(0.01));
    CHECK(found.errors[1] == Approx(std::sqrt(aa / determinant)).epsilon(0.01));
  }
}

TEST_CASE("Bounds hold in every member, and a solution may lie on them", "[least_squares]")
{
  // The decay has the rate 0.7; the prior ends at 0.5, where a = sum(y e) / sum(e^2) with e = exp(-0.5 t).
  const auto prior = prior_of({"uniform(0.1, 10)", "uniform(0.1, 0.5)"});
  const auto data = decay({2.0, 0.7}), shape = decay({1.0, 0.5});
  double above = 0.0, below = 0.0;
  for (int i = 0; i < 9; ++i)
  {
    above += data[i] * shape[i];
    below += shape[i] * shape[i];
  }
  for (const auto method : both)
  {
    bool inside = true;
    const Model watched = [&inside](const std::vector<double> &x) {
      inside = inside && x[0] >= 0.1 && x[0] <= 10.0 && x[1] >= 0.1 && x[1] <= 0.5;
      return decay(x);
    };
    const auto found = least_squares(prior, target_of(data, std::vector<double>(9, 0.05)), ask_model(watched), method,
                                     {5.0, 0.2}, options_of(400));
    INFO(found.n_members << " members; " << found.end);
    CHECK(inside);
    CHECK(found.parameters[1] == Approx(0.5).margin(1e-4));
    CHECK(found.parameters[0] == Approx(above / below).epsilon(1e-3));
  }
}

TEST_CASE("A region where members fail is left, faults come through, and budgets are checked", "[least_squares]")
{
  const auto prior = prior_of({"uniform(0, 4)", "uniform(0, 4)"});
  const Ask fails_far_out = [](const std::string &, const std::vector<Request> &requests) {
    std::vector<Answer> answers;
    for (const auto &request : requests)
      if (request.parameters[0] > 2.5)
        answers.push_back({true, {}});
      else
        answers.push_back({false, {{request.parameters[0], request.parameters[1] * request.parameters[0]}}});
    return answers;
  };
  for (const auto method : both)
  {
    const auto found =
        least_squares(prior, target_of({2.0, 3.0}, {0.1, 0.1}), fails_far_out, method, {2.499, 1.0}, options_of(400));
    INFO(found.n_failed << " of " << found.n_members << " failed; " << found.end);
    CHECK(found.parameters[0] == Approx(2.0).margin(0.01));
    CHECK(found.parameters[1] == Approx(1.5).margin(0.01));
    const Ask broken = [](const std::string &, const std::vector<Request> &) -> std::vector<Answer> {
      throw SharedFault("the model is broken");
    };
    CHECK_THROWS_WITH(least_squares(prior, target_of({2.0, 3.0}, {0.1, 0.1}), broken, method, {1.0, 1.0}, {}),
                      Catch::Contains("the model is broken"));
  }
  CHECK_THROWS_AS(least_squares(prior, target_of({2.0, 3.0}, {0.1, 0.1}), fails_far_out, LeastSquaresMethod::pounders,
                                {1.0, 1.0}, options_of(3)),
                  InputError);
}
