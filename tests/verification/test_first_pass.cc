// Cells that are injected: how many of them arrest in their first passage, where, and as clusters.
#include "agents/agent_migration.h"
#include "coupling/arrivals.h"
#include "field_world.h"
#include "measured.h"

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
constexpr double width = 400.0;

AgentParameters tumour_cells()
{
  AgentParameters agents;
  agents.types.resize(1);
  agents.types[0].name = "tum";
  agents.types[0].radius = 7.0;
  agents.types[0].states.resize(1);
  agents.types[0].states[0].name = "arrested";
  SignalParameters matrix;
  matrix.name = "matrix";
  matrix.kind = "field";
  matrix.of = "matrix";
  agents.signals = {matrix};
  agents.resolve({{"matrix"}, {}, {"parenchyma", "airway"}});
  return agents;
}

FieldsParameters matrix()
{
  FieldsParameters fields;
  fields.fields = {test::field("matrix", 0.0, 0.0)};
  fields.fields[0].unit = "1";
  return fields;
}

OrganParameters perfused_block()
{
  auto organ = test::with_airway(test::block({width, 200.0, 200.0}, 50.0), 60.0);
  organ.regions[0].blood_flow = 30.0;
  return organ;
}

/// One block with an airway, the matrix rising along it from 0 to 1.
struct World
{
  explicit World(const CirculatingParameters &cells, const std::shared_ptr<const VesselSystem> &vessels = nullptr)
      : world(vessels == nullptr ? perfused_block() : test::block({width, 200.0, 200.0}, 50.0), matrix()),
        agents(tumour_cells()), locator(world.organ), nodes(world.fields, locator),
        sampling(world.fields, locator, nodes, agents), walls(vessels, locator, nodes, world.fields)
  {
    world.set(0, [](const auto &p) { return p[0] / width; });
    blood.circulating = {cells};
  }

  /// Ten boluses of @p number cells.
  Arrived<3> inject(const std::uint64_t number, const double first_pass, const ArrestModifiers &modifiers = {})
  {
    const Arrivals<3> arrivals(world.organ, locator, sampling, walls, blood, agents);
    const AgentRules rules{agents, none, 7};
    Arrived<3> sum = arrivals.inject(rules, {0, 0, number, first_pass}, {3, 90.0, 30.0}, population, modifiers);
    for (std::uint64_t key = 1; key < 10; ++key)
      sum += arrivals.inject(rules, {key, 0, number, first_pass}, {3, 90.0, 30.0}, population, modifiers);
    return sum;
  }

  /// Mean probability of arrest over the tissue beyond the middle, and the part of the tissue that is there.
  std::pair<double, double> beyond_middle() const
  {
    double tissue = 0.0, there = 0.0, held = 0.0;
    for (const auto &cell : world.organ.triangulation().active_cell_iterators())
      if (world.organ.is_tissue(cell))
      {
        const double beyond = cell->center()[0] > 0.5 * width ? cell->measure() : 0.0;
        tissue += cell->measure();
        there += beyond;
        held += beyond * (0.1 + 0.6 * cell->center()[0] / width);
      }
    return {held / there, there / tissue};
  }

  test::FieldWorld<3> world;
  AgentParameters agents;
  CellLocator<3> locator;
  CellNodes<3> nodes;
  Sampling<3> sampling;
  VesselWalls<3> walls;
  BloodParameters blood;
  AgentModifiers none;
  AgentPopulation<3> population;
};

CirculatingParameters circulating()
{
  CirculatingParameters cells;
  cells.name = "ctc";
  cells.arrives_as = "tum.arrested: 1";
  cells.arrest_probability = 0.1;
  cells.arrest_weights = {{"matrix", 0.6}};
  return cells;
}

void check_binomial(const std::string &quantity, const double seen, const double n, const double probability)
{
  test::measured("first pass", quantity, seen / n, probability);
  CHECK(std::abs(seen - n * probability) < 3.0 * std::sqrt(n * probability * (1.0 - probability)));
}
} // namespace

