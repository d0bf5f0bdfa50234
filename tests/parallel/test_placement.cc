// Agents that the file puts at a place: the same on 1, 2 and 3 ranks, and refused alike on all.

#include "control/input_error.h"
#include "coupling/seeding.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nidus;

namespace
{
const MPI_Comm comm = MPI_COMM_WORLD;

template <int dim>
struct Place
{
  explicit Place(const std::string &positions) : organ(comm, organ_parameters()), locator(organ)
  {
    AgentTypeParameters type;
    type.name = "csc";
    type.states.resize(1);
    type.states[0].name = "migrating";
    type.initial_state = "migrating";
    type.initial_positions = positions;
    agents.types = {type};
    agents.resolve({{}, {}, {"parenchyma"}, {}, dim});
  }

  static OrganParameters organ_parameters()
  {
    OrganParameters parameters;
    parameters.block.size.assign(dim, 160.0);
    parameters.block.lumen_radius = 40.0;
    parameters.cell_size = 20.0;
    RegionParameters tissue, airway;
    tissue.name = "parenchyma";
    airway.name = "airway";
    airway.tissue = false;
    parameters.regions = {tissue, airway};
    return parameters;
  }

  Organ<dim> organ;
  CellLocator<dim> locator;
  AgentParameters agents;
};
} // namespace

TEMPLATE_TEST_CASE_SIG("Each agent is placed once, wherever cells and ranks meet", "[agents][placement]",
                       ((int dim), dim), 2, 3)
{
  // Inside of a cell, on a face, on a vertex in the middle of the border between ranks, at the corner of the organ.
  const std::string list =
      dim == 2 ? "5 7; 20 33; 160 160; 0 0; 140 80; 5 7" : "5 7 9; 20 33 41; 160 160 160; 0 0 0; 140 80 80; 5 7 9";
  Place<dim> world(list);
  check_positions(world.locator, world.agents);
  const AgentModifiers modifiers;
  const AgentRules rules{world.agents, modifiers, 3};
  AgentPopulation<dim> population;
  const auto events = seed_agents(world.organ, world.locator, rules, {0, 0.0, 1.0}, population);
  CHECK(events.size() == population.size());
  std::vector<std::uint64_t> keys;
  for (const auto &part : dealii::Utilities::MPI::all_gather(comm, population.key))
    keys.insert(keys.end(), part.begin(), part.end());
  std::sort(keys.begin(), keys.end());
  std::vector<std::uint64_t> expected;
  for (std::uint64_t number = 0; number < 6; ++number)
    expected.push_back(lineage::placed_key(3, 0, number));
  std::sort(expected.begin(), expected.end());
  CHECK(keys == expected);
  for (std::size_t i = 0; i < population.size(); ++i)
    if (population.key[i] == lineage::placed_key(3, 0, 1))
    {
      CHECK(population.position[i][0] == 20.0);
      CHECK(population.position[i][1] == 33.0);
    }
}

TEST_CASE("A place outside of the tissue is refused on all ranks", "[agents][placement]")
{
  // The airway runs through the middle of the block, along its third axis.
  for (const char *list : {"5 7 9; 80 80 80", "5 7 9; 161 5 5"})
  {
    const Place<3> world(list);
    CHECK_THROWS_WITH(check_positions(world.locator, world.agents), Catch::Contains("Agents/csc/Initial positions") &&
                                                                        Catch::Contains(std::string(list).substr(7)) &&
                                                                        Catch::Contains("csc"));
  }
}
