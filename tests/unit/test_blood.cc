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
  surgery.list[0].schedule = "6000";
  surgery.resolve({});
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
  trap.list[0].schedule = "5000 to 10000";
  trap.list[0].effects.resize(1);
  trap.list[0].effects[0].on = "blood factor";
  trap.list[0].effects[0].targets = {"vegf"};
  trap.list[0].effects[0].strength = {-1.0};
  trap.resolve({{EffectKind::blood_factor, {"vegf"}}});
  Blood blood(parameters, trap);
  blood.advance(0.0, 5000.0);
  CHECK(blood.circulating()[0] == Approx(200.0 * 2.5)); // half saturation, gain 3
  blood.advance(5000.0, 4000.0);
  CHECK(blood.circulating()[0] == Approx(200.0));
  CHECK(blood.levels()[0] == 0.0);
  blood.advance(9000.0, 2000.0);
  CHECK(blood.levels()[0] == Approx(0.01));
}

TEST_CASE("Prescribed tables are linear between their rows, and nothing else moves what they prescribe", "[blood]")
{
  BloodParameters parameters;
  parameters.factors.resize(1);
  parameters.factors[0].name = "vegf";
  parameters.factors[0].table.file = "vegf.csv";
  parameters.factors[0].table.text = "time [min], vegf [nM]\n0, 0.001\n100, 0.003\n400, 0.003\n";
  parameters.tumour.growth = "table";
  parameters.tumour.table.file = "tumour.csv";
  parameters.tumour.table.text = "time [min],cells\n0,1e6\n400,5e6\n";
  auto late = parameters, touched = parameters, backward = parameters, bare = parameters;
  parameters.resolve(400.0);
  const Interventions none;
  Blood blood(parameters, none);
  CHECK(blood.levels()[0] == 0.001);
  blood.advance(0.0, 50.0);
  CHECK(blood.levels()[0] == Approx(0.002).epsilon(1e-14));
  CHECK(blood.tumour() == Approx(1.5e6).epsilon(1e-14));
  blood.advance(50.0, 150.0);
  CHECK(blood.levels()[0] == Approx(0.003).epsilon(1e-14));
  CHECK_THROWS_WITH(late.resolve(401.0), Catch::Contains("Blood/Tumour/Table") && Catch::Contains("401"));
  touched.factors[0].clearance = 0.5;
  CHECK_THROWS_WITH(touched.resolve(400.0), Catch::Contains("Clearance") && Catch::Contains("Table"));
  backward.factors[0].table.text = "time, vegf\n0, 1\n500, 2\n400, 3\n";
  CHECK_THROWS_WITH(backward.resolve(400.0), Catch::Contains("line 4"));
  bare.factors[0].table.text = "0, 1\n500, 2\n";
  CHECK_THROWS_WITH(bare.resolve(400.0), Catch::Contains("header"));
}

TEST_CASE("Metastases secrete and shed as the primary tumour does where that is on", "[blood]")
{
  BloodParameters parameters;
  parameters.scale_of_organ = 10.0;
  parameters.factors.resize(2);
  parameters.circulating.resize(2);
  for (int i = 0; i < 2; ++i)
  {
    const std::string on = i == 0 ? "on" : "off";
    parameters.factors[i].name = "factor " + on;
    parameters.factors[i].tumour_secretion = 4.56;
    parameters.factors[i].secretion_of_metastases = on;
    parameters.circulating[i].name = "cells " + on;
    parameters.circulating[i].shedding = 1e-6;
    parameters.circulating[i].arrives_as = "csc.arrested: 1";
    parameters.circulating[i].shedding_of_metastases = on;
  }
  parameters.resolve();
  auto primary = parameters;
  primary.tumour.initial_cells = 1e4;
  const Interventions none;
  Blood organ(parameters, none), tumour(primary, none);
  organ.advance(0.0, 100.0, {1e3, 200.0});
  tumour.advance(0.0, 100.0);
  CHECK(organ.levels()[0] == Approx(tumour.levels()[0]).epsilon(1e-14));
  CHECK(organ.circulating()[0] == Approx(0.2 * tumour.circulating()[0]).epsilon(1e-14));
  CHECK(organ.levels()[0] > 0.0);
  CHECK(organ.levels()[1] == 0.0);
  CHECK(organ.circulating()[1] == 0.0);
}