TEST_CASE("Of injected cells as many arrest as a binomial says, where blood flows and the matrix holds them",
          "[first_pass]")
{
  World world(circulating());
  constexpr double n = 50000.0;
  const auto arrived = world.inject(5000, 1.0);
  // The airway lies along the last axis and takes as much from both halves: the mean of the matrix is a half.
  check_binomial("share of cells that arrests in tissue", arrived.arrested[0], n, 0.4);
  CHECK(arrived.events.size() == arrived.arrested[0]);
  CHECK(world.population.size() == arrived.events.size());
  const auto [probability, part] = world.beyond_middle();
  double right = 0.0;
  for (const auto &position : world.population.position)
    right += position[0] > 0.5 * width;
  check_binomial("share of them where the matrix is dense", right, world.population.size(), probability * part / 0.4);
}

TEST_CASE("The rest of a bolus does not meet the organ, and a blockade acts on those that do", "[first_pass]")
{
  World world(circulating());
  constexpr double n = 50000.0;
  check_binomial("share that arrests when a quarter comes here first", world.inject(5000, 0.25).arrested[0], n, 0.1);
  ArrestModifiers blockade;
  blockade.all = {0.5};
  blockade.weight = {{0.0}};
  World blocked(circulating());
  check_binomial("share that arrests under a blockade", blocked.inject(5000, 1.0, blockade).arrested[0], n, 0.05);
  World nobody(circulating());
  CHECK(nobody.inject(5000, 0.0).arrested[0] == 0.0);
}

TEST_CASE("Of injected cells as many arrest in vessels as flow, way and adhesion say", "[first_pass]")
{
  auto system = std::make_shared<VesselSystem>();
  auto &network = system->network;
  network.points = {{20, 100, 100}, {200, 100, 100}, {380, 160, 110}, {380, 40, 80}};
  const auto kind = VesselKind::capillary;
  network.segments = {{0, 1, 6.0, kind}, {1, 2, 5.0, kind}, {1, 3, 3.0, kind}};
  network.pressures = {{0, 3000.0}, {2, 2000.0}, {3, 2000.0}};
  network.find_components();
  system->flow = solve_flow(MPI_COMM_WORLD, network, {3.0, false});
  auto cells = circulating();
  cells.place = "vessels";
  cells.arrest_length = 500.0;
  World world(cells, system);
  double expected = 0.0;
  for (std::size_t s = 0; s < network.segments.size(); ++s)
  {
    const auto &segment = network.segments[s];
    const double middle = 0.5 * (network.points[segment.first][0] + network.points[segment.second][0]);
    expected +=
        std::abs(system->flow.flow[s]) / system->flow.inflow * network.length(s) / 500.0 * (0.1 + 0.6 * middle / width);
  }
  check_binomial("share of cells that arrests in vessels", world.inject(5000, 1.0).arrested[0], 50000.0, expected);
}

TEST_CASE("Clusters arrive as so many agents, each touching another", "[first_pass]")
{
  auto cells = circulating();
  cells.cells_per_cluster = 5;
  World world(cells);
  const auto arrived = world.inject(20, 1.0);
  CHECK(arrived.arrested[0] > 50.0);
  CHECK(arrived.agents[0] == 5.0 * arrived.arrested[0]);
  CHECK(world.population.size() == 5 * static_cast<std::size_t>(arrived.arrested[0]));
  CHECK(arrived.apart.size() == 4 * static_cast<std::size_t>(arrived.arrested[0]));
  std::set<std::uint64_t> keys(world.population.key.begin(), world.population.key.end());
  CHECK(keys.size() == world.population.size());

  // As they belong, before walls hold any of them back.
  std::vector<dealii::Tensor<1, 3>> place(world.population.size());
  for (std::size_t i = 0; i < place.size(); ++i)
    place[i] = world.population.position[i];
  for (const auto &[i, displacement] : arrived.apart)
    place[i] += displacement;
  const double contact = 2.0 * world.agents.types[0].radius;
  for (std::size_t first = 0; first < place.size(); first += 5)
    for (std::size_t i = first + 1; i < first + 5; ++i)
    {
      double gap = 1e300;
      for (std::size_t j = first; j < i; ++j)
        gap = std::min(gap, std::abs((place[i] - place[j]).norm() - contact));
      CHECK(gap < 1e-9);
    }
  const AgentMigration<3> migration(world.locator);
  const auto tally = migration.relocate(arrived.apart, WallRule::stay, world.population);
  CHECK(world.population.size() == place.size());
  CHECK(tally.refused < place.size() / 4);
}
