// B7a: ligand and binding sites in equilibrium; B7d: fast binding retards diffusion; independence of the steady state
// from the step.
#include "coupled_fields.h"
#include "measured.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
FieldsParameters ligand_and_bound(const double diffusivity, const double off, const double affinity, const double sites)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, 0.0), test::field("bound", 0.0, 0.0)};
  parameters.reactions = {test::binding(off / affinity, off, sites)};
  parameters.solver.newton_tolerance = 1e-13;
  return parameters;
}
} // namespace

TEST_CASE("Ligand and binding sites reach their equilibrium", "[B7]")
{
  const double affinity = 25.0, sites = 40.0, total = 60.0;
  test::FieldWorld<2> world(test::block({100.0, 100.0}, 50.0), ligand_and_bound(600.0, 1.0, affinity, sites));
  world.set(0, [&](const auto &) { return total; });
  for (unsigned int i = 0; i < 200; ++i)
    world.advance(1.0);
  const double d = total - sites - affinity;
  const double expected = 0.5 * (d + std::sqrt(d * d + 4.0 * affinity * total));
  test::measured("B7a", "free ligand in equilibrium with sites [nM]", world.fields.extremes()[0].mean, expected);
  CHECK(world.fields.extremes()[0].mean == Approx(expected).epsilon(1e-6));
  CHECK(world.fields.extremes()[0].mean + world.fields.extremes()[1].mean == Approx(total).epsilon(1e-10));
}

TEST_CASE("Fast linear binding slows diffusion by one plus the ratio of sites to affinity", "[B7]")
{
  // Far below saturation and with fast exchange the ligand spreads with D / (1 + B/K): its variance says so.
  const double diffusivity = 3600.0, affinity = 1000.0, sites = 3000.0, length = 1200.0, width = 80.0, end = 8.0;
  auto parameters = ligand_and_bound(diffusivity, 1000.0, affinity, sites);
  test::FieldWorld<2> world(test::block({length, 30.0}, 10.0), parameters);
  const auto start = [&](const Point<2> &p) { return 1e-6 * std::exp(-0.5 * p[0] * p[0] / (width * width)); };
  world.set(0, start);
  world.set(1, [&](const auto &p) { return start(p) * sites / affinity; });
  const auto variance = [&]() {
    std::vector<double> sums(2, 0.0);
    const double *u = nullptr;
    VecGetArrayRead(world.fields.state, &u);
    world.for_each_node([&](const auto &p, const unsigned int node) {
      sums[0] += world.fields.tissue_volume[node] * u[2 * node] * p[0] * p[0];
      sums[1] += world.fields.tissue_volume[node] * u[2 * node];
    });
    VecRestoreArrayRead(world.fields.state, &u);
    return sums[0] / sums[1];
  };
  const double before = variance();
  for (unsigned int i = 0; i < 80; ++i)
    world.advance(end / 80);
  const double retarded = diffusivity / (1.0 + sites / affinity);
  test::measured("B7d", "diffusivity of a ligand that binds fast [um^2/min]", (variance() - before) / (2.0 * end),
                 retarded);
  CHECK((variance() - before) / (2.0 * end) == Approx(retarded).epsilon(0.01));
}

