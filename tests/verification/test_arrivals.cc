// B12: arrivals from the blood are a Poisson process of the right rate, placed where the signal is.
#include "coupling/arrivals.h"
#include "field_world.h"
#include "measured.h"

#include "agents/mechanics.h"
#include "control/units.h"

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
AgentParameters progenitors()
{
  AgentParameters agents;
  agents.types.resize(1);
  agents.types[0].name = "hpc";
  agents.types[0].states.resize(1);
  agents.types[0].states[0].name = "arrested";
  SignalParameters matrix;
  matrix.name = "matrix";
  matrix.kind = "field";
  matrix.of = "matrix";
  agents.signals = {matrix};
  agents.resolve({{"matrix"}, {}, {"parenchyma"}});
  return agents;
}
} // namespace

TEST_CASE("Arrivals are Poisson with the rate of flow, concentration and arrest probability", "[B12]")
{
  // The matrix rises linearly from 0 to 1 across the block, so the arrest probability does from 1e-3 to 11e-3.
  auto organ = test::block({400.0, 200.0, 200.0}, 50.0);
  organ.regions[0].blood_flow = 30.0;
  FieldsParameters fields;
  fields.fields = {test::field("matrix", 0.0, 0.0)};
  fields.fields[0].unit = "1";
  test::FieldWorld<3> world(organ, fields);
  world.set(0, [](const auto &p) { return p[0] / 400.0; });

  const CellLocator<3> locator(world.organ);
  const CellNodes<3> nodes(world.fields, locator);
  const AgentParameters agents = progenitors();
  const Sampling<3> sampling(world.fields, locator, nodes, agents);
  BloodParameters blood;
  blood.circulating.resize(1);
  blood.circulating[0].name = "hpc";
  blood.circulating[0].arrives_as = "hpc.arrested: 1";
  blood.circulating[0].arrest_probability = 1e-3;
  blood.circulating[0].arrest_weights = {{"matrix", 1e-2}};
  const Arrivals<3> arrivals(world.organ, locator, sampling, blood, agents);
  AgentModifiers modifiers;
  const AgentRules rules{agents, modifiers, 99};

  const double concentration = 2e5, dt = 30.0; // cells/mL, min
  const double volume = 400.0 * 200.0 * 200.0;
  const double mean = 30.0 * concentration / units::millilitre_in_um3 * 6e-3 * volume * dt;
  constexpr unsigned int steps = 2000;
  AgentPopulation<3> population;
  double sum = 0.0, squares = 0.0;
  for (unsigned int step = 0; step < steps; ++step)
  {
    const double n = arrivals.arrive(rules, {concentration}, {step, step * dt, dt}, population).size();
    sum += n;
    squares += n * n;
  }
  INFO("mean " << sum / steps << " expected " << mean);
  CHECK(std::abs(sum - steps * mean) < 3.0 * std::sqrt(steps * mean));
  // Index of dispersion: variance over mean is 1 with a standard error of sqrt(2/n).
  const double variance = (squares - sum * sum / steps) / (steps - 1);
  test::measured("B12", "arrivals per step", sum / steps, mean);
  test::measured("B12", "index of dispersion of arrivals", variance / (sum / steps), "1");
  CHECK(std::abs(variance / (sum / steps) - 1.0) < 3.0 * std::sqrt(2.0 / steps));
  // Mean place along the rise: integral of x p(x) over integral of p(x), with its standard error.
  double place = 0.0;
  for (const auto &position : population.position)
    place += position[0];
  place /= population.size();
  const double expected = 400.0 * (0.5e-3 + 10e-3 / 3.0) / 6e-3;
  const double second = 400.0 * 400.0 * (1e-3 / 3.0 + 10e-3 / 4.0) / 6e-3;
  CHECK(std::abs(place - expected) < 3.0 * std::sqrt((second - expected * expected) / population.size()));
}
