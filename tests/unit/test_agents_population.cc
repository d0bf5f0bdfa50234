#include "../agent_world.h"

#include "agents/packed_agent.h"
#include "control/random.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>

using namespace nidus;

namespace
{
AgentRecord<3> numbered(const std::uint64_t n)
{
  AgentRecord<3> record;
  record.key = random::mix(5, n);
  record.mother = n;
  record.founder = n + 1000;
  record.colony = n + 2000;
  record.divisions = n + 1;
  record.generation = n + 2;
  record.stage = n + 3;
  record.type = n % 3;
  record.state = n % 5;
  record.state_since = n + 0.25;
  record.born = n + 0.5;
  record.position = dealii::Point<3>(n, 2.0 * n, 3.0 * n);
  record.velocity[1] = -1.0 * n;
  return record;
}

std::uint32_t cell_of(const std::uint64_t n)
{
  return 7 + n % 10;
}

/// In the order of cells, and of keys in each cell.
bool ordered(const AgentPopulation<3> &population)
{
  for (std::size_t i = 1; i < population.size(); ++i)
    if (population.cell[i] < population.cell[i - 1] ||
        (population.cell[i] == population.cell[i - 1] && population.key[i] <= population.key[i - 1]))
      return false;
  return true;
}

/// Whether agent @p i is the one that numbered(mother) made, in every array.
bool intact(const AgentPopulation<3> &population, const std::size_t i)
{
  const auto record = population.record(i), expected = numbered(population.mother[i]);
  return record.key == expected.key && record.founder == expected.founder && record.colony == expected.colony &&
         record.divisions == expected.divisions && record.generation == expected.generation &&
         record.stage == expected.stage && record.type == expected.type && record.state == expected.state &&
         record.state_since == expected.state_since && record.born == expected.born &&
         record.position == expected.position && record.velocity == expected.velocity &&
         population.cell[i] == cell_of(expected.mother) &&
         population.reference_position[i][2] == 0.01 * expected.mother;
}

AgentPopulation<3> some(const std::uint64_t n)
{
  AgentPopulation<3> population;
  for (std::uint64_t i = 0; i < n; ++i)
  {
    population.append(numbered(i));
    CHECK(population.cell.back() == AgentPopulation<3>::no_cell);
    population.cell.back() = cell_of(i);
    population.reference_position.back()[2] = 0.01 * i;
  }
  return population;
}

bool all_intact(const AgentPopulation<3> &population)
{
  for (std::size_t i = 0; i < population.size(); ++i)
    if (!intact(population, i))
      return false;
  return true;
}
} // namespace

TEST_CASE("Sorting keeps the arrays of agents together", "[agents][population]")
{
  auto population = some(100);
  CHECK_FALSE(ordered(population));
  population.sort();
  CHECK(ordered(population));
  CHECK(all_intact(population));

  // A few more at the end of a sorted population.
  for (std::uint64_t n = 100; n < 105; ++n)
  {
    population.append(numbered(n));
    population.cell.back() = cell_of(n);
    population.reference_position.back()[2] = 0.01 * n;
  }
  population.sort();
  CHECK(population.size() == 105);
  CHECK(ordered(population));
  CHECK(all_intact(population));
}

TEST_CASE("Sorting puts agents that changed their cell where they belong", "[agents][population]")
{
  auto population = some(200);
  population.sort();
  for (std::size_t i = 0; i < population.size(); i += 3)
    population.cell[i] = 7 + (i * 5) % 10;
  const auto before = population.key;
  population.sort();
  CHECK(ordered(population));
  CHECK(std::is_permutation(before.begin(), before.end(), population.key.begin()));
  population.forget_cells();
  population.sort();
  CHECK(ordered(population));
  CHECK(std::is_sorted(population.key.begin(), population.key.end()));
}

TEST_CASE("A packed agent is the agent, and equal agents are equal bytes", "[agents][population]")
{
  const auto agent = packed(numbered(7)), again = packed(unpacked(agent));
  CHECK(std::memcmp(&agent, &again, sizeof(agent)) == 0);
  AgentPopulation<3> population;
  population.append(unpacked(agent));
  population.cell.back() = 14;
  population.reference_position.back()[2] = 0.07;
  CHECK(intact(population, 0));
  static_assert(std::has_unique_object_representations_v<std::uint32_t> && sizeof(PackedAgent<3>) == 32 + 24 + 16 + 48,
                "no gaps between the members");
}

TEST_CASE("An agent without a founder is its own", "[agents][population]")
{
  AgentPopulation<3> population;
  auto agent = numbered(7);
  agent.founder = 0;
  population.append(agent);
  CHECK(population.founder[0] == agent.key);
}

TEST_CASE("Removing agents keeps the others and their order", "[agents][population]")
{
  auto population = some(50);
  std::vector<char> remove(50, 0);
  for (const std::size_t i : {0, 1, 7, 20, 49})
    remove[i] = 1;
  population.remove(remove);
  CHECK(population.size() == 45);
  CHECK(population.reference_position.size() == 45);
  CHECK(std::is_sorted(population.mother.begin(), population.mother.end()));
  CHECK(std::count(population.mother.begin(), population.mother.end(), 20) == 0);
  CHECK(std::count(population.mother.begin(), population.mother.end(), 21) == 1);
  CHECK(all_intact(population));
}

TEST_CASE("Keys are unique over twenty generations, and between seeded, placed and arrived agents", "[agents][lineage]")
{
  std::vector<std::uint64_t> keys = {lineage::seeded_key(3, 12345, 0, 0)};
  std::vector<std::uint32_t> divisions = {0};
  for (unsigned int generation = 0; generation < 20; ++generation)
  {
    const std::size_t n = keys.size();
    for (std::size_t i = 0; i < n; ++i)
    {
      keys.push_back(lineage::daughter_key(keys[i], ++divisions[i]));
      divisions.push_back(0);
    }
  }
  CHECK(keys.size() == 1u << 20);
  for (std::uint64_t number = 0; number < 100; ++number)
    for (std::uint64_t place = 0; place < 100; ++place)
      for (std::int32_t type = 0; type < 3; ++type)
      {
        keys.push_back(lineage::seeded_key(3, place, type, number));
        if (place == 0)
          keys.push_back(lineage::placed_key(3, type, number));
        for (std::uint64_t step = 0; step < 3; ++step)
          keys.push_back(lineage::arrival_key(3, place, type, step, number));
      }
  std::sort(keys.begin(), keys.end());
  CHECK(keys.front() != 0);
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

TEST_CASE("Another seed gives other keys", "[agents][lineage]")
{
  CHECK(lineage::seeded_key(3, 1, 0, 0) != lineage::seeded_key(4, 1, 0, 0));
  CHECK(lineage::arrival_key(3, 1, 0, 9, 0) != lineage::arrival_key(4, 1, 0, 9, 0));
}
