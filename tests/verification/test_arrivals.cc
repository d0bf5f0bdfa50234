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
  const VesselWalls<3> walls(nullptr, locator, nodes, world.fields);
  const Arrivals<3> arrivals(world.organ, locator, sampling, walls, blood, agents);
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
    const double n = arrivals.arrive(rules, {concentration}, {step, step * dt, dt}, population).events.size();
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

namespace
{
/// A Y of vessels in the block: a stem of 6 um and branches of 5 and 3 um, in segments of unequal length.
std::shared_ptr<const VesselSystem> forked_vessel()
{
  auto system = std::make_shared<VesselSystem>();
  auto &network = system->network;
  network.points = {{20, 100, 100}, {90, 100, 100}, {200, 100, 100}, {380, 160, 110}, {300, 60, 90}, {380, 40, 80}};
  const auto kind = VesselKind::capillary;
  network.segments = {{0, 1, 6.0, kind}, {1, 2, 6.0, kind}, {2, 3, 5.0, kind}, {2, 4, 3.0, kind}, {4, 5, 3.0, kind}};
  network.pressures = {{0, 3000.0}, {3, 2000.0}, {5, 2000.0}};
  network.find_components();
  system->flow = solve_flow(MPI_COMM_WORLD, network, {3.0, false});
  return system;
}

double distance_to(const dealii::Point<3> &point, const dealii::Point<3> &from, const dealii::Point<3> &to)
{
  const double t = std::min(std::max((point - from) * (to - from) / (to - from).norm_square(), 0.0), 1.0);
  return point.distance(from + t * (to - from));
}
} // namespace

TEST_CASE("Arrivals in vessels are Poisson with flow, length, radius and adhesion of each", "[B12]")
{
  FieldsParameters fields;
  fields.fields = {test::field("matrix", 0.0, 0.0)};
  fields.fields[0].unit = "1";
  test::FieldWorld<3> world(test::block({400.0, 200.0, 200.0}, 50.0), fields);
  world.set(0, [](const auto &p) { return p[0] / 400.0; });
  const CellLocator<3> locator(world.organ);
  const CellNodes<3> nodes(world.fields, locator);
  const AgentParameters agents = progenitors();
  const Sampling<3> sampling(world.fields, locator, nodes, agents);
  const auto vessels = forked_vessel();
  const VesselWalls<3> walls(vessels, locator, nodes, world.fields);
  BloodParameters blood;
  blood.circulating.resize(1);
  auto &cells = blood.circulating[0];
  cells.name = "hpc";
  cells.arrives_as = "hpc.arrested: 1";
  cells.arrest_probability = 0.02;
  cells.arrest_weights = {{"matrix", 0.2}};
  cells.place = "vessels";
  cells.arrest_length = 1000.0;
  cells.trapping_radius = 4.0;
  const Arrivals<3> arrivals(world.organ, locator, sampling, walls, blood, agents);
  AgentModifiers modifiers;
  const AgentRules rules{agents, modifiers, 99};

  // Expected in each segment: the arrest probability is linear along it.
  const auto &network = vessels->network;
  constexpr double concentration = 2e5, dt = 30.0; // cells/mL, min
  constexpr unsigned int steps = 3000;
  std::vector<double> expected, seen(network.segments.size(), 0.0);
  double total = 0.0;
  for (std::size_t s = 0; s < network.segments.size(); ++s)
  {
    const auto &segment = network.segments[s];
    const double middle = 0.5 * (network.points[segment.first][0] + network.points[segment.second][0]);
    expected.push_back(steps * dt * concentration / units::millilitre_in_um3 * std::abs(vessels->flow.flow[s]) *
                       network.length(s) / 1000.0 / (1.0 + std::pow(segment.radius / 4.0, 4)) *
                       (0.02 + 0.2 * middle / 400.0));
    total += expected.back();
  }

  AgentPopulation<3> population;
  double squares = 0.0;
  for (unsigned int step = 0; step < steps; ++step)
  {
    const double n = arrivals.arrive(rules, {concentration}, {step, step * dt, dt}, population).events.size();
    squares += n * n;
  }
  const auto n = static_cast<double>(population.size());
  REQUIRE(total > 1000.0);
  CHECK(std::abs(n - total) < 3.0 * std::sqrt(total));
  const double variance = (squares - n * n / steps) / (steps - 1);
  CHECK(std::abs(variance / (n / steps) - 1.0) < 3.0 * std::sqrt(2.0 / steps));
  // Each is on the wall of a segment.
  for (const auto &place : population.position)
  {
    std::size_t nearest = 0;
    double gap = 1e300;
    for (std::size_t s = 0; s < network.segments.size(); ++s)
    {
      const double d = std::abs(
          distance_to(place, network.points[network.segments[s].first], network.points[network.segments[s].second]) -
          network.segments[s].radius);
      if (d < gap)
      {
        gap = d;
        nearest = s;
      }
    }
    CHECK(gap < 1e-9);
    seen[nearest] += 1.0;
  }
  double chi_squared = 0.0;
  for (std::size_t s = 0; s < seen.size(); ++s)
    chi_squared += (seen[s] - expected[s]) * (seen[s] - expected[s]) / expected[s];
  test::measured("B12", "arrivals in five vessels, observed over expected", n / total, "1 within 3 SE");
  test::measured("B12", "chi-squared of arrivals over five vessels", chi_squared, "< 20.5 (0.1 %, 5 counts)");
  CHECK(chi_squared < 20.5);
}

TEST_CASE("Arrivals in vessels are refused where there are none, or where more would arrest than pass", "[B12]")
{
  using Catch::Contains;
  FieldsParameters fields;
  fields.fields = {test::field("matrix", 0.0, 0.0)};
  fields.fields[0].unit = "1";
  test::FieldWorld<3> world(test::block({400.0, 200.0, 200.0}, 50.0), fields);
  const CellLocator<3> locator(world.organ);
  const CellNodes<3> nodes(world.fields, locator);
  const AgentParameters agents = progenitors();
  const Sampling<3> sampling(world.fields, locator, nodes, agents);
  BloodParameters blood;
  blood.circulating.resize(1);
  blood.circulating[0].name = "hpc";
  blood.circulating[0].arrives_as = "hpc.arrested: 1";
  blood.circulating[0].arrest_probability = 0.5;
  blood.circulating[0].place = "vessels";
  blood.circulating[0].arrest_length = 100.0;
  const VesselWalls<3> none(nullptr, locator, nodes, world.fields), some(forked_vessel(), locator, nodes, world.fields);
  CHECK_THROWS_WITH(Arrivals<3>(world.organ, locator, sampling, none, blood, agents),
                    Contains("Blood/Circulating/hpc/Place"));
  CHECK_THROWS_WITH(Arrivals<3>(world.organ, locator, sampling, some, blood, agents), Contains("Arrest length"));
}
