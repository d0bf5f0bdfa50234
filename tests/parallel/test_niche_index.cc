// What is measured at nodes and agents, against what was put there; the same with 1, 2 and 3 ranks.

#include "coupled_world.h"

#include "observables/fates.h"
#include "observables/field_observables.h"
#include "observables/gathered.h"
#include "observables/niche_index.h"
#include "observables/tumour_cells.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>

using namespace nidus;
using namespace nidus::test;

namespace
{
constexpr double side = 160.0, cell = 20.0, affinity = 25.0, around = 30.0;

AgentParameters csc_and_hpc()
{
  AgentParameters agents;
  auto csc = climber(0.1, 10.0, 1.0, affinity);
  csc.group = "tumour";
  csc.receptors[0].ligands = {{"sdf1", 1.0}};
  agents.types = {csc, walker("hpc", 0.1, 10.0)};
  agents.signals = {signal("F", "field", "fibronectin"), signal("H", "neighbours", ""),
                    signal("S", "occupancy", "cxcr4")};
  agents.signals[1].neighbours = {"hpc"};
  agents.signals[1].radius = around;
  agents.signals[1].response = "exponential";
  agents.signals[1].scale = 3.0;
  return agents;
}

FieldsParameters two_fields()
{
  FieldsParameters fields;
  fields.fields = {field("fibronectin", 10.0, 0.1), field("sdf1", 10.0, 0.1)};
  return fields;
}

double fibronectin(const dealii::Point<3> &place)
{
  return 0.2 + 0.3 * place[0] / side;
}
double sdf1(const dealii::Point<3> &place)
{
  return 10.0 + 20.0 * place[1] / side;
}

/// A block with linear fields and scattered agents, all of which every rank knows.
struct World : CoupledWorld<3>
{
  World() : CoupledWorld<3>(block({side, side, side}, cell), two_fields(), csc_and_hpc())
  {
    double *values = nullptr;
    VecGetArray(fields.state, &values);
    fields.for_each_tissue_node([&](const dealii::Point<3> &place, const unsigned int node) {
      values[2 * node] = fibronectin(place);
      values[2 * node + 1] = sdf1(place);
    });
    VecRestoreArray(fields.state, &values);
    fields.update_ghosts();
    sampling.fields_changed({});
    const bool here = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
    for (std::uint64_t i = 0; i < 400; ++i)
    {
      const auto u = random::uniform({5, i, 0, random::Purpose::seeding_position});
      AgentRecord<3> record;
      record.key = i + 1;
      record.type = i % 2;
      for (unsigned int d = 0; d < 3; ++d)
        record.position[d] = side * u[d];
      places.push_back(record.position);
      if (here)
        box.population.append(record);
    }
    box.migration.settle(box.population);
  }

  /// The signals at a place; agent number @p self does not count.
  std::array<double, 3> expected(const dealii::Point<3> &place, const std::size_t self) const
  {
    double n = 0.0;
    for (std::size_t i = 1; i < places.size(); i += 2)
      n += i != self && places[i].distance(place) < around;
    return {{fibronectin(place), 1.0 - std::exp(-n / 3.0), sdf1(place) / (affinity + sdf1(place))}};
  }

  std::vector<dealii::Point<3>> places;
};

/// The weight of S is below zero, so it does not count.
double index_of(const std::array<double, 3> &s)
{
  return 1.0 - std::exp(-s[0] - 2.0 * s[1]);
}
} // namespace

