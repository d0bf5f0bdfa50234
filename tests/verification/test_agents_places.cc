// Agents at the places where cells meet, and at the surface of the organ, on every kind of mesh and on any number of
// ranks: nobody is lost and nobody is doubled, and each is in the cell that one rank alone finds.

#include "../meshes.h"
#include "../small_mesh.h"

#include "agents/agent_migration.h"
#include "agents/lineage.h"
#include "control/random.h"
#include "organ/cell_locator.h"
#include "organ/multilinear.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace nidus;

namespace
{
const MPI_Comm comm = MPI_COMM_WORLD;
constexpr double side = 96.0; // um

std::uint64_t total(const std::uint64_t here)
{
  return dealii::Utilities::MPI::sum(here, comm);
}

template <int dim>
struct Tissue
{
  Tissue(MPI_Comm communicator, const OrganParameters &parameters)
      : organ(communicator, parameters), locator(organ), migration(locator)
  {
  }
  Organ<dim> organ;
  CellLocator<dim> locator;
  AgentMigration<dim> migration;
};

/// Vertices, middles of edges and faces, and middles of all cells; of cells that share one, each as it computes it.
template <int dim>
std::vector<dealii::Point<dim>> meeting_places(const CellLocator<dim> &locator)
{
  const unsigned int n = dim == 3 ? 27 : 9;
  std::vector<dealii::Point<dim>> places;
  for (std::uint32_t cell = 0; cell < locator.n_cells(); ++cell)
    for (unsigned int k = 0; k < n; ++k)
    {
      dealii::Point<dim> reference, place;
      for (unsigned int d = 0, rest = k; d < dim; ++d, rest /= 3)
        reference[d] = 0.5 * (rest % 3);
      for (unsigned int v = 0; v < (1u << dim); ++v)
        place += shape_value<dim>(v, reference) * locator.corner(cell, v);
      places.push_back(place);
    }
  return places;
}

/// All agents are on rank 0 first, wherever they belong; number n + 1 is the mother of number n.
template <int dim>
AgentPopulation<dim> all_on_rank_0(const std::vector<dealii::Point<dim>> &places, MPI_Comm communicator)
{
  AgentPopulation<dim> population;
  if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
    for (std::size_t n = 0; n < places.size(); ++n)
    {
      AgentRecord<dim> record;
      record.key = lineage::seeded_key(1, n, 0, 0);
      record.mother = n + 1;
      record.position = places[n];
      population.append(record);
    }
  return population;
}

/// Who is where and in which cell, the same number for any partition; a doubled or lost agent changes it.
template <int dim>
std::uint64_t digest(const Tissue<dim> &tissue, const AgentPopulation<dim> &population)
{
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    std::uint64_t hash = population.key[i];
    for (const char letter : tissue.locator.cell(population.cell[i])->id().to_string())
      hash = random::mix(hash, static_cast<std::uint64_t>(letter));
    for (unsigned int d = 0; d < dim; ++d)
      hash = random::mix(hash, static_cast<std::uint64_t>(std::llround(population.position[i][d] * 1e6)));
    sum += hash;
  }
  return sum;
}

/// Agents in cells of other ranks, or not at the place that the reference position says.
template <int dim>
std::uint64_t misplaced(const Tissue<dim> &tissue, const AgentPopulation<dim> &population)
{
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    dealii::Point<dim> place;
    for (unsigned int v = 0; v < (1u << dim); ++v)
      place += shape_value<dim>(v, population.reference_position[i]) * tissue.locator.corner(population.cell[i], v);
    count += !tissue.locator.is_owned(population.cell[i]) || place.distance(population.position[i]) > 1e-7;
  }
  return count;
}

/// Displacements of the agents to where @p target says for their number.
template <int dim, typename Target>
std::vector<dealii::Tensor<1, dim>> displacements(const AgentPopulation<dim> &population, const Target &target)
{
  std::vector<dealii::Tensor<1, dim>> result;
  for (std::size_t i = 0; i < population.size(); ++i)
    result.push_back(target(population.mother[i] - 1, population.position[i]) - population.position[i]);
  return result;
}

/// The agents of a tissue on all ranks and of the same tissue on one rank alone.
template <int dim>
class Twins
{
public:
  explicit Twins(const OrganParameters &parameters)
      : together(comm, parameters), alone(MPI_COMM_SELF, parameters), places(meeting_places(alone.locator)),
        population(all_on_rank_0(places, comm)), lone_population(all_on_rank_0(places, MPI_COMM_SELF))
  {
    together.migration.settle(population);
    alone.migration.settle(lone_population);
    check();
  }

  /// Both move alike; returns how many moves were refused.
  template <typename Target>
  std::uint64_t move(const Target &target, const WallRule rule)
  {
    const auto tally = together.migration.relocate(displacements<dim>(population, target), rule, population);
    const auto lone_tally =
        alone.migration.relocate(displacements<dim>(lone_population, target), rule, lone_population);
    handed_over += total(tally.handed_over);
    CHECK(total(tally.refused) == lone_tally.refused);
    check();
    return lone_tally.refused;
  }

  const Tissue<dim> together, alone;
  const std::vector<dealii::Point<dim>> places;
  std::uint64_t handed_over = 0;

private:
  void check() const
  {
    CHECK(total(population.size()) == places.size());
    CHECK(lone_population.size() == places.size());
    CHECK(total(misplaced(together, population)) == 0);
    CHECK(total(digest(together, population)) == digest(alone, lone_population));
  }

