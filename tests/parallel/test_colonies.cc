// Colonies that many ranks share, and their names in time; the same with 1, 2 and 3 ranks.

#include "agent_box.h"

#include "control/quantile.h"
#include "observables/colonies.h"
#include "observables/disjoint_sets.h"
#include "observables/gathered.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace nidus;
using namespace nidus::test;

namespace
{
constexpr double side = 160.0, radius = 5.0;

AgentParameters two_types()
{
  AgentParameters agents;
  agents.types = {walker("csc", 0.1, 10.0), walker("hpc", 0.1, 10.0)};
  for (auto &type : agents.types)
    type.radius = radius;
  return agents;
}

template <int dim>
struct World
{
  explicit World(const double distance)
      : organ(MPI_COMM_WORLD, block(std::vector<double>(dim, side), 20.0)), box(organ, two_types())
  {
    parameters.types = {"csc"};
    parameters.distance = distance;
    parameters.micro_from = 4;
    parameters.macro_diameter = 40.0;
    parameters.members = AgentSelection(box.parameters, parameters.types, "Types");
    colonies = std::make_unique<Colonies>(parameters, box.parameters);
  }

  /// On rank 0 first; settle() brings it to its place.
  void add(const std::uint64_t key, const dealii::Point<dim> &position, const int type = 0,
           const std::uint64_t colony = 0)
  {
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0)
      return;
    AgentRecord<dim> record;
    record.key = key;
    record.type = type;
    record.position = position;
    record.colony = colony;
    box.population.append(record);
  }

  /// The colonies, on all ranks.
  std::vector<Colony> look()
  {
    box.migration.settle(box.population);
    ++step;
    auto found = colonies->look(box.migration, MPI_COMM_WORLD, step, 10.0 * step, box.population);
    std::vector<std::array<double, 8>> numbers;
    for (const auto &c : found)
      numbers.push_back({{static_cast<double>(c.agents), c.centre[0], c.centre[1], c.centre[2], c.square_sum, c.cells,
                          c.diameter, c.first_seen}});
    std::vector<std::array<std::uint64_t, 5>> names;
    for (const auto &c : found)
      names.push_back({{c.id, c.smallest_key, c.split_from, c.former.size(), static_cast<std::uint64_t>(c.kind)}});
    // Only rank 0 has any.
    const auto all_numbers = gather_everywhere(MPI_COMM_WORLD, numbers).all;
    const auto all_names = gather_everywhere(MPI_COMM_WORLD, names).all;
    std::vector<Colony> result;
    for (std::size_t c = 0; c < all_names.size(); ++c)
    {
      Colony colony;
      colony.agents = static_cast<std::uint64_t>(all_numbers[c][0]);
      colony.centre = {{all_numbers[c][1], all_numbers[c][2], all_numbers[c][3]}};
      colony.square_sum = all_numbers[c][4];
      colony.cells = all_numbers[c][5];
      colony.diameter = all_numbers[c][6];
      colony.first_seen = all_numbers[c][7];
      colony.id = all_names[c][0];
      colony.smallest_key = all_names[c][1];
      colony.split_from = all_names[c][2];
      for (std::uint64_t f = 0; f < all_names[c][3]; ++f)
        colony.former[f + 1] = 1;
      colony.kind = static_cast<ColonyClass>(all_names[c][4]);
      result.push_back(colony);
    }
    return result;
  }

  /// Moves the agents with keys in [first, last] by @p offset along axis 0.
  void shift(const std::uint64_t first, const std::uint64_t last, const double offset)
  {
    for (std::size_t i = 0; i < box.population.size(); ++i)
      if (box.population.key[i] >= first && box.population.key[i] <= last)
        box.population.position[i][0] += offset;
  }

  std::uint64_t name_of_new(const std::uint64_t key) const { return random::mix(key, step) >> 1; }

  Organ<dim> organ;
  AgentBox<dim> box;
  ColonyParameters parameters;
  std::unique_ptr<Colonies> colonies;
  std::uint64_t step = 0;
};

