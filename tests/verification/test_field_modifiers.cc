// What drugs do to fields: slower reactions, more loss, and the balance of the blood with the organ.
#include "coupled_fields.h"
#include "coupling/organ_and_blood.h"
#include "measured.h"

#include <catch2/catch.hpp>

using namespace nidus;

TEST_CASE("An antibody adds to the loss of a field, and an inhibitor slows a reaction but not what is made",
          "[modifiers]")
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 600.0, 0.1), test::field("product", 0.0, 0.0)};
  auto conversion = test::reaction("r", "conversion");
  conversion.substrate = "ligand";
  conversion.product = "product";
  conversion.rate = 0.4;
  parameters.reactions = {conversion};
  test::FieldWorld<2> world(test::block({100.0, 100.0}, 50.0), parameters);
  constexpr double dt = 2.0;
  double ligand = 10.0, product = 0.0;
  world.set(0, [&](const auto &) { return ligand; });
  const auto expect = [&](const double rate, const double loss) {
    ligand /= 1.0 + dt * (0.1 + loss + rate);
    product += dt * rate * ligand;
    const auto budget = world.advance(dt).budget[0];
    CHECK(world.fields.extremes()[0].mean == Approx(ligand).epsilon(1e-10));
    CHECK(world.fields.extremes()[1].mean == Approx(product).epsilon(1e-10));
    CHECK(std::abs(budget.residual) < 1e-9 * budget.decayed);
  };
  expect(0.4, 0.0);
  world.solver.modify({{0.25}, {0.3, 0.0}});
  expect(0.1, 0.3);
  world.solver.modify({{0.0}, {}});
  expect(0.0, 0.0);
  world.solver.modify({});
  expect(0.4, 0.0);
}

TEST_CASE("What the organ gains from the blood, the blood loses", "[modifiers]")
{
  // A block of tissue in a blood volume of its own size, nothing lost: the sum stays, and both meet where that says.
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 3600.0, 0.0)};
  parameters.fields[0].blood_factor = "ligand";
  parameters.fields[0].vascular_exchange = 0.02;
  test::FieldWorld<3> world(test::block({200.0, 100.0, 100.0}, 50.0, 0.25), parameters, {"ligand"});
  const double tissue = 0.25 * 200.0 * 100.0 * 100.0;
  BloodParameters blood_parameters;
  blood_parameters.volume = 2e6 / units::millilitre_in_um3;
  blood_parameters.factors.resize(1);
  blood_parameters.factors[0].name = "ligand";
  blood_parameters.factors[0].baseline = 1.0;
  blood_parameters.factors[0].clearance = 1e-300;
  blood_parameters.factors[0].exchange = "taken into account";
  blood_parameters.resolve();
  const Interventions none;
  Blood blood(blood_parameters, none);
  world.set(0, [](const auto &p) { return p[0] < 100.0 ? 0.4 : 0.0; });
  const auto total = [&] { return world.fields.amounts()[0] * units::nanomolar_um3 + blood.levels()[0] * 2e6; };
  const double at_start = total();
  double worst = 0.0;
  for (unsigned int step = 0; step < 200; ++step)
  {
    blood.advance(30.0 * step, 30.0);
    const auto exchange = exchange_with_blood(world.fields, 1);
    CHECK(exchange[0].rate == Approx(0.02 * 200.0 * 100.0 * 100.0).epsilon(1e-12));
    blood.meet(exchange, 30.0);
    const auto report = world.advance(30.0, blood.levels());
    blood.settle(gained_from_blood(world.field_parameters, report.budget, 1));
    worst = std::max(worst, std::abs(total() / at_start - 1.0));
  }
  test::measured("blood and organ", "greatest relative change of the sum", worst, "solver tolerance");
  CHECK(worst < 1e-9);
  const double level = at_start / (tissue + 2e6);
  test::measured("blood and organ", "common level in the end [nM]", blood.levels()[0], level);
  CHECK(blood.levels()[0] == Approx(level).epsilon(1e-6));
  CHECK(world.fields.extremes()[0].mean == Approx(level).epsilon(1e-6));
}
