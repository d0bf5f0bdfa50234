// Agents between ranks: run with 1, 2 and 3 ranks, the numbers that are compared do not depend on it.

#include "agents/agent_migration.h"
#include "agents/lineage.h"
#include "agents/motility.h"
#include "agents/motion.h"
#include "control/random.h"
#include "organ/cell_locator.h"
#include "organ/organ.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace nidus;

namespace
{
const MPI_Comm comm = MPI_COMM_WORLD;
constexpr double edge = 20.0; // um, of a mesh cell
constexpr double side = 160.0;

int this_rank()
{
  int rank;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

template <typename T>
T global_sum(const T &here, const MPI_Datatype type)
{
  T all = 0;
  MPI_Allreduce(&here, &all, 1, type, MPI_SUM, comm);
  return all;
}

std::uint64_t total(const std::uint64_t here)
{
  return global_sum(here, MPI_UINT64_T);
}

bool everywhere(const bool here)
{
  return total(here ? 0 : 1) == 0;
}

/// A block of tissue, with an airway through it when asked for.
OrganParameters block(const double lumen_radius)
{
  OrganParameters parameters;
  parameters.block.size = {side, side, side};
  parameters.block.lumen_radius = lumen_radius;
  parameters.cell_size = edge;
  RegionParameters tissue, airway;
  tissue.name = "parenchyma";
  airway.name = "airway";
  airway.tissue = false;
  parameters.regions = {tissue};
  if (lumen_radius > 0.0)
    parameters.regions.push_back(airway);
  return parameters;
}

template <int dim>
struct Tissue
{
  explicit Tissue(const double lumen_radius = 0.0)
      : organ(comm, block(lumen_radius)), locator(organ), migration(locator)
  {
  }
  Organ<dim> organ;
  CellLocator<dim> locator;
  AgentMigration<dim> migration;
};

template <int dim>
AgentRecord<dim> agent_at(const std::uint64_t number, const dealii::Point<dim> &position)
{
  AgentRecord<dim> record;
  record.key = lineage::seeded_key(1, number, 0, 0);
  record.mother = number + 1;
  record.state_since = 0.5 * number;
  record.position = position;
  for (unsigned int d = 0; d < dim; ++d)
    record.velocity[d] = 0.1 * number + d;
  return record;
}

/// A point drawn in the box [lower, upper]^dim.
template <int dim>
dealii::Point<dim> drawn(const std::uint64_t number, const std::uint64_t step, const double lower, const double upper)
{
  const auto u = random::uniform({9, number, step, random::Purpose::seeding_position});
  dealii::Point<dim> point;
  for (unsigned int d = 0; d < dim; ++d)
    point[d] = lower + (upper - lower) * u[d];
  return point;
}

/// All agents are on rank 0 first, wherever they belong.
/// Numbers of receptors that tell whose they are.
std::vector<double> receptors_of(const std::uint64_t number)
{
  return {0.5 * number, 1.0 * number, 2.0 * number, 3.0 * number};
}

template <int dim>
AgentPopulation<dim> all_on_rank_0(const std::vector<dealii::Point<dim>> &positions)
{
  AgentPopulation<dim> population(4);
  if (this_rank() == 0)
    for (std::size_t n = 0; n < positions.size(); ++n)
    {
      auto record = agent_at<dim>(n, positions[n]);
      record.receptors = receptors_of(n);
      population.append(record);
    }
  population.sort();
  return population;
}

/// There are no fields.
template <int dim>
class Nothing : public Senses<dim>
{
public:
  void look(const AgentPopulation<dim> &, const std::size_t begin, std::size_t, Question,
            Surroundings<dim> &surroundings) const override
  {
    surroundings.first = begin;
  }
};

/// Each agent is in a cell of this rank, at the place that the cell's reference position says.
template <int dim>
bool consistent(const Tissue<dim> &tissue, const AgentPopulation<dim> &population)
{
  bool good = true;
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    if (population.cell[i] >= tissue.locator.n_cells() || !tissue.locator.is_owned(population.cell[i]))
      return false;
    const auto &cell = tissue.locator.cell(population.cell[i]);
    const auto real = tissue.organ.mapping().transform_unit_to_real_cell(cell, population.reference_position[i]);
    good = good && real.distance(population.position[i]) < 1e-7;
    const auto expected = agent_at<dim>(population.mother[i] - 1, population.position[i]);
    good = good && population.record(i).receptors == receptors_of(population.mother[i] - 1);
    good = good && population.key[i] == expected.key && population.state_since[i] == expected.state_since;
  }
  return good;
}

/// Faces, edges and vertices of mesh cells, and borders of the organ.
template <int dim>
std::vector<dealii::Point<dim>> corners_and_faces()
{
  std::vector<dealii::Point<dim>> points;
  const double places[] = {0.0, 7.0, edge, 3 * edge, 4 * edge, 5 * edge, 90.0, side};
  for (const double x : places)
    for (const double y : places)
      for (const double z : places)
      {
        dealii::Point<dim> point;
        const double coordinates[] = {x, y, z};
        for (unsigned int d = 0; d < dim; ++d)
          point[d] = coordinates[d];
        if (dim == 3 || z == 0.0)
          points.push_back(point);
      }
  return points;
}

/// A digest of who is where, independent of the partition.
template <int dim>
std::uint64_t digest(const AgentPopulation<dim> &population)
{
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    std::uint64_t hash = population.key[i];
    for (unsigned int d = 0; d < dim; ++d)
      hash = random::mix(hash, static_cast<std::uint64_t>(std::llround(population.position[i][d] * 1e6)));
    sum += hash;
  }
  return total(sum);
}
} // namespace

