#include "systemic/blood.h"
#include "systemic/tumour.h"

#include "control/input_error.h"
#include "control/units.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;

TEST_CASE("A Gompertz tumour doubles at its doubling time at first and ends at its capacity", "[blood]")
{
  TumourParameters tumour;
  tumour.growth = "gompertz";
  tumour.initial_cells = 1e6;
  tumour.doubling_time = 2880.0;
  tumour.carrying_capacity = 1e9;
  CHECK(tumour_cells(tumour, 0.0) == Approx(1e6));
  const double h = 1.0;
  CHECK(std::log(tumour_cells(tumour, h) / 1e6) / h == Approx(std::log(2.0) / 2880.0).epsilon(1e-3));
  CHECK(tumour_cells(tumour, 1e7) == Approx(1e9).epsilon(1e-3));
}

TEST_CASE("A factor of the blood follows its exact solution for any step", "[blood]")
{
  BloodParameters parameters;
  parameters.volume = 1.7;
  parameters.tumour.initial_cells = 1e8;
  parameters.factors.resize(1);
  parameters.factors[0].name = "vegf";
  parameters.factors[0].baseline = 0.0015;
  parameters.factors[0].tumour_secretion = 4.56;
  parameters.factors[0].clearance = 0.0206;
  parameters.resolve();
  const Interventions none;
  const double secreted = 4.56 * 1e8 * units::nanomolar_um3 / 1.7e12;
  for (const double dt : {1.0, 30.0, 300.0})
  {
    Blood blood(parameters, none);
    for (double t = 0.0; t < 300.0 - 0.5 * dt; t += dt)
      blood.advance(t, dt);
    const double expected = 0.0015 + secreted / 0.0206 * (1.0 - std::exp(-0.0206 * 300.0));
    CHECK(blood.levels()[0] == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("Resection stops shedding, and the factor falls with its half-life", "[blood]")
{
  BloodParameters parameters;
  parameters.tumour.initial_cells = 1e8;
  parameters.factors.resize(1);
  parameters.factors[0].name = "vegf";
  parameters.factors[0].tumour_secretion = 4.56;
  parameters.factors[0].clearance = std::log(2.0) / 34.0;
  parameters.circulating.resize(1);
  parameters.circulating[0].name = "ctc";
  parameters.circulating[0].arrives_as = "csc.arrested: 1";
  parameters.circulating[0].clearance = 0.069;
  parameters.circulating[0].shedding = 1e-7;
  parameters.resolve();
  Interventions surgery;
  surgery.list.resize(1);
  surgery.list[0].kind = "resection";
  surgery.list[0].start = 6000.0;
  Blood blood(parameters, surgery);
  for (int i = 0; i < 200; ++i)
    blood.advance(30.0 * i, 30.0);
  const double level = blood.levels()[0], cells = blood.circulating()[0];
  CHECK(cells == Approx(1e-7 * 1e8 / 1.7 / 0.069).epsilon(1e-9));
  CHECK(blood.tumour() == 0.0);
  blood.advance(6000.0, 34.0);
  CHECK(blood.levels()[0] == Approx(0.5 * level).epsilon(1e-12));
  CHECK(blood.circulating()[0] == Approx(cells * std::exp(-0.069 * 34.0)).epsilon(1e-12));
}

TEST_CASE("Mobilisation by a factor raises circulating progenitors, and interventions act in their window", "[blood]")
{
  BloodParameters parameters;
  parameters.factors.resize(1);
  parameters.factors[0].name = "vegf";
  parameters.factors[0].baseline = 0.01;
  parameters.circulating.resize(1);
  auto &hpc = parameters.circulating[0];
  hpc.name = "hpc";
  hpc.baseline = 200.0;
  hpc.arrives_as = "hpc.arrested: 1";
  hpc.mobilised_by = "vegf";
  hpc.mobilisation_gain = 3.0;
  hpc.mobilisation_half_saturation = 0.01;
  parameters.resolve();
  Interventions trap;
  trap.list.resize(1);
  trap.list[0].kind = "blood factor";
  trap.list[0].targets = {"vegf"};
  trap.list[0].start = 5000.0;
  trap.list[0].end = 10000.0;
  trap.list[0].level = 0.0;
  Blood blood(parameters, trap);
  blood.advance(0.0, 5000.0);
  CHECK(blood.circulating()[0] == Approx(200.0 * 2.5)); // half saturation, gain 3
  blood.advance(5000.0, 4000.0);
  CHECK(blood.circulating()[0] == Approx(200.0));
  CHECK(blood.levels()[0] == 0.0);
  blood.advance(9000.0, 2000.0);
  CHECK(blood.levels()[0] == Approx(0.01));
}

TEST_CASE("Interventions refuse targets that do not exist", "[blood]")
{
  Interventions list;
  list.list.resize(1);
  list.list[0].name = "drug";
  list.list[0].kind = "transition";
  list.list[0].targets = {"csc.fly"};
  InterventionTargets targets;
  targets.transitions = {"csc.wake"};
  CHECK_THROWS_WITH(list.resolve(targets), Catch::Contains("csc.fly") && Catch::Contains("csc.wake"));
  list.list[0].targets = {"csc.wake"};
  CHECK_NOTHROW(list.resolve(targets));
  list.list[0].end = -1.0;
  CHECK_THROWS_AS(list.resolve(targets), InputError);
}
