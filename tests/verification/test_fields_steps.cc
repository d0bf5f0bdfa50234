// Time schemes and steps: orders on a decaying mode (B3), error control, and steps that are tried again.
#include "coupled_fields.h"
#include "measured.h"

#include "fields/field_failure.h"
#include "io/run_statistics.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
/// Error of a cosine that decays, against the exact decay on the same mesh: the error of time alone.
template <int dim>
double mode_error(const std::string &scheme, const unsigned int steps)
{
  constexpr double side = 400.0, h = 50.0, diffusivity = 600.0, decay = 0.05, end = 20.0;
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, decay)};
  parameters.solver.scheme = scheme;
  test::FieldWorld<dim> world(test::block(std::vector<double>(dim, side), h), parameters);
  const double rate = diffusivity * 2.0 / (h * h) * (1.0 - std::cos(M_PI * h / side));
  const auto exact = [&](const Point<dim> &place, const double time) {
    return std::exp(-decay * time) * (2.0 + std::cos(M_PI * place[0] / side) * std::exp(-rate * time));
  };
  world.set(0, [&](const auto &place) { return exact(place, 0.0); });
  for (unsigned int i = 0; i < steps; ++i)
    world.advance(end / steps);
  return world.relative_error(
      0, [&](const auto &place) { return exact(place, end); }, [](const auto &) { return true; });
}

/// A ligand with a point source, binding and a saturating loss.
FieldsParameters stiff_fields()
{
  auto parameters = test::CoupledFields::parameters();
  parameters.solver.newton_tolerance = 1e-11;
  return parameters;
}

struct Advanced
{
  std::vector<double> amounts;
  unsigned int steps = 0;
};

Advanced advance(FieldsParameters parameters, const unsigned int intervals)
{
  test::FieldWorld<2> world(test::block({200.0, 200.0}, 50.0, 0.25), std::move(parameters), {"ligand"});
  world.set(0, [](const auto &place) { return 10.0 * std::exp(-1e-4 * place.square()); });
  Advanced result;
  constexpr double length = 20.0;
  for (unsigned int i = 0; i < intervals; ++i)
    result.steps += world.advance(length / intervals, {0.7}).steps;
  result.amounts = world.fields.amounts();
  return result;
}

double distance(const std::vector<double> &a, const std::vector<double> &b)
{
  double result = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i)
    result = std::max(result, std::abs(a[i] / b[i] - 1.0));
  return result;
}
} // namespace

TEST_CASE("Backward Euler is of first and SDIRK2 of second order in time", "[B3]")
{
  for (const auto &[scheme, order] : {std::pair<std::string, double>{"backward Euler", 1.0}, {"SDIRK2", 2.0}})
  {
    const double in_2d = std::log2(mode_error<2>(scheme, 64) / mode_error<2>(scheme, 128));
    const double in_3d = std::log2(mode_error<3>(scheme, 64) / mode_error<3>(scheme, 128));
    test::measured("B3", "order in time of " + scheme + ", 2-D", in_2d, order);
    test::measured("B3", "order in time of " + scheme + ", 3-D", in_3d, order);
    CHECK(in_2d == Approx(order).margin(0.03));
    CHECK(in_3d == Approx(order).margin(0.03));
  }
}

TEST_CASE("The error of a run follows the tolerance of error control", "[steps]")
{
  auto reference_settings = stiff_fields();
  reference_settings.solver.scheme = "SDIRK2";
  const auto reference = advance(reference_settings, 4000).amounts;
  // The estimates are of second order in the step, so the step goes with the root of the tolerance, and the error with
  // the step for backward Euler, with its square for SDIRK2.
  for (const auto &[scheme, expected] : {std::pair<std::string, double>{"backward Euler", 0.5}, {"SDIRK2", 1.0}})
  {
    auto settings = stiff_fields();
    settings.solver.scheme = scheme;
    settings.solver.step_control = "error";
    std::vector<double> errors;
    std::vector<unsigned int> steps;
    for (const double tolerance : {1e-3, 1e-4, 1e-5})
    {
      settings.solver.step_tolerance = tolerance;
      const Advanced run = advance(settings, 2);
      errors.push_back(distance(run.amounts, reference));
      steps.push_back(run.steps);
    }
    INFO(scheme << ": errors " << errors[0] << " " << errors[1] << " " << errors[2] << ", steps " << steps[0] << " "
                << steps[1] << " " << steps[2]);
    const double slope = 0.5 * std::log10(errors[0] / errors[2]);
    test::measured("steps", "power of the tolerance in the error, " + scheme, slope, expected);
    CHECK(slope == Approx(expected).margin(0.2));
    CHECK(steps[0] < steps[1]);
    CHECK(steps[1] < steps[2]);
    // Not tied to the interval: one that is cut into many gives about as many steps.
    settings.solver.step_tolerance = 1e-3;
    CHECK(advance(settings, 1).steps <= steps[0] + 3);
  }
}

TEST_CASE("Error control lengthens the step towards a steady state", "[steps]")
{
  auto settings = stiff_fields();
  settings.solver.step_control = "error";
  settings.solver.largest_step = 50.0;
  test::FieldWorld<2> world(test::block({200.0, 200.0}, 50.0, 0.25), settings, {"ligand"});
  world.set(0, [](const auto &) { return 10.0; });
  const auto early = world.advance(100.0, {0.7});
  world.advance(100.0, {0.7});
  const auto late = world.advance(100.0, {0.7});
  CHECK(early.steps > 4 * late.steps);
  CHECK(late.steps == 2);
  CHECK(world.solver.next_step() > 50.0);
}

TEST_CASE("A step that cannot be solved is taken in parts", "[steps]")
{
  auto settings = stiff_fields();
  const auto easy = advance(settings, 20).amounts;
  settings.solver.newton_iterations = 2;
  test::FieldWorld<2> world(test::block({200.0, 200.0}, 50.0, 0.25), settings, {"ligand"});
  world.set(0, [](const auto &place) { return 10.0 * std::exp(-1e-4 * place.square()); });
  const auto report = world.advance(20.0, {0.7});
  INFO(report.retried << " tries failed, " << report.steps << " steps");
  CHECK(report.retried > 0);
  CHECK(report.steps > 1);
  for (const auto &budget : report.budget)
    CHECK(relative_residual(budget) < 1e-9);
  // Both are of first order with steps of about a minute or less.
  CHECK(distance(world.fields.amounts(), easy) < 0.05);
}

TEST_CASE("Fields that cannot be advanced say which, where and when, and stay as they were", "[steps]")
{
  auto settings = stiff_fields();
  settings.solver.newton_iterations = 1;
  settings.solver.newton_tolerance = 1e-14;
  settings.solver.smallest_step = 1.0;
  test::FieldWorld<2> world(test::block({200.0, 200.0}, 50.0, 0.25), settings, {"ligand"});
  world.set(0, [](const auto &place) { return 10.0 * std::exp(-1e-4 * place.square()); });
  const auto before = world.fields.amounts();
  std::string message;
  try
  {
    world.solver.advance(20.0, {0.7}, world.sources, 40.0);
  }
  catch (const FieldFailure &failure)
  {
    message = failure.what();
  }
  INFO(message);
  for (const char *part : {"from 40 min", "smallest step, 1 min", "field '", "um in region 'parenchyma'", "Cure"})
    CHECK(message.find(part) != std::string::npos);
  CHECK(world.fields.amounts() == before);
}
