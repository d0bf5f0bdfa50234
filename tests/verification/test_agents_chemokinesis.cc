// Signals that change the speed, and agents that differ in persistence.

#include "../agent_world.h"
#include "measured.h"

#include "agents/motility.h"
#include "control/input_error.h"

#include <catch2/catch.hpp>

using namespace nidus;
using nidus::test::AgentWorld;
using nidus::test::Sample;
using nidus::test::signal;

namespace
{
constexpr std::size_t n_agents = 40000;
constexpr double speed = 0.2, persistence = 15.0;

AgentWorld<3> walkers(const std::string &walk)
{
  AgentWorld<3> world;
  auto type = test::walker("csc", speed, persistence);
  type.walk = walk;
  type.receptors.resize(1);
  type.receptors[0].name = "cxcr4";
  type.receptors[0].ligands = {{"sdf1", 1.0}};
  type.receptors[0].dissociation_constant = 25.0;
  world.parameters.types = {type};
  world.parameters.signals = {
      signal("ligand", "field", "sdf1", 20.0),        signal("bound", "occupancy", "cxcr4", 1.0),
      signal("waiting", "time_in_state", "", 1000.0), signal("systemic", "blood", "vegf", 0.01),
      signal("treated", "drug", "plerixafor", 1.0),   signal("crowd", "pressure", "", 1.0)};
  return world;
}

void check(const Sample &sample, const double expected)
{
  INFO("mean " << sample.mean << " expected " << expected << " standard error " << sample.error);
  CHECK(std::abs(sample.mean - expected) < 3.0 * sample.error + 1e-12 * expected);
}
} // namespace

TEST_CASE("The speed rises and falls with signals, and Fuerth's formula with it", "[agents][chemokinesis]")
{
  const std::string walk = GENERATE("ornstein-uhlenbeck", "biased direction");
  auto world = walkers(walk);
  world.outside.interventions = {"plerixafor"};
  world.modifiers.drug_effect = {0.6};
  world.parameters.types[0].chemokinesis = {
      {"ligand", 2.0}, {"bound", 1.0}, {"waiting", 0.5}, {"systemic", 1.5}, {"treated", -1.0}};
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  auto surroundings = world.uniform({5.0, 0.0}, {0.0, 0.0});
  surroundings.blood = {0.004};
  const test::Given<3> senses(surroundings);

  // The second of two steps of 400 min starts 400 min after the agents came, in the stationary state.
  constexpr double dt = 400.0;
  const double factor = 1.0 + 2.0 * 0.25 + 5.0 / 30.0 + 0.5 * 0.4 + 1.5 * 0.4 - 0.6;
  world.population.state_since.assign(n_agents, -400.0);
  active_displacements(world.rules(), senses, 0, dt, world.population);
  world.population.state_since.assign(n_agents, 0.0);
  const auto path = active_displacements(world.rules(), senses, 1, dt, world.population);
  const double v = factor * speed,
               furth = 2.0 * v * v * persistence * (dt - persistence * (1.0 - std::exp(-dt / persistence)));
  std::vector<double> square, velocity_square;
  for (std::size_t i = 0; i < n_agents; ++i)
  {
    square.push_back(path[i].norm_square());
    velocity_square.push_back(world.population.velocity[i].norm_square());
  }
  test::measured("chemokinesis", walk + ": mean square displacement over Furth's at the changed speed",
                 Sample(square).mean / furth, "1");
  check(Sample(square), furth);
  check(Sample(velocity_square), v * v);
}

TEST_CASE("Chemokinesis refuses signals of neighbours and speeds below zero", "[agents][chemokinesis]")
{
  auto world = walkers("ornstein-uhlenbeck");
  world.outside.interventions = {"plerixafor"};
  auto &type = world.parameters.types[0];
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
  using Catch::Contains;
  type.chemokinesis = {{"crowd", 1.0}};
  CHECK_THAT(message(), Contains("Agents/csc/Chemokinesis") && Contains("crowd") && Contains("neighbours"));
  type.chemokinesis = {{"ligand", -0.7}, {"bound", -0.4}};
  CHECK_THAT(message(), Contains("Agents/csc/Chemokinesis") && Contains("-1.1"));
  type.chemokinesis = {{"smell", 1.0}};
  CHECK_THAT(message(), Contains("Agents/csc/Chemokinesis") && Contains("smell") && Contains("ligand"));
  type.chemokinesis = {{"bound", -1.0}};
  CHECK(message() == "accepted");
  type.receptors.clear();
  CHECK_THAT(message(), Contains("cxcr4"));
}

TEST_CASE("Persistence times are lognormal about the median, and independent of the speeds", "[agents][heterogeneity]")
{
  AgentWorld<3> world;
  world.parameters.types = {test::walker("csc", speed, persistence)};
  world.parameters.types[0].speed_spread = 0.4;
  world.parameters.types[0].persistence_spread = 0.5;
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  std::vector<double> logarithm, product, furth;
  constexpr double dt = 20.0;
  for (const auto key : world.population.key)
  {
    const double v = agent_speed(world.rules(), 0, key), tau = agent_persistence(world.rules(), 0, key);
    logarithm.push_back(std::log(tau / persistence));
    product.push_back(logarithm.back() * std::log(v / speed));
    furth.push_back(2.0 * v * v * tau * (dt - tau * (1.0 - std::exp(-dt / tau))));
  }
  check(Sample(logarithm), 0.0);
  CHECK(std::abs(Sample(logarithm).variance - 0.25) < 3.0 * Sample(logarithm).variance_error);
  check(Sample(product), 0.0);

  // Each agent walks with its own: the ratio of square displacement to its own expectation is one on average.
  const test::Given<3> senses(world.uniform({0.0, 0.0}, {0.0, 0.0}));
  const auto path = active_displacements(world.rules(), senses, 0, dt, world.population);
  std::vector<double> ratio;
  for (std::size_t i = 0; i < n_agents; ++i)
    ratio.push_back(path[i].norm_square() / furth[i]);
  check(Sample(ratio), 1.0);
}
