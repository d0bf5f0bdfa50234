// Erlang cycles: a division after several stages.

#include "../agent_world.h"
#include "measured.h"

#include "control/input_error.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nidus;
using nidus::test::AgentWorld;
using nidus::test::Sample;

namespace
{
constexpr double cycle = 1440.0; // min
constexpr std::size_t n_agents = 20000;

AgentTypeParameters cycling(const unsigned int stages)
{
  auto type = test::walker("tum", 0.2, 15.0);
  auto divide = test::transition("divide", "moving", "division", 1.0 / cycle);
  divide.daughters = {{"tum.moving + tum.moving", 1.0}};
  divide.stages = stages;
  type.transitions = {divide};
  type.maximum_divisions = 1;
  return type;
}

void check(const Sample &sample, const double mean, const double variance)
{
  INFO("mean " << sample.mean << " expected " << mean << " standard error " << sample.error);
  CHECK(std::abs(sample.mean - mean) < 3.0 * sample.error);
  INFO("variance " << sample.variance << " expected " << variance << " standard error " << sample.variance_error);
  CHECK(std::abs(sample.variance - variance) < 3.0 * sample.variance_error);
}

/// Times from the start to the first division of each seeded agent, min; an agent that divides in a step has done so by
/// its end.
std::vector<double> first_divisions(AgentWorld<2> &world, const double dt)
{
  std::vector<double> times;
  for (unsigned int step = 0; times.size() < n_agents; ++step)
    for (const auto &event : world.react(step, dt).events)
      if (event.kind == EventKind::divided)
        times.push_back((step + 1) * dt);
  return times;
}
} // namespace

TEST_CASE("Cycle times are Erlang distributed", "[agents][stages]")
{
  // In steps of dt a stage takes a geometric number of them: mean dt/p, variance dt^2 (1 - p)/p^2, p = 1 - exp(-k h
  // dt).
  const auto [stages, dt] = GENERATE(table<unsigned int, double>({{1, 24.0}, {4, 6.0}, {4, 90.0}}));
  AgentWorld<2> world;
  world.parameters.types = {cycling(stages)};
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  const Sample times(first_divisions(world, dt));
  const double x = stages * dt / cycle, p = -std::expm1(-x);
  const double mean = stages * dt / p, variance = stages * dt * dt * (1.0 - p) / (p * p);
  const std::string what = std::to_string(stages) + " stages, step " + std::to_string(dt) + " min: ";
  test::measured("stages", what + "mean cycle time [min]", times.mean, mean);
  test::measured("stages", what + "variance over mean squared", times.variance / (times.mean * times.mean),
                 1.0 / stages);
  check(times, mean, variance);
  // The continuous law, mean T and variance T^2/k, but for the half step per stage by which an event is late: with
  // x = k dt/T the mean is T (1 + x/2 + x^2/12 - ...), the variance T^2/k (1 - x^2/12 + ...).
  CHECK(std::abs(mean - cycle - 0.5 * stages * dt) < cycle * x * x / 12.0);
  CHECK(std::abs(variance * stages / (cycle * cycle) - 1.0) < x * x / 12.0);
}

TEST_CASE("Both daughters start from the first stage, and so does who comes back", "[agents][stages]")
{
  AgentWorld<2> world;
  auto type = cycling(3);
  type.maximum_divisions = 0;
  type.transitions[0].base_rate = 1.0;
  type.states.resize(2);
  type.states[1].name = "resting";
  world.parameters.types = {type};
  world.parameters.resolve(world.outside);
  world.seed_agents(1);
  // At this hazard every agent passes a stage in each step.
  CHECK(world.react(0, 60.0).events.empty());
  CHECK(world.population.stage[0] == 1);
  CHECK(world.react(1, 60.0).events.empty());
  CHECK(world.react(2, 60.0).events.size() == 1);
  CHECK((world.population.stage == std::vector<std::uint32_t>{0, 0}));
  world.react(3, 60.0);
  CHECK((world.population.stage == std::vector<std::uint32_t>{1, 1}));

  world.parameters.types[0].transitions = {test::transition("rest", "moving", "resting", 1.0)};
  world.parameters.resolve(world.outside);
  CHECK(world.react(4, 60.0).events.size() == 2);
  CHECK((world.population.stage == std::vector<std::uint32_t>{0, 0}));
}

TEST_CASE("A competing transition with one stage takes its share at each stage", "[agents][stages]")
{
  // Who dies with hazard d while it has k stages of hazard k h before it divides: P(division) = (k h/(k h + d))^k.
  constexpr double death = 1e-3, h = 1.0 / cycle;
  AgentWorld<2> world;
  auto type = cycling(4);
  type.transitions.push_back(test::transition("die", "moving", "death", death));
  world.parameters.types = {type};
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  double divided = 0.0;
  // A mother is taken out when she has divided, with her daughter, so that each founder counts once.
  for (unsigned int step = 0; world.population.size() > 0; ++step)
  {
    world.react(step, 30.0);
    std::vector<char> remove;
    for (const auto generation : world.population.generation)
      remove.push_back(generation > 0);
    divided += 0.5 * static_cast<double>(std::count(remove.begin(), remove.end(), 1));
    world.population.remove(remove);
  }
  const double expected = std::pow(4.0 * h / (4.0 * h + death), 4);
  const double error = std::sqrt(expected * (1.0 - expected) / n_agents);
  test::measured("stages", "share that divides before it dies", divided / n_agents, expected);
  CHECK(std::abs(divided / n_agents - expected) < 3.0 * error);
}

TEST_CASE("Two transitions of a state cannot both have stages", "[agents][stages]")
{
  AgentWorld<2> world;
  auto type = cycling(4);
  type.transitions.push_back(test::transition("die", "moving", "death", 1e-4));
  type.transitions[1].stages = 2;
  world.parameters.types = {type};
  CHECK_THROWS_WITH(world.parameters.resolve(world.outside),
                    Catch::Contains("Agents/tum/Transitions/die/Stages") && Catch::Contains("divide"));
  world.parameters.types[0].transitions[1].stages = 1;
  CHECK_NOTHROW(world.parameters.resolve(world.outside));
}