TEST_CASE("The niche index is that of its signals at nodes and agents", "[observables][niche]")
{
  World world;
  NicheIndexParameters parameters;
  parameters.weights = {{"F", 1.0}, {"H", 2.0}, {"S", -1.5}};
  parameters.signals = {{0, 1.0}, {1, 2.0}, {2, -1.5}};
  parameters.of_type = 0;
  const NicheIndex<3> niche(parameters, world.box.rules);
  Observed observed;
  niche.look({world.box.locator, world.nodes, world.sampling, world.box.migration, {}, world.box.population, 0.0},
             observed);
  REQUIRE(observed.at_nodes.size() == 4);
  CHECK(observed.at_nodes[0].name == "niche_index");
  CHECK(observed.at_nodes[3].name == "signal_S");

  constexpr std::size_t nobody = 100000;
  double worst = 0.0, most_neighbours = 0.0;
  for (std::uint32_t c = 0; c < world.box.locator.n_cells(); ++c)
    for (unsigned int v = 0; v < 8 && world.box.locator.is_owned(c); ++v)
    {
      const auto s = world.expected(world.box.locator.corner(c, v), nobody);
      const auto node = world.nodes.nodes(c)[v];
      worst = std::max(worst, std::abs(observed.at_nodes[0].values[node] - index_of(s)));
      for (unsigned int k = 0; k < 3; ++k)
        worst = std::max(worst, std::abs(observed.at_nodes[k + 1].values[node] - s[k]));
      most_neighbours = std::max(most_neighbours, s[1]);
    }
  CHECK(worst < 1e-13);
  CHECK(most_neighbours > 0.8);

  worst = 0.0;
  for (std::size_t i = 0; i < world.box.population.size(); ++i)
  {
    const auto s = world.expected(world.box.population.position[i], world.box.population.key[i] - 1);
    worst = std::max(worst, std::abs(observed.at_agents[0].values[i] - index_of(s)));
    for (unsigned int k = 0; k < 3; ++k)
      worst = std::max(worst, std::abs(observed.at_agents[k + 1].values[i] - s[k]));
  }
  CHECK(worst < 1e-12);

  // Means: nodes of the regular mesh weigh half on each side that they are on.
  double mean = 0.0;
  constexpr int n = 8;
  for (int x = 0; x <= n; ++x)
    for (int y = 0; y <= n; ++y)
      for (int z = 0; z <= n; ++z)
      {
        const auto end = [](const int i) { return i == 0 || i == n ? 0.5 : 1.0; };
        mean +=
            end(x) * end(y) * end(z) / (n * n * n) * index_of(world.expected({cell * x, cell * y, cell * z}, nobody));
      }
  CHECK(observed.row[0] == Approx(mean).epsilon(1e-12));
  double tumour = 0.0;
  for (std::size_t i = 0; i < world.places.size(); i += 2)
    tumour += index_of(world.expected(world.places[i], i)) / 200.0;
  CHECK(observed.row[1] == Approx(tumour).epsilon(1e-12));
}

TEST_CASE("Means at tumour cells are those of what was put there", "[observables][tumour_cells]")
{
  const World world;
  VesselNetwork vessels;
  for (std::uint64_t i = 0; i < 60; ++i)
  {
    const auto u = random::uniform({6, i, 0, random::Purpose::seeding_position});
    const auto w = random::uniform({6, i, 1, random::Purpose::seeding_position});
    vessels.points.emplace_back(side * u[0], side * u[1], side * u[2]);
    vessels.points.emplace_back(side * u[0] + 20.0 * w[0], side * u[1] + 20.0 * w[1], side * u[2]);
    const auto first = static_cast<std::uint32_t>(2 * i);
    vessels.segments.push_back({first, first + 1, 1.0 + 4.0 * w[2], VesselKind::capillary});
  }
  TumourCellParameters parameters;
  parameters.types = {"csc"};
  parameters.receptor = "cxcr4";
  parameters.field = "sdf1";
  parameters.field_index = 1;
  parameters.receptor_of = {0, -1};
  parameters.surfaces = {"x min", "z max"};
  parameters.agents = AgentSelection(world.box.parameters, parameters.types, "Types");
  const TumourCells<3> cells(parameters, world.field_parameters, world.box.rules, world.organ, &vessels);
  const auto means = cells.look(MPI_COMM_WORLD, world.box.locator, world.nodes, world.sampling, world.box.population);

  // The nearest wall among all, each by a thousand points along its axis.
  double occupied = 0.0, distance = 0.0, from_x = 0.0, from_z = 0.0;
  for (std::size_t i = 0; i < world.places.size(); i += 2)
  {
    from_x += world.places[i][0] / 200.0;
    from_z += (side - world.places[i][2]) / 200.0;
    occupied += sdf1(world.places[i]) / (affinity + sdf1(world.places[i])) / 200.0;
    double nearest = 1e300;
    for (const auto &segment : vessels.segments)
      for (int k = 0; k <= 1000; ++k)
      {
        const auto &a = vessels.points[segment.first], &b = vessels.points[segment.second];
        nearest = std::min(nearest, std::max(world.places[i].distance(a + 1e-3 * k * (b - a)) - segment.radius, 0.0));
      }
    distance += nearest / 200.0;
  }
  REQUIRE(means.size() == 5);
  CHECK(cells.columns()[3].name == "tumour cells distance to x min");
  CHECK(means[3] == Approx(from_x).epsilon(1e-12));
  CHECK(means[4] == Approx(from_z).epsilon(1e-12));
  CHECK(means[0] == Approx(20.0 / side).epsilon(1e-12));
  CHECK(means[1] == Approx(occupied).epsilon(1e-12));
  // Points are at most 0.015 um from the nearest place on their axis.
  CHECK(std::abs(means[2] - distance) < 0.015);
  CHECK(means[2] <= distance + 1e-12);
}