  AgentPopulation<dim> population, lone_population;
};

/// From meeting place to meeting place, however far: all arrive. Then far out of the tissue, seen from @p middle: all
/// stay, as @p middle is the only place that is not moved.
template <int dim>
void check_moves(Twins<dim> &twins, const dealii::Point<dim> &middle)
{
  const auto &places = twins.places;
  const std::size_t n = places.size();
  for (const std::size_t stride : {1, 7, 101})
    CHECK(twins.move([&](const std::size_t number, const auto &) { return places[(number * stride + stride) % n]; },
                     WallRule::stay) == 0);
  CHECK(twins.move([&](const std::size_t number, const auto &) { return places[number]; }, WallRule::stay) == 0);
  const auto in_the_middle = std::count_if(places.begin(), places.end(),
                                           [&](const auto &place) { return place.distance(middle) < 1e-2 * side; });
  CHECK(twins.move([&](const std::size_t, const auto &place) { return middle + 1e6 * (place - middle); },
                   WallRule::stay) == n - in_the_middle);
  if (dealii::Utilities::MPI::n_mpi_processes(comm) > 1)
    CHECK(twins.handed_over > n / 4);
}

template <int dim>
void check_box(const OrganParameters &parameters)
{
  Twins<dim> twins(parameters);
  dealii::Point<dim> middle;
  for (unsigned int d = 0; d < dim; ++d)
    middle[d] = 0.5 * side;
  check_moves(twins, middle);

  // A small push outwards is refused at the surface only.
  std::uint64_t at_surface = 0;
  for (const auto &place : twins.places)
  {
    double greatest = 0.0;
    for (unsigned int d = 0; d < dim; ++d)
      greatest = std::max(greatest, std::abs(place[d] - middle[d]));
    at_surface += greatest > 0.5 * side - 1e-6;
  }
  CHECK(twins.move([&](const std::size_t, const auto &place) { return middle + 1.0001 * (place - middle); },
                   WallRule::reverse_velocity) == at_surface);
}
} // namespace

TEMPLATE_TEST_CASE_SIG("Agents on faces, edges, vertices and at the surface are in one cell of any mesh",
                       "[agents][places]", ((int dim), dim), 2, 3)
{
  const std::string ball = dim == 3 ? "24, 24, 24, 20" : "24, 24, 20";
  SECTION("uniform boxes")
  {
    check_box<dim>(test::block(std::vector<double>(dim, side), side / 8.0));
  }
  for (const auto &[name, organ] : test::OtherMeshes<dim>(4, side, ball))
    SECTION(name)
    {
      check_box<dim>(organ);
    }
}

TEMPLATE_TEST_CASE_SIG("Agents at the wall of an airway are in one cell, and none enters it", "[agents][places]",
                       ((int dim), dim), 2, 3)
{
  auto organ = test::with_airway(test::block(std::vector<double>(dim, side), side / 8.0), 20.0);
  organ.wall_refinements = dim == 2 ? 2 : 1;
  Twins<dim> twins(organ);
  const auto refused = twins.move(
      [&](const std::size_t number, auto place) {
        // Half-way to the axis, or all the way.
        for (unsigned int d = 0; d < 2; ++d)
          place[d] += (number % 2 == 0 ? 0.5 : 1.0) * (0.5 * side - place[d]);
        return place;
      },
      WallRule::reverse_velocity);
  CHECK(refused > twins.places.size() / 2);
  CHECK(refused < twins.places.size());
}

TEST_CASE("Agents where three cells meet in a plane, and at a surface that is aslant", "[agents][places]")
{
  // A hexagon of three rhombi; each rank reads a file of its own.
  std::vector<std::string> nodes = {"0 0 0"};
  for (unsigned int k = 0; k < 6; ++k)
    nodes.push_back(std::to_string(0.5 * side * std::cos(M_PI * k / 3.0)) + " " +
                    std::to_string(0.5 * side * std::sin(M_PI * k / 3.0)) + " 0");
  const int rank = dealii::Utilities::MPI::this_mpi_process(comm);
  const test::SmallMesh mesh("hexagon_" + std::to_string(rank) + ".msh", nodes,
                             {"3 2 7 1 1 2 3 4", "3 2 7 1 1 4 5 6", "3 2 7 1 1 6 7 2"});
  auto organ = mesh.organ(3);
  SECTION("refined as a whole") {}
  SECTION("refined further about the middle")
  {
    organ.refined_balls = "0, 0, 15, 1";
    organ.resolve(2, "");
  }
  Twins<2> twins(organ);
  check_moves(twins, dealii::Point<2>());
}

TEST_CASE("Agents in an unstructured mesh of a ball", "[agents][places]")
{
  OrganParameters organ;
  organ.shape = "mesh file";
  organ.mesh_file.file = std::string(NIDUS_MESHES) + "/ball.msh";
  organ.mesh_file.length_unit = "mm";
  organ.mesh_file.regions = {{"parenchyma", 1.0}};
  organ.regions = {test::region("parenchyma", true)};
  Twins<3> twins(organ);
  check_moves(twins, dealii::Point<3>());
}