TEMPLATE_TEST_CASE_SIG("Agents on faces, edges and vertices belong to one rank", "[agents][migration]",
                       ((int dim), dim), 2, 3)
{
  const Tissue<dim> tissue;
  const auto points = corners_and_faces<dim>();
  auto population = all_on_rank_0<dim>(points);
  tissue.migration.settle(population);
  CHECK(total(population.size()) == points.size());
  CHECK(everywhere(consistent(tissue, population)));

  // From vertex to vertex, by steps of a cell to and fro: nobody is lost, nobody is doubled, all are back at last.
  const auto before = digest(population);
  for (const double step : {edge, -edge, 2 * edge, -2 * edge})
  {
    std::vector<dealii::Tensor<1, dim>> displacement(population.size());
    for (std::size_t i = 0; i < population.size(); ++i)
      for (unsigned int d = 0; d < dim; ++d)
      {
        // Away from the border of the organ, and back again.
        const double start = points[population.mother[i] - 1][d];
        displacement[i][d] = start < 0.5 * side ? step : -step;
      }
    const auto tally = tissue.migration.relocate(displacement, WallRule::stay, population);
    CHECK(total(tally.refused) == 0);
    CHECK(total(population.size()) == points.size());
    CHECK(everywhere(consistent(tissue, population)));
  }
  CHECK(digest(population) == before);
}

TEMPLATE_TEST_CASE_SIG("Agents are handed over to any rank, however far it is", "[agents][migration]", ((int dim), dim),
                       2, 3)
{
  const Tissue<dim> tissue;
  constexpr std::size_t n = 500;
  std::vector<dealii::Point<dim>> start(n);
  for (std::size_t i = 0; i < n; ++i)
    start[i] = drawn<dim>(i, 0, 0.0, side);
  auto population = all_on_rank_0<dim>(start);
  tissue.migration.settle(population);
  CHECK(total(population.size()) == n);

  for (std::uint64_t step = 1; step < 6; ++step)
  {
    std::vector<dealii::Tensor<1, dim>> displacement(population.size());
    for (std::size_t i = 0; i < population.size(); ++i)
      displacement[i] = drawn<dim>(population.mother[i] - 1, step, 0.0, side) - population.position[i];
    const auto tally = tissue.migration.relocate(displacement, WallRule::stay, population);
    CHECK(total(tally.refused) == 0);
    int n_ranks;
    MPI_Comm_size(comm, &n_ranks);
    CHECK((n_ranks == 1 || total(tally.handed_over) > n / 4));
    CHECK(total(population.size()) == n);
    bool there = consistent(tissue, population);
    for (std::size_t i = 0; i < population.size(); ++i)
    {
      const auto number = population.mother[i] - 1;
      there = there && population.position[i].distance(drawn<dim>(number, step, 0.0, side)) < 1e-9 &&
              population.velocity[i] == agent_at<dim>(number, start[number]).velocity;
    }
    CHECK(everywhere(there));
  }
}

TEMPLATE_TEST_CASE_SIG("A move out of the tissue is refused", "[agents][migration]", ((int dim), dim), 2, 3)
{
  const Tissue<dim> tissue;
  constexpr std::size_t n = 60;
  std::vector<dealii::Point<dim>> start(n);
  for (std::size_t i = 0; i < n; ++i)
    start[i] = drawn<dim>(i, 0, 0.0, side);
  const auto rule = GENERATE(WallRule::stay, WallRule::reverse_velocity);
  auto population = all_on_rank_0<dim>(start);
  tissue.migration.settle(population);
  // Odd ones try to leave, the others do not move.
  std::vector<dealii::Tensor<1, dim>> displacement(population.size());
  for (std::size_t i = 0; i < population.size(); ++i)
    if (population.mother[i] % 2 == 1)
      displacement[i][dim - 1] = 1.01 * side;
  const auto tally = tissue.migration.relocate(displacement, rule, population);
  CHECK(total(tally.refused) == n / 2);
  CHECK(total(tally.handed_over) == 0);
  bool good = consistent(tissue, population);
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const auto number = population.mother[i] - 1;
    const bool reversed = rule == WallRule::reverse_velocity && population.mother[i] % 2 == 1;
    good = good && population.position[i] == start[number] &&
           population.velocity[i] == (reversed ? -1.0 : 1.0) * agent_at<dim>(number, start[number]).velocity;
  }
  CHECK(everywhere(good));
}