TEST_CASE("The steady state does not depend on the step", "[B7]")
{
  // A source beside a bound field, decay and exchange with the blood: steps of 1, 10 and 1000 min and quasi-steady.
  std::vector<double> amounts, greatest;
  for (const double step : {1.0, 10.0, 1000.0, 0.0})
  {
    auto parameters = ligand_and_bound(600.0, 1.0, 25.0, 40.0);
    parameters.fields[0].decay_rate = 0.1;
    parameters.fields[0].blood_factor = "ligand";
    parameters.fields[0].vascular_exchange = 0.02;
    parameters.fields[0].quasi_steady = step == 0.0;
    test::FieldWorld<2> world(test::block({400.0, 400.0}, 25.0, 0.25), parameters, {"ligand"});
    world.add_source(0, Point<2>(200.0, 200.0), 1000.0);
    const double dt = step > 0.0 ? step : 100.0;
    for (unsigned int i = 0; i < (step == 1.0 ? 2000u : 200u); ++i)
      world.advance(dt, {0.3});
    amounts.push_back(world.fields.amounts()[0]);
    greatest.push_back(world.fields.extremes()[0].maximum);
  }
  double spread = 0.0;
  for (std::size_t i = 1; i < amounts.size(); ++i)
  {
    spread = std::max(spread, std::abs(amounts[i] / amounts[0] - 1.0));
    CHECK(amounts[i] == Approx(amounts[0]).epsilon(1e-6));
    CHECK(greatest[i] == Approx(greatest[0]).epsilon(1e-6));
  }
  test::measured("dt", "relative spread of the steady state, dt = 1, 10, 1000 min and quasi-steady", spread, "< 1e-6");
}

TEST_CASE("B13: crosslinks are made by lysyl oxidase and turned over", "[B13]")
{
  // X = X_inf (1 - exp(-(k_X c + k_Xt) t)) at a constant concentration c; backward Euler converges to it at first
  // order.
  const double rate = 1e-3, oxidase = 0.3, turnover = 5e-5, end = 2000.0;
  auto reaction = test::reaction("crosslinking", "saturating production");
  reaction.partner = "lox";
  reaction.product = "crosslinks";
  reaction.rate = rate;
  reaction.capacity = 1.0;
  FieldsParameters parameters;
  parameters.fields = {test::field("lox", 1800.0, 0.0), test::field("crosslinks", 0.0, turnover)};
  parameters.fields[1].unit = "1";
  parameters.fields[1].interstitial = false;
  parameters.reactions = {reaction};
  parameters.solver.newton_tolerance = 1e-13;
  const double made = rate * oxidase, fastest = made + turnover, final_value = made / fastest;
  const auto after = [&](const unsigned int n_steps) {
    test::FieldWorld<2> world(test::block({100.0, 100.0}, 50.0), parameters);
    world.set(0, [&](const auto &) { return oxidase; });
    for (unsigned int i = 0; i < n_steps; ++i)
      world.advance(end / n_steps);
    return world.fields.extremes()[1].mean;
  };
  const double exact = final_value * -std::expm1(-fastest * end);
  // Two step lengths cancel the error of first order.
  const double coarse = after(200), fine = after(400), extrapolated = 2.0 * fine - coarse;
  test::measured("B13", "crosslinks after 2000 min, extrapolated from two steps", extrapolated, exact);
  CHECK(coarse == Approx(final_value * (1.0 - std::pow(1.0 + fastest * end / 200, -200))).epsilon(1e-10));
  CHECK(extrapolated == Approx(exact).epsilon(1e-5));
}

TEST_CASE("A catalyst releases what is bound, and nothing is lost", "[B13]")
{
  auto reaction = test::reaction("release", "catalysed conversion");
  reaction.substrate = "bound";
  reaction.partner = "mmp9";
  reaction.product = "sdf1";
  reaction.rate = 2e-2;
  FieldsParameters parameters;
  parameters.fields = {test::field("sdf1", 600.0, 0.0), test::field("bound", 0.0, 0.0), test::field("mmp9", 0.0, 0.0)};
  parameters.reactions = {reaction};
  parameters.solver.newton_tolerance = 1e-13;
  test::FieldWorld<2> world(test::block({100.0, 100.0}, 50.0), parameters);
  world.set(1, [](const auto &) { return 40.0; });
  world.set(2, [](const auto &) { return 0.5; });
  for (unsigned int i = 0; i < 50; ++i)
    world.advance(2.0);
  const auto ends = world.fields.extremes();
  CHECK(ends[1].mean == Approx(40.0 * std::pow(1.0 + 2e-2 * 0.5 * 2.0, -50)).epsilon(1e-9));
  CHECK(ends[0].mean + ends[1].mean == Approx(40.0).epsilon(1e-10));
  CHECK(ends[2].mean == Approx(0.5).epsilon(1e-12));
}
