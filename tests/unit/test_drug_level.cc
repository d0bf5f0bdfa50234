// Levels of drugs over time: windows, doses, absorption and elimination.

#include "systemic/interventions.h"

#include "control/input_error.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;

namespace
{
/// The central level of a dose of one at time zero, by many steps of a Runge-Kutta scheme.
double integrated(const double end, const double absorption, const double elimination)
{
  constexpr int steps = 4000;
  const double h = end / steps;
  double depot = 1.0, level = 0.0;
  const auto slope = [&](const double d, const double l) {
    return std::make_pair(-absorption * d, absorption * d - elimination * l);
  };
  for (int i = 0; i < steps; ++i)
  {
    const auto a = slope(depot, level), b = slope(depot + 0.5 * h * a.first, level + 0.5 * h * a.second),
               c = slope(depot + 0.5 * h * b.first, level + 0.5 * h * b.second),
               d = slope(depot + h * c.first, level + h * c.second);
    depot += h / 6.0 * (a.first + 2.0 * b.first + 2.0 * c.first + d.first);
    level += h / 6.0 * (a.second + 2.0 * b.second + 2.0 * c.second + d.second);
  }
  return level;
}
} // namespace

TEST_CASE("A dose follows one compartment with absorption, whichever is faster", "[drugs]")
{
  const double ln2 = std::log(2.0);
  for (const double absorption : {10.0, 59.9999999, 60.0, 600.0})
    for (const double time : {1.0, 30.0, 240.0})
      CHECK(level_after_dose(time, 60.0, absorption) ==
            Approx(integrated(time, ln2 / absorption, ln2 / 60.0)).epsilon(1e-10));
  CHECK(level_after_dose(-1e-9, 60.0, 10.0) == 0.0);
  CHECK(level_after_dose(0.0, 60.0, 10.0) == 0.0);
  CHECK(level_after_dose(0.0, 60.0, 0.0) == 1.0);
  CHECK(level_after_dose(120.0, 60.0, 0.0) == Approx(0.25).epsilon(1e-14));
  // The peak of Bateman's function: ln(ka/ke) / (ka - ke).
  const double ka = ln2 / 10.0, ke = ln2 / 60.0, peak = std::log(ka / ke) / (ka - ke);
  for (const double off : {-1.0, 1.0})
    CHECK(level_after_dose(peak, 60.0, 10.0) > level_after_dose(peak + off, 60.0, 10.0));
  CHECK(level_after_dose(1e5, 60.0, 1e-3) >= 0.0);
}

TEST_CASE("Doses add up, and windows begin anew", "[drugs]")
{
  Interventions interventions;
  interventions.list.resize(2);
  auto &doses = interventions.list[0], &windows = interventions.list[1];
  doses.name = "doses";
  doses.doses = "100: 2000, 520: 1000, 520: 500";
  doses.half_life = 60.0;
  doses.absorption_half_life = 10.0;
  doses.half_effect_level = 25.0;
  windows.name = "windows";
  windows.schedule = "400 to 500, 100 to 200";
  windows.level = 0.8;
  windows.half_life = 50.0;
  interventions.resolve({});
  for (const double time : {0.0, 99.0, 130.0, 520.0, 600.0})
    CHECK(doses.level_at(time) == Approx(2000.0 * level_after_dose(time - 100.0, 60.0, 10.0) +
                                         1500.0 * level_after_dose(time - 520.0, 60.0, 10.0)));
  CHECK(doses.effect(300.0) == Approx(doses.level_at(300.0) / (doses.level_at(300.0) + 25.0)).epsilon(1e-14));
  CHECK(windows.level_at(99.9) == 0.0);
  CHECK(windows.level_at(100.0) == 0.8);
  CHECK(windows.level_at(150.0) == Approx(0.4).epsilon(1e-14));
  CHECK(windows.level_at(200.0) == 0.0);
  CHECK(windows.level_at(450.0) == Approx(0.4).epsilon(1e-14));
  windows.level = 3.0;
  CHECK(windows.effect(100.0) == 1.0);
}

TEST_CASE("Schedules that cannot be are refused", "[drugs]")
{
  using Catch::Contains;
  CHECK_THROWS_WITH(parse_windows("100 to 300, 200 to 400", "S"), Contains("200 to 400") && Contains("100 to 300"));
  CHECK_THROWS_WITH(parse_windows("100, 200 to 400", "S"), Contains("200 to 400"));
  CHECK_THROWS_AS(parse_windows("300 to 100", "S"), InputError);
  CHECK_THROWS_AS(parse_windows("-5 to 100", "S"), InputError);
  CHECK_THROWS_AS(parse_windows("soon", "S"), InputError);
  CHECK_THROWS_AS(parse_doses("100", "D"), InputError);
  CHECK_THROWS_AS(parse_doses("-1: 100", "D"), InputError);
  CHECK_THROWS_AS(parse_doses("1: -100", "D"), InputError);
  CHECK(parse_windows("100 to 200, 200 to 300", "S").size() == 2);
  CHECK(parse_windows("", "S").empty());
}