TEST_CASE("Seeding outside of the tissue, and moves of undefined length, are errors", "[agents][migration]")
{
  const Tissue<2> tissue;
  // One rank has it, all ranks throw.
  auto population = all_on_rank_0<2>({dealii::Point<2>(-50.0, 10.0)});
  CHECK_THROWS_WITH(tissue.migration.settle(population),
                    Catch::Contains("outside of the tissue") && Catch::Contains("-50"));
  std::vector<dealii::Tensor<1, 2>> displacement(population.size());
  for (auto &d : displacement)
    d[0] = std::nan("");
  CHECK_THROWS_AS(tissue.migration.relocate(displacement, WallRule::stay, population), std::runtime_error);
}

TEMPLATE_TEST_CASE_SIG("The halo holds all agents that brute force finds near", "[agents][migration][halo]",
                       ((int dim), dim), 2, 3)
{
  const Tissue<dim> tissue;
  constexpr std::size_t n = 400;
  std::vector<dealii::Point<dim>> positions(n);
  for (std::size_t i = 0; i < n; ++i)
    positions[i] = drawn<dim>(i, 0, 0.0, side);
  auto population = all_on_rank_0<dim>(positions);
  tissue.migration.settle(population);
  for (std::size_t i = 0; i < population.size(); ++i)
    population.type[i] = population.mother[i] % 2;

  // Radii below and far above the size of a mesh cell: the halo knows nothing of ghost layers.
  for (const double radius : {5.0, 35.0, 90.0})
    for (const bool only_odd : {false, true})
    {
      const auto halo =
          tissue.migration.exchange_halo(population, radius, only_odd ? std::vector<char>{0, 1} : std::vector<char>{});
      bool good = true;
      std::vector<std::uint64_t> known = population.key;
      known.insert(known.end(), halo.key.begin(), halo.key.end());
      std::sort(known.begin(), known.end());
      good = good && std::adjacent_find(known.begin(), known.end()) == known.end();
      for (std::size_t i = 0; i < population.size(); ++i)
        for (std::size_t j = 0; j < n; ++j)
          if (population.position[i].distance(positions[j]) <= radius && (!only_odd || (j + 1) % 2 == 1))
            good = good && std::binary_search(known.begin(), known.end(), agent_at<dim>(j, positions[j]).key);
      for (std::size_t h = 0; h < halo.size(); ++h)
      {
        good = good && (!only_odd || halo.type[h] == 1);
        const auto place = std::find(positions.begin(), positions.end(), halo.position[h]);
        good = good && place != positions.end() &&
               halo.key[h] == agent_at<dim>(place - positions.begin(), halo.position[h]).key;
      }
      INFO("radius " << radius);
      CHECK(everywhere(good));
    }
}