/// {key: colony} of all agents, on all ranks.
template <int dim>
std::map<std::uint64_t, std::uint64_t> colonies_of(const AgentPopulation<dim> &population)
{
  std::vector<std::array<std::uint64_t, 2>> mine;
  for (std::size_t i = 0; i < population.size(); ++i)
    mine.push_back({{population.key[i], population.colony[i]}});
  std::map<std::uint64_t, std::uint64_t> result;
  for (const auto &[key, colony] : gather_everywhere(MPI_COMM_WORLD, mine).all)
    result[key] = colony;
  return result;
}
} // namespace

TEST_CASE("A chain that crosses the borders of ranks many times is one colony", "[observables][colonies]")
{
  // Rows up and down through the whole block, 10 um apart, in layers 20 um apart which a rung joins; and a chain of its
  // own beside them, which comes as close as 12 um.
  World<3> world(11.0);
  std::uint64_t key = 1000;
  double centre = 0.0, square = 0.0;
  std::size_t n = 0;
  const auto add = [&](const double x, const double y, const double z) {
    world.add(key--, {x, y, z});
    centre += x;
    square += x * x;
    ++n;
  };
  for (int layer = 0; layer < 7; ++layer)
  {
    for (int k = 0; k < 16; ++k)
      add(5.0 + 10.0 * k, 4.0 + 20.0 * layer, 80.0);
    add(layer % 2 == 0 ? 155.0 : 5.0, 14.0 + 20.0 * layer, 80.0);
  }
  for (int k = 0; k < 16; ++k)
    world.add(5000 + k, {5.0 + 10.0 * k, 64.0, 92.0});
  // Another type is no member, and does not bridge the gap.
  world.add(7000, {75.0, 64.0, 86.0}, 1);

  const auto found = world.look();
  REQUIRE(found.size() == 2);
  CHECK(found[0].agents == n);
  CHECK(found[0].smallest_key == key + 1);
  CHECK(found[0].id == world.name_of_new(key + 1));
  CHECK(found[0].centre[0] == Approx(centre / n).epsilon(1e-13));
  CHECK(found[0].centre[2] == Approx(80.0).epsilon(1e-13));
  CHECK(found[0].diameter == Approx(std::cbrt(n) * 2.0 * radius).epsilon(1e-13));
  CHECK(found[0].kind == ColonyClass::macro);
  CHECK(found[1].agents == 16);
  CHECK(found[1].centre[0] == Approx(80.0).epsilon(1e-13));
  // Sixteen places 10 um apart: their mean square distance is 10^2 (16^2 - 1) / 12.
  CHECK(found[1].gyration_radius() == Approx(10.0 * std::sqrt(255.0 / 12.0)).epsilon(1e-13));
  CHECK(found[1].kind == ColonyClass::micro);
  CHECK(colonies_of(world.box.population).at(7000) == 0);
  CHECK(colonies_of(world.box.population).at(5007) == found[1].id);
}

TEMPLATE_TEST_CASE_SIG("Colonies of random places are those of all pairs", "[observables][colonies]", ((int dim), dim),
                       2, 3)
{
  // Near the threshold of percolation there are colonies of all sizes.
  const double distance = dim == 2 ? 7.0 : 14.0;
  World<dim> world(distance);
  constexpr std::size_t n = 700;
  std::vector<dealii::Point<dim>> places;
  for (std::size_t i = 0; i < n; ++i)
  {
    const auto u = random::uniform({3, i, 0, random::Purpose::seeding_position});
    places.emplace_back();
    for (unsigned int d = 0; d < dim; ++d)
      places.back()[d] = side * u[d];
    world.add(i + 1, places.back());
  }
  DisjointSets sets(n);
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = 0; j < i; ++j)
      if (places[i].distance(places[j]) < distance)
        sets.join(i, j);
  std::map<std::uint64_t, std::uint64_t> expected; // smallest key -> agents
  for (std::uint32_t i = 0; i < n; ++i)
    ++expected[sets.find(i) + 1];

  const auto found = world.look();
  REQUIRE(found.size() == expected.size());
  std::set<std::uint64_t> sizes;
  for (const auto &colony : found)
  {
    CHECK(expected.at(colony.smallest_key) == colony.agents);
    sizes.insert(colony.agents);
  }
  CHECK(sizes.size() > 5);
  for (const auto &[key, id] : colonies_of(world.box.population))
    CHECK(id == world.name_of_new(sets.find(static_cast<std::uint32_t>(key - 1)) + 1));
}

