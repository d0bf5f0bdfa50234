// Agents that remember their receptors: what happens to the numbers when agents divide, change and sense.

#include "../agent_world.h"

#include "agents/motility.h"
#include "agents/receptor_kinetics.h"
#include "control/input_error.h"
#include "control/random.h"

#include <catch2/catch.hpp>

using namespace nidus;
using Catch::Contains;
using nidus::test::AgentWorld;

namespace
{
ReceptorParameters receptor(const std::string &name, const std::string &kinetics)
{
  ReceptorParameters receptor;
  receptor.name = name;
  receptor.kinetics = kinetics;
  receptor.ligands = {{"sdf1", 1.0}};
  receptor.internalisation_rate = 0.198;
  receptor.sensitivity = 6.0;
  return receptor;
}

/// Stem cells with two full receptors beside a quasi-steady one, progeny with one of the two.
AgentWorld<3> world_of_two()
{
  AgentWorld<3> world;
  auto stem = test::walker("csc", 0.2, 15.0), progeny = test::walker("tum", 0.2, 15.0);
  stem.radius = 7.5;
  stem.receptors = {receptor("vegfr1", "full"), receptor("integrin", "quasi-steady"), receptor("cxcr4", "full")};
  stem.receptors[0].sensitivity = stem.receptors[1].sensitivity = 0.0;
  progeny.receptors = {receptor("cxcr4", "full")};
  world.parameters.types = {stem, progeny};
  return world;
}

void start(AgentWorld<3> &world, const std::vector<double> &numbers)
{
  world.parameters.resolve(world.outside);
  world.population = AgentPopulation<3>(world.parameters.receptor_doubles());
  world.seed_agents(1);
  REQUIRE(world.population.receptor_doubles() == numbers.size());
  std::copy(numbers.begin(), numbers.end(), world.population.receptors_of(0));
}

std::vector<double> numbers_of(const AgentWorld<3> &world, const std::size_t i)
{
  return world.population.record(i).receptors;
}

const std::vector<double> some = {100.0, 10.0, 20.0, 2.0, 5000.0, 800.0, 600.0, 4.0};
} // namespace

TEST_CASE("A division shares receptors out; a receptor that the daughter's type lacks is lost with its name",
          "[agents][receptors]")
{
  auto world = world_of_two();
  auto divide = test::transition("divide", "moving", "division", 1.0);
  const std::string daughter = GENERATE("csc", "tum");
  divide.daughters = {{"csc.moving + " + daughter + ".moving", 1.0}};
  world.parameters.types[0].transitions = {divide};
  start(world, some);
  const auto mother = world.population.key[0];
  world.react(1, 60.0);
  REQUIRE(world.population.size() == 2);
  const std::size_t m = world.population.key[0] == mother ? 0 : 1;
  std::vector<double> half = some, of_daughter = some;
  for (auto &number : half)
    number *= 0.5;
  of_daughter = daughter == "csc" ? half : std::vector<double>{2500.0, 400.0, 300.0, 2.0, -1.0, -1.0, -1.0, -1.0};
  CHECK(numbers_of(world, m) == half);
  CHECK(numbers_of(world, 1 - m) == of_daughter);
}

TEST_CASE("Receptors that are not set stay so", "[agents][receptors]")
{
  auto world = world_of_two();
  auto divide = test::transition("divide", "moving", "division", 1.0);
  divide.daughters = {{"csc.moving + csc.moving", 1.0}};
  world.parameters.types[0].transitions = {divide};
  start(world, std::vector<double>(8, unset_receptor));
  world.react(1, 60.0);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(numbers_of(world, i) == std::vector<double>(8, unset_receptor));
  // Then the agent senses as in the steady state at its place.
  const auto surroundings = world.uniform({3.0, 0.0}, {0.0, 0.0});
  const auto found = receptor_numbers(world.rules(), world.population, 0, 2, surroundings.values_of(0));
  CHECK(found.occupancy() == Approx(3.0 / (22.198 / 5.04 + 3.0)));
}

TEST_CASE("Sorting and removing keep receptors with their agents", "[agents][receptors]")
{
  AgentPopulation<2> population(8);
  for (std::uint64_t n = 0; n < 40; ++n)
  {
    AgentRecord<2> record;
    record.key = random::mix(3, n);
    record.generation = n;
    record.receptors.assign(8, 0.0);
    record.receptors[5] = n;
    population.append(record);
  }
  population.sort();
  std::vector<char> remove(40, 0);
  remove[0] = remove[11] = remove[39] = 1;
  population.remove(remove);
  REQUIRE(population.size() == 37);
  for (std::size_t i = 0; i < 37; ++i)
    CHECK(population.receptors_of(i)[5] == population.generation[i]);
}

TEST_CASE("Occupancy, bound ligand and drift of full receptors", "[agents][receptors]")
{
  auto world = world_of_two();
  SignalParameters bound, occupied;
  bound.name = "held";
  bound.kind = "bound_ligand";
  bound.scale = 1000.0;
  occupied.name = "occupied";
  occupied.kind = "occupancy";
  bound.of = occupied.of = "cxcr4";
  world.parameters.signals = {bound, occupied};
  start(world, some);
  const auto surroundings = world.uniform({2.0, 0.0}, {0.01, 0.0});
  const auto rules = world.rules();
  CHECK(measured_alone(rules, world.population, 0, surroundings, 0.0, 0) == 800.0);
  CHECK(measured_alone(rules, world.population, 0, surroundings, 0.0, 1) == Approx(800.0 / 5800.0));
  // 2R grad(c) K/(K + c)^2 of the receptors at the surface: 5800 of the 25000 that there are without ligand.
  const double K = 22.198 / 5.04, law = 6.0 * 15.0 * 0.01 * K / ((K + 2.0) * (K + 2.0));
  CHECK(drift(rules, world.population, 0, surroundings)[0] == Approx(law * 5800.0 / 25000.0));
}

TEST_CASE("Full kinetics without a steady state are refused", "[agents][receptors]")
{
  auto world = world_of_two();
  auto &full = world.parameters.types[0].receptors[2];
  const auto message = [&world]() -> std::string {
    try
    {
      world.parameters.resolve(world.outside);
    }
    catch (const InputError &error)
    {
      return error.what();
    }
    return "accepted";
  };
  const std::string path = "Agents/csc/Receptors/cxcr4/";
  REQUIRE(message() == "accepted");
  SECTION("two ligands")
  {
    full.ligands = {{"sdf1", 1.0}, {"fibronectin", 1.0}};
    CHECK_THAT(message(), Contains(path + "Ligands") && Contains("one ligand"));
  }
  SECTION("nothing lets go")
  {
    full.off_rate = full.internalisation_rate = 0.0;
    CHECK_THAT(message(), Contains(path + "Off rate"));
  }
  SECTION("synthesis alone")
  {
    full.synthesis_rate = 10.0;
    CHECK_THAT(message(), Contains(path + "Degradation rate"));
  }
  SECTION("degradation alone")
  {
    full.degradation_rate = 0.01;
    CHECK_THAT(message(), Contains(path + "Degradation rate"));
  }
  SECTION("made, but not taken in")
  {
    full.synthesis_rate = 10.0;
    full.degradation_rate = 0.01;
    CHECK_THAT(message(), Contains(path + "Constitutive internalisation rate"));
  }
  SECTION("no way back")
  {
    full.recycling_rate = 0.0;
    CHECK_THAT(message(), Contains(path + "Recycling rate"));
  }
}