TEMPLATE_TEST_CASE_SIG("Crawling and pushing between ranks: the same agents at the same places", "[agents][motion]",
                       ((int dim), dim), 2, 3)
{
  // In a block with an airway, dense enough to push and fast enough to change ranks.
  const Tissue<dim> tissue(35.0);
  AgentParameters parameters;
  parameters.types.resize(2);
  parameters.types[0].name = "hpc";
  parameters.types[0].speed = 3.0;
  parameters.types[0].persistence_time = 5.0;
  parameters.types[0].radius = 6.0;
  parameters.types[0].states.resize(1);
  parameters.types[0].states[0].name = "resident";
  parameters.types[1] = parameters.types[0];
  parameters.types[1].name = "fib";
  parameters.types[1].speed = 0.0;
  parameters.resolve({});
  const AgentModifiers modifiers;
  const AgentRules rules{parameters, modifiers, 4};
  const Mechanics mechanics(parameters);

  // Only agents whose place is in tissue; every rank looks at all of them.
  std::vector<dealii::Point<dim>> drawn_points(500), positions;
  for (std::size_t i = 0; i < drawn_points.size(); ++i)
    drawn_points[i] = drawn<dim>(i, 0, 0.0, side);
  const auto owners = tissue.locator.find_owners(drawn_points);
  for (std::size_t i = 0; i < owners.size(); ++i)
    if (owners[i] >= 0)
      positions.push_back(drawn_points[i]);
  CHECK(positions.size() < drawn_points.size());
  auto population = all_on_rank_0<dim>(positions);
  tissue.migration.settle(population);
  for (std::size_t i = 0; i < population.size(); ++i)
    population.type[i] = population.mother[i] % 4 == 0;

  MotionTally tally;
  for (std::uint64_t step = 0; step < 20; ++step)
  {
    const auto moved = move_agents(rules, mechanics, tissue.migration, Nothing<dim>(), step, 2.0, population);
    tally.refused_moves += moved.refused_moves;
    tally.refused_pushes += moved.refused_pushes;
    tally.handed_over += moved.handed_over;
  }
  CHECK(total(population.size()) == positions.size());
  CHECK(everywhere(consistent(tissue, population)));
  CHECK(total(tally.refused_moves) > 100);
  bool still = true;
  for (std::size_t i = 0; i < population.size(); ++i)
    if (population.type[i] == 1)
      still = still && population.position[i] == positions[population.mother[i] - 1];
  CHECK(everywhere(still));

  // One rank does the same alone: on it there is no halo and no hand-over.
  OrganParameters organ_parameters = block(35.0);
  const Organ<dim> own_organ(MPI_COMM_SELF, organ_parameters);
  const CellLocator<dim> own_locator(own_organ);
  const AgentMigration<dim> own_migration(own_locator);
  AgentPopulation<dim> alone;
  for (std::size_t n = 0; n < positions.size(); ++n)
  {
    alone.append(agent_at<dim>(n, positions[n]));
    alone.type.back() = (n + 1) % 4 == 0;
  }
  own_migration.settle(alone);
  for (std::uint64_t step = 0; step < 20; ++step)
    move_agents(rules, mechanics, own_migration, Nothing<dim>(), step, 2.0, alone);
  std::size_t compared = 0, different = 0;
  for (std::size_t i = 0; i < alone.size(); ++i)
  {
    const auto place = std::find(population.key.begin(), population.key.end(), alone.key[i]);
    if (place == population.key.end())
      continue;
    const auto j = place - population.key.begin();
    ++compared;
    // To the last bit.
    different += population.position[j] != alone.position[i] || population.velocity[j] != alone.velocity[i];
  }
  CHECK(total(compared) == positions.size());
  CHECK(total(different) == 0);
}

TEST_CASE("Refused moves with reversed velocity keep a uniform distribution uniform", "[agents][motion]")
{
  // Persistent walkers that cross the block several times; without forces.
  const Tissue<2> tissue;
  AgentParameters parameters;
  parameters.types.resize(1);
  parameters.types[0].name = "hpc";
  parameters.types[0].speed = 3.0;
  parameters.types[0].persistence_time = 10.0;
  parameters.types[0].repulsion = 0.0;
  parameters.types[0].states.resize(1);
  parameters.resolve({});
  const AgentModifiers modifiers;
  const AgentRules rules{parameters, modifiers, 4};
  const Mechanics mechanics(parameters);
  constexpr std::size_t n = 16000;
  std::vector<dealii::Point<2>> positions(n);
  for (std::size_t i = 0; i < n; ++i)
    positions[i] = drawn<2>(i, 0, 0.0, side);
  auto population = all_on_rank_0<2>(positions);
  tissue.migration.settle(population);
  for (std::size_t i = 0; i < population.size(); ++i)
    population.velocity[i] = initial_velocity<2>(rules, 0, 0, population.key[i], 0);
  MotionTally tally;
  for (std::uint64_t step = 0; step < 150; ++step)
    tally.refused_moves +=
        move_agents(rules, mechanics, tissue.migration, Nothing<2>(), step, 4.0, population).refused_moves;
  CHECK(total(tally.refused_moves) > n);

  // 16 strips along each axis; chi^2 with 15 degrees of freedom exceeds 34.95 with the probability 0.0025.
  for (unsigned int d = 0; d < 2; ++d)
  {
    std::vector<std::uint64_t> strip(16, 0), all(16, 0);
    for (const auto &position : population.position)
      ++strip[std::min<std::size_t>(15, static_cast<std::size_t>(position[d] / side * 16.0))];
    MPI_Allreduce(strip.data(), all.data(), 16, MPI_UINT64_T, MPI_SUM, comm);
    double chi = 0.0;
    for (const auto count : all)
      chi += std::pow(static_cast<double>(count) - n / 16.0, 2) / (n / 16.0);
    INFO("axis " << d << " chi^2 " << chi);
    CHECK(chi < 34.95);
  }
}