TEST_CASE("Parts of the tissue and signs against the blood are those of linear fields", "[observables][fields]")
{
  const World world;
  std::vector<PositiveFractionParameters> positive(2);
  positive[0].above = 0.3501; // x > side / 2, without the nodes in the middle
  positive[1].above = 0.1;
  positive[0].field_index = positive[1].field_index = 0;
  const auto parts = positive_fractions(positive, world.fields);
  CHECK(parts[0] == Approx(0.5 - 0.5 * cell / side).epsilon(1e-12));
  CHECK(parts[1] == Approx(1.0).epsilon(1e-12));

  std::vector<BloodGradientParameters> gradients(2);
  gradients[0].field_index = gradients[1].field_index = 1;
  gradients[0].factor_index = 0;
  gradients[1].factor_index = 1;
  const auto differences = blood_gradients(gradients, world.fields, {5.0, 25.0});
  CHECK(differences[0] == Approx(15.0).epsilon(1e-12));
  CHECK(differences[1] == 1.0);
  CHECK(differences[2] == Approx(-5.0).epsilon(1e-12));
  CHECK(differences[3] == -1.0);
}

TEST_CASE("Founders are followed from their appearance to the end of their line", "[observables][fates]")
{
  AgentParameters agents;
  auto csc = walker("csc", 0.1, 10.0);
  csc.states.resize(3);
  csc.states[1].name = "engaged";
  csc.states[2].name = "dormant";
  agents.types = {csc, walker("hpc", 0.1, 10.0)};
  FateParameters parameters;
  parameters.types = {"csc"};
  parameters.founders = AgentSelection(agents, {"csc"}, "Types");
  parameters.dormant_agents = AgentSelection(agents, {"csc.dormant"}, "Dormant");
  parameters.engaged_agents = AgentSelection(agents, {"csc.engaged"}, "Engaged");
  Fates fates(parameters);

  const int n_ranks = static_cast<int>(dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD)),
            rank = static_cast<int>(dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD));
  // Events come from any rank.
  int next = 0;
  std::vector<AgentEvent> events;
  const auto add = [&](const AgentEvent &event) {
    if (next++ % n_ranks == rank)
      events.push_back(event);
  };
  const auto change = [&](const std::uint64_t key, const int to) {
    AgentEvent event;
    event.key = key;
    event.kind = EventKind::changed;
    event.type = event.new_type = 0;
    event.to = to;
    add(event);
  };
  const auto pass = [&](const double time) {
    fates.take(MPI_COMM_WORLD, events, time);
    events.clear();
  };
  for (std::uint64_t key = 1; key <= 3; ++key)
    add(appearance(EventKind::seeded, key, 0, 0, 0));
  add(appearance(EventKind::seeded, 50, 0, 1, 0)); // of another type
  pass(0.0);
  add(appearance(EventKind::arrived, 4, 1, 0, 0));
  add(appearance(EventKind::arrived, 5, 1, 0, 1)); // engaged from the start
  change(1, 1);
  pass(30.0);
  change(1, 2);
  change(4, 1);
  change(77, 1); // no founder: a daughter
  pass(100.0);
  change(1, 1); // not for the first time
  pass(200.0);

  // Agent 1 is dormant, 2 has a living grandchild, 3 is dead without issue, 4 and 5 live; the granddaughter and a host
  // are dormant or alive, but no founders that count.
  AgentPopulation<3> population;
  const auto live = [&](const std::uint64_t key, const std::uint64_t mother, const std::uint64_t founder,
                        const int type, const int state) {
    if (next++ % n_ranks != rank)
      return;
    AgentRecord<3> record;
    record.key = key;
    record.mother = mother;
    record.founder = founder;
    record.type = type;
    record.state = state;
    population.append(record);
  };
  live(1, 0, 0, 0, 2);
  live(88, 77, 2, 0, 2);
  live(4, 0, 0, 0, 1);
  live(5, 0, 0, 0, 0);
  live(50, 0, 0, 1, 0);

  const auto check = [&](const Fates &of) {
    const auto row = of.look(MPI_COMM_WORLD, population);
    if (rank != 0)
      return;
    CHECK(row[0] == 5.0);
    CHECK(row[1] == Approx(4.0 / 5.0));
    CHECK(row[2] == Approx(1.0 / 5.0));
    CHECK(row[3] == Approx(3.0 / 5.0));
    CHECK(row[4] == 30.0); // of 0, 30 and 70
    CHECK(row[5] == Approx(100.0 / 3.0));
  };
  check(fates);
  Fates resumed(parameters);
  resumed.restore(nlohmann::json::parse(fates.state().dump()));
  check(resumed);
}