TEST_CASE("Arrested cells are taken from the blood to the last, now or later", "[blood]")
{
  BloodParameters parameters;
  parameters.volume = 2.0;
  parameters.circulating.resize(1);
  auto &cells = parameters.circulating[0];
  cells.name = "ctc";
  cells.baseline = 10.0;
  cells.clearance = 1e-15; // nothing but arrests
  cells.arrives_as = "csc.arrested: 1";
  cells.arrests = "taken into account";
  parameters.resolve();
  const Interventions none;
  Blood blood(parameters, none);
  blood.take({5.0});
  CHECK(blood.circulating()[0] == Approx(7.5).epsilon(1e-14));
  blood.take({19.0}); // four more than there are
  CHECK(blood.circulating()[0] == 0.0);
  Blood resumed(parameters, none);
  resumed.restore(blood.state());
  for (Blood *each : {&blood, &resumed})
  {
    each->inject(0, 10.0);
    CHECK(each->circulating()[0] == Approx(3.0).epsilon(1e-12));
  }
}

TEST_CASE("Blood and tissue close their gap without a change of sign, at any step, and lose nothing", "[blood]")
{
  // One tissue of volume U exchanges G with the blood; backward Euler in it, as the fields do.
  BloodParameters parameters;
  parameters.volume = 1e-6; // mL
  parameters.factors.resize(1);
  parameters.factors[0].name = "sdf1";
  parameters.factors[0].baseline = 1.0;
  parameters.factors[0].clearance = 1e-300;
  parameters.factors[0].exchange = "taken into account";
  parameters.resolve();
  const Interventions none;
  const double blood_volume = 1e6, tissue_volume = 3e6, rate = 2e4; // um^3, um^3/min
  const auto run = [&](const double dt, const double end, double &tissue, Blood &blood) {
    for (double t = 0.0; t < end - 0.5 * dt; t += dt)
    {
      blood.advance(t, dt);
      blood.meet({{rate, rate * tissue}}, dt);
      const double met = blood.levels()[0], before = tissue;
      tissue = (tissue + dt * rate / tissue_volume * met) / (1.0 + dt * rate / tissue_volume);
      blood.settle({(tissue - before) * tissue_volume / units::nanomolar_um3});
      CHECK(blood.levels()[0] >= tissue);
    }
  };
  // The gap falls with G (1/V + 1/U); first order in the step.
  const double end = 40.0, gap = std::exp(-rate * (1.0 / blood_volume + 1.0 / tissue_volume) * end);
  double error[2];
  for (int level = 0; level < 2; ++level)
  {
    Blood blood(parameters, none);
    double tissue = 0.0;
    run(level == 0 ? 0.5 : 0.25, end, tissue, blood);
    CHECK(blood_volume * blood.levels()[0] + tissue_volume * tissue == Approx(blood_volume).epsilon(1e-12));
    error[level] = std::abs(blood.levels()[0] - tissue - gap);
  }
  CHECK(std::log2(error[0] / error[1]) == Approx(1.0).margin(0.1));
  for (const double dt : {30.0, 1e3, 1e6})
  {
    Blood blood(parameters, none);
    double tissue = 0.0;
    run(dt, 20.0 * dt, tissue, blood);
    CHECK(blood_volume * blood.levels()[0] + tissue_volume * tissue == Approx(blood_volume).epsilon(1e-9));
    CHECK(blood.levels()[0] < 1.0);
  }
  // All that was in the tissue vanishes within a step: what the blood gives to it stays below what it has.
  for (const double dt : {30.0, 1e3, 1e6})
  {
    Blood blood(parameters, none);
    blood.meet({{rate, rate * 5.0}}, dt);
    blood.settle({dt * rate * blood.levels()[0] / units::nanomolar_um3});
    CHECK(blood.levels()[0] >= -1e-12);
  }
}

TEST_CASE("Animals differ in what their tumours shed as the spread says, and by nothing without it", "[blood]")
{
  constexpr double spread = 0.7, median = 2e-7;
  constexpr std::size_t n = 4000;
  double sum = 0.0, squares = 0.0;
  for (std::size_t seed = 0; seed < n; ++seed)
  {
    BloodParameters animal;
    animal.circulating.resize(2);
    animal.circulating[0].shedding = animal.circulating[1].shedding = median;
    animal.circulating[1].spread = spread;
    animal.draw_animal(seed);
    const double factor = animal.circulating[1].animal;
    CHECK(animal.circulating[0].shedding == median);
    CHECK(animal.circulating[1].shedding == Approx(median * factor));
    sum += std::log(factor);
    squares += std::log(factor) * std::log(factor);
  }
  CHECK(std::abs(sum / n) < 3.0 * spread / std::sqrt(n));
  CHECK(std::sqrt(squares / n) == Approx(spread).epsilon(3.0 / std::sqrt(2.0 * n)));
}
