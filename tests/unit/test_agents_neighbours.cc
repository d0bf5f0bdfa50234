#include "../agent_world.h"

#include "agents/neighbour_grid.h"
#include "control/random.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace nidus;
using nidus::test::AgentWorld;

namespace
{
/// Points in a box about the origin, a few of them at one place, on bin borders and @p far away.
template <int dim>
std::vector<dealii::Point<dim>> scattered(const std::size_t n, const double far)
{
  std::vector<dealii::Point<dim>> points(n);
  for (std::size_t i = 0; i < n; ++i)
  {
    const auto u = random::uniform({11, i, 0, random::Purpose::seeding_position});
    for (unsigned int d = 0; d < dim; ++d)
      points[i][d] = 200.0 * (u[d] - 0.5);
  }
  points[1] = points[0];
  for (unsigned int d = 0; d < dim; ++d)
  {
    points[2][d] = 30.0 * d - 30.0;
    points[3][d] = far;
  }
  return points;
}

template <int dim>
std::vector<typename NeighbourGrid<dim>::Entry> numbered(const std::vector<dealii::Point<dim>> &points)
{
  std::vector<typename NeighbourGrid<dim>::Entry> entries;
  for (std::size_t i = 0; i < points.size(); ++i)
    entries.push_back({points[i], static_cast<std::uint32_t>(i)});
  return entries;
}

/// Keys in an order that is not that of the points.
std::vector<std::uint64_t> keys(const std::size_t n)
{
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < n; ++i)
    keys.push_back(random::mix(5, i));
  return keys;
}
} // namespace

TEMPLATE_TEST_CASE_SIG("The neighbour grid finds what brute force finds", "[agents][neighbours]", ((int dim), dim), 2,
                       3)
{
  // One point far away makes most bins empty, and the grid a table of the others.
  const auto points = scattered<dim>(600, GENERATE(90.0, 1e6));
  const double bin_size = GENERATE(7.0, 30.0, 1000.0);
  const auto key = keys(points.size());
  const NeighbourGrid<dim> grid(bin_size, numbered<dim>(points), key);
  typename NeighbourGrid<dim>::Search search(grid);
  CHECK(grid.entries().size() == points.size());
  std::size_t n_pairs = 0;
  for (const double radius : {5.0, 30.0, 70.0})
    for (const auto &point : points)
    {
      std::vector<std::size_t> found, expected;
      bool offsets_right = true;
      search.for_each_neighbour(point, radius, [&](const auto &entry, const auto &offset, const double square) {
        found.push_back(entry.index);
        offsets_right = offsets_right && offset == point - points[entry.index] && square == offset.norm_square();
      });
      for (std::size_t i = 0; i < points.size(); ++i)
        if ((point - points[i]).norm_square() < radius * radius)
          expected.push_back(i);
      std::sort(found.begin(), found.end());
      REQUIRE(found == expected);
      REQUIRE(offsets_right);
      n_pairs += found.size();
    }
  CHECK(n_pairs > 3 * points.size()); // more than each point finding itself

  // Each pair once, and whatever the order in which points are given.
  const double reach = std::min(bin_size, 70.0);
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  const auto &entries = grid.entries();
  bool right = true;
  grid.for_each_pair(reach, [&](const auto a, const auto b, const auto &offset, const double square) {
    right = right && a < b && offset == entries[a].position - entries[b].position && square == offset.norm_square();
    right = right && pairs.insert({a, b}).second;
  });
  std::size_t expected_pairs = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      expected_pairs += (points[i] - points[j]).norm_square() < reach * reach;
  CHECK(right);
  CHECK(pairs.size() == expected_pairs);
  CHECK(expected_pairs > 0);
  auto backwards = numbered<dim>(points);
  std::reverse(backwards.begin(), backwards.end());
  const NeighbourGrid<dim> same(bin_size, backwards, {key.rbegin(), key.rend()});
  for (std::size_t e = 0; e < entries.size(); ++e)
    REQUIRE(same.entries()[e].index == entries[e].index);
}

TEST_CASE("An empty grid has no neighbours, and coordinates beyond counting are refused", "[agents][neighbours]")
{
  const NeighbourGrid<3> grid(30.0, {}, {});
  NeighbourGrid<3>::Search search(grid);
  search.for_each_neighbour(dealii::Point<3>(), 100.0,
                            [](const auto &, const auto &, double) { FAIL("found something"); });
  CHECK_THROWS_AS(NeighbourGrid<2>(1.0, numbered<2>({dealii::Point<2>(1e9, 0.0)}), {1}), std::runtime_error);
}

TEMPLATE_TEST_CASE_SIG("Sums over neighbours do not depend on who owns an agent", "[agents][neighbours][mechanics]",
                       ((int dim), dim), 2, 3)
{
  AgentWorld<dim> world;
  world.parameters.types = {test::walker("csc", 0.2, 15.0)};
  world.parameters.resolve(world.outside);
  world.seed_agents(400);
  world.population.position = scattered<dim>(400, 1e6);
  const Mechanics mechanics(world.parameters);
  const Neighbourhood<dim> whole(world.population, Halo<dim>(), mechanics.reach());
  const auto expected = mechanics.velocities(whole);

  // Owned: those left of a moving border; all others are the halo.
  for (const double border : {-60.0, 0.0, 25.0})
  {
    AgentPopulation<dim> owned = world.population;
    Halo<dim> halo;
    std::vector<char> remove(owned.size());
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < owned.size(); ++i)
    {
      remove[i] = owned.position[i][0] >= border;
      if (!remove[i])
      {
        kept.push_back(i);
        continue;
      }
      halo.key.push_back(owned.key[i]);
      halo.type.push_back(owned.type[i]);
      halo.state.push_back(owned.state[i]);
      halo.position.push_back(owned.position[i]);
    }
    owned.remove(remove);
    const auto velocities = mechanics.velocities(Neighbourhood<dim>(owned, halo, mechanics.reach()));
    REQUIRE(velocities.size() == kept.size());
    bool same = true;
    for (std::size_t i = 0; i < kept.size(); ++i)
      same = same && velocities[i] == expected[kept[i]]; // to the last bit
    CHECK(same);
  }
  CHECK(std::count_if(expected.begin(), expected.end(), [](const auto &v) { return v.norm() > 0.0; }) > 100);
}