TEST_CASE("Colonies keep their names when they merge, split and grow", "[observables][colonies]")
{
  World<3> world(11.0);
  for (std::uint64_t k = 0; k < 5; ++k)
    world.add(100 + k, {40.0, 10.0 + 10.0 * k, 50.0});
  for (std::uint64_t k = 0; k < 3; ++k)
    world.add(10 + k, {120.0, 10.0 + 10.0 * k, 50.0});
  auto found = world.look();
  REQUIRE(found.size() == 2);
  const std::uint64_t small = found[0].id, large = found[1].id;
  CHECK(small == world.name_of_new(10));
  CHECK(large == world.name_of_new(100));

  SECTION("a merged colony goes on as the larger one; a part that leaves again is new")
  {
    world.shift(10, 12, -70.0);
    found = world.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == large);
    CHECK(found[0].agents == 8);
    CHECK(found[0].smallest_key == 10);
    CHECK(found[0].former.size() == 2);
    CHECK(found[0].first_seen == 10.0);

    world.shift(10, 12, 70.0);
    found = world.look();
    REQUIRE(found.size() == 2);
    CHECK(found[0].smallest_key == 10);
    CHECK(found[0].id == world.name_of_new(10));
    CHECK(found[0].id != small);
    CHECK(found[0].split_from == large);
    CHECK(found[0].first_seen == 30.0);
    CHECK(found[1].id == large);
    CHECK(found[1].split_from == 0);
    CHECK(found[1].first_seen == 10.0);
  }

  SECTION("of two equal parts the one with the smallest key goes on, as of two equal colonies the smaller id")
  {
    world.add(9, {120.0, 40.0, 50.0});
    world.add(13, {120.0, 50.0, 50.0});
    found = world.look();
    REQUIRE(found.size() == 2);
    CHECK(found[0].smallest_key == 9); // a newcomer does not change the name
    CHECK(found[0].id == small);

    world.shift(9, 13, -70.0);
    found = world.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == std::min(small, large));
    const std::uint64_t id = found[0].id;

    world.shift(9, 13, 70.0);
    found = world.look();
    REQUIRE(found.size() == 2);
    CHECK(found[0].smallest_key == 9);
    CHECK(found[0].id == id);
    CHECK(found[1].id == world.name_of_new(100));
    CHECK(found[1].split_from == id);
  }

  SECTION("daughters carry the name of the mother's colony wherever they are")
  {
    for (std::uint64_t k = 0; k < 4; ++k)
      world.add(200 + k, {80.0, 100.0 + 10.0 * k, 50.0}, 0, small);
    found = world.look();
    REQUIRE(found.size() == 3);
    // Four of seven: the daughters are the larger part.
    CHECK(found[2].smallest_key == 200);
    CHECK(found[2].id == small);
    CHECK(found[0].smallest_key == 10);
    CHECK(found[0].split_from == small);
  }

  SECTION("agents that are no longer there leave their colony as it is")
  {
    std::vector<char> gone(world.box.population.size());
    for (std::size_t i = 0; i < gone.size(); ++i)
      gone[i] = world.box.population.key[i] == 10 || world.box.population.key[i] == 12;
    world.box.population.remove(gone);
    found = world.look();
    REQUIRE(found.size() == 2);
    CHECK(found[0].id == small);
    CHECK(found[0].kind == ColonyClass::solitary);
  }
}

TEST_CASE("Without members there are no colonies", "[observables][colonies]")
{
  World<2> world(10.0);
  CHECK(world.look().empty());
  const auto row = world.colonies->row({});
  CHECK(row[0] == 0.0);
  CHECK(std::isnan(row[5]));
}

TEST_CASE("Quantiles lie between the values", "[observables]")
{
  CHECK(quantile({1, 2, 3, 4, 5}, 0.5) == 3.0);
  CHECK(quantile({1, 2}, 0.25) == 1.25);
  CHECK(quantile({7}, 0.9) == 7.0);
}
