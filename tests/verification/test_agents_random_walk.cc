// B5 and B5b: the persistent random walk against Fuerth's formula, and the drift against the law of bound receptors.
// Every statistic is compared within three standard errors, estimated from the sample itself.

#include "../agent_world.h"
#include "measured.h"

#include "agents/motility.h"

#include <catch2/catch.hpp>

using namespace nidus;
using nidus::test::AgentWorld;
using nidus::test::Sample;

namespace
{
constexpr std::size_t n_agents = 100000;
constexpr double speed = 0.2, persistence = 15.0;

struct Observables
{
  Sample square, velocity_correlation, start_correlation, end_correlation, first_axis_square;
};

/// Path from the start to now: squares and correlations with the velocities at both ends.
template <int dim>
Observables observe(const std::vector<dealii::Tensor<1, dim>> &path, const std::vector<dealii::Tensor<1, dim>> &start,
                    const std::vector<dealii::Tensor<1, dim>> &end)
{
  std::vector<double> square, correlation, at_start, at_end, first;
  for (std::size_t i = 0; i < path.size(); ++i)
  {
    square.push_back(path[i].norm_square());
    correlation.push_back(start[i] * end[i]);
    at_start.push_back(path[i] * start[i]);
    at_end.push_back(path[i] * end[i]);
    first.push_back(path[i][0] * path[i][0]);
  }
  return {Sample(square), Sample(correlation), Sample(at_start), Sample(at_end), Sample(first)};
}

void check(const Sample &sample, const double expected)
{
  INFO("mean " << sample.mean << " expected " << expected << " standard error " << sample.error);
  CHECK(std::abs(sample.mean - expected) < 3.0 * sample.error);
}

template <int dim>
void check_walk(const std::string &walk, const double step_over_persistence, const unsigned int n_steps)
{
  AgentWorld<dim> world;
  world.parameters.types = {test::walker("csc", speed, persistence)};
  world.parameters.types[0].walk = walk;
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  const double dt = step_over_persistence * persistence;
  const auto start = world.population.velocity;
  const auto surroundings = world.uniform({0.0, 0.0}, {0.0, 0.0});
  const test::Given<dim> senses(surroundings);
  std::vector<dealii::Tensor<1, dim>> path(n_agents);
  for (unsigned int step = 0; step < n_steps; ++step)
  {
    const auto moved = active_displacements(world.rules(), senses, step, dt, world.population);
    for (std::size_t i = 0; i < n_agents; ++i)
      path[i] += moved[i];
    if (step + 1 != n_steps && step != 0)
      continue;
    const double t = (step + 1) * dt, decay = std::exp(-t / persistence);
    INFO(walk << ", dim " << dim << " dt/tau " << step_over_persistence << " t " << t);
    const auto seen = observe<dim>(path, start, world.population.velocity);
    const double furth = 2.0 * speed * speed * persistence * (t - persistence * (1.0 - decay));
    check(seen.square, furth);
    if (dim == 3)
      test::measured("B5",
                     walk + ": mean square displacement over Furth's, dt/tau " + std::to_string(step_over_persistence),
                     seen.square.mean / furth, "1");
    check(seen.first_axis_square, furth / dim);
    check(seen.velocity_correlation, speed * speed * decay);
    // The displacement remembers the velocity at its start as much as that at its end.
    check(seen.start_correlation, speed * speed * persistence * (1.0 - decay));
    check(seen.end_correlation, speed * speed * persistence * (1.0 - decay));
  }
}

/// A stem cell that follows sdf1; 15 um wide.
AgentTypeParameters follower()
{
  auto type = test::walker("csc", speed, persistence);
  type.radius = 7.5;
  type.receptors.resize(1);
  type.receptors[0].name = "cxcr4";
  type.receptors[0].ligands = {{"sdf1", 1.0}};
  type.receptors[0].dissociation_constant = 25.0;
  type.receptors[0].sensitivity = 6.0;
  return type;
}

/// Mean displacement over some steps in a constant gradient, per minute; the walk starts in the drifting stationary
/// state.
template <int dim>
std::array<Sample, 2> drift_of(AgentWorld<dim> &world, const double value, const double slope, const double expected)
{
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  for (auto &velocity : world.population.velocity)
    velocity[0] += expected;
  const auto surroundings = world.uniform({value, 0.0}, {slope, 0.0});
  const test::Given<dim> senses(surroundings);
  constexpr double dt = 10.0;
  constexpr unsigned int n_steps = 6;
  std::vector<double> along(n_agents), across(n_agents);
  for (unsigned int step = 0; step < n_steps; ++step)
  {
    const auto moved = active_displacements(world.rules(), senses, step, dt, world.population);
    for (std::size_t i = 0; i < n_agents; ++i)
    {
      along[i] += moved[i][0] / (n_steps * dt);
      across[i] += moved[i][1] / (n_steps * dt);
    }
  }
  return {{Sample(along), Sample(across)}};
}

constexpr double value = 5.0, slope = 0.02;                       // nM, nM/um
constexpr double law = 6.0 * 15.0 * slope * 25.0 / (30.0 * 30.0); // um/min
} // namespace

TEST_CASE("B5: mean square displacement and velocity autocorrelation hold for any step", "[agents][B5]")
{
  const auto [step_over_persistence, n_steps] = GENERATE(table<double, unsigned int>({{0.1, 30}, {1.0, 5}, {20.0, 3}}));
  for (const char *walk : {"ornstein-uhlenbeck", "biased direction"})
  {
    check_walk<2>(walk, step_over_persistence, n_steps);
    check_walk<3>(walk, step_over_persistence, n_steps);
  }
}

TEST_CASE("B5: one long step and many short ones have the same covariance", "[agents][B5]")
{
  // The covariance of (velocity, displacement) after n steps, by propagation, against one step of n times the length:
  // exact to rounding, also where the closed forms cancel.
  for (const double h : {1e-5, 1e-3, 0.009, 0.011, 0.5, 3.0})
  {
    constexpr unsigned int n = 8;
    const WalkStep part(persistence, h * persistence), whole(persistence, n * h * persistence);
    const auto variances = [](const WalkStep &w) {
      return std::array<double, 3>{
          {w.velocity_noise * w.velocity_noise, w.velocity_noise * w.displacement_tied,
           w.displacement_tied * w.displacement_tied + w.displacement_free * w.displacement_free}};
    };
    const auto added = variances(part);
    double vv = 0.0, vx = 0.0, xx = 0.0;
    for (unsigned int k = 0; k < n; ++k)
    {
      // x' = x + carried v + noise, v' = memory v + noise
      const double new_xx = xx + 2.0 * part.carried * vx + part.carried * part.carried * vv + added[2];
      const double new_vx = part.memory * (vx + part.carried * vv) + added[1];
      vv = part.memory * part.memory * vv + added[0];
      vx = new_vx;
      xx = new_xx;
    }
    const auto expected = variances(whole);
    INFO("h " << h);
    CHECK(vv == Approx(expected[0]).epsilon(1e-9));
    CHECK(vx == Approx(expected[1]).epsilon(1e-9));
    CHECK(xx == Approx(expected[2]).epsilon(1e-8));
  }
}

TEMPLATE_TEST_CASE_SIG("B5b: drift by a difference of bound receptors", "[agents][B5b]", ((int dim), dim), 2, 3)
{
  AgentWorld<dim> world;
  world.parameters.types = {follower()};
  auto &type = world.parameters.types[0];
  double expected = law;

  SECTION("law") {}
  SECTION("competitive antagonist at twice its inhibition constant")
  {
    world.modifiers.dissociation_factor = {{3.0}};
    expected = 6.0 * 15.0 * slope * 75.0 / (80.0 * 80.0);
  }
  SECTION("knock-down of nine tenths of the receptors")
  {
    world.modifiers.number_factor = {{0.1}};
    expected = 0.1 * law;
  }
  SECTION("threshold just below the difference")
  {
    type.receptors[0].threshold = 0.99 * law / 6.0;
  }
  SECTION("threshold just above the difference")
  {
    type.receptors[0].threshold = 1.01 * law / 6.0;
    expected = 0.0;
  }
  SECTION("saturation")
  {
    type.maximum_drift = 0.02;
    expected = 0.02;
  }
  SECTION("half as fast in this state")
  {
    type.states[0].speed_factor = 0.5;
    expected = 0.5 * law;
  }

  const auto [along, across] = drift_of(world, value, slope, expected);
  test::measured("B5b", "drift [um/min]", along.mean, expected);
  check(along, expected);
  check(across, 0.0);
  // The difference from the law is resolved, so that the comparison can fail.
  CHECK(along.error < 0.02 * law);
}

TEST_CASE("B5b: turns towards the drift", "[agents][B5b]")
{
  // The mean of the unit vector of a xi + b g along g, a = 1 - b: the derivative by b of the mean of |a xi + b g| over
  // the sphere, which is a + b^2/(3a) for b < a and b + a^2/(3b) for b > a.
  const auto [bias, expected] = GENERATE(table<double, double>(
      {{0.0, 0.0}, {0.3, 2.0 * 0.3 / (3.0 * 0.7)}, {0.6, 1.0 - 0.16 / (3.0 * 0.36)}, {1.0, 1.0}}));
  AgentWorld<3> world;
  world.parameters.types = {follower()};
  world.parameters.types[0].walk = "biased direction";
  world.parameters.types[0].direction_bias = bias;
  world.parameters.resolve(world.outside);
  world.seed_agents(20000);
  const auto surroundings = world.uniform({value, 0.0}, {slope, 0.0});
  const test::Given<3> senses(surroundings);
  active_displacements(world.rules(), senses, 0, 40.0 * persistence, world.population);
  constexpr double dt = 25.0;
  const auto moved = active_displacements(world.rules(), senses, 1, dt, world.population);
  std::vector<double> along, across;
  for (const auto &path : moved)
  {
    along.push_back(path[0] / (speed * dt));
    across.push_back(path[1] / (speed * dt));
  }
  INFO("bias " << bias);
  test::measured("B5b", "biased direction, b = " + std::to_string(bias) + ": velocity along the drift over the speed",
                 Sample(along).mean, expected);
  if (bias < 1.0)
  {
    check(Sample(along), expected);
    check(Sample(across), 0.0);
  }
  else
    for (const auto &path : moved)
    {
      REQUIRE(path[0] == Approx(speed * dt).epsilon(1e-12));
      REQUIRE(std::abs(path[1]) + std::abs(path[2]) < 1e-12 * speed * dt);
    }
  for (const auto &velocity : world.population.velocity)
    REQUIRE(velocity.norm() == Approx(speed).epsilon(1e-12));
}

TEST_CASE("B5b: haptotaxis follows the difference of an immobile field across the agent", "[agents][B5b]")
{
  AgentWorld<3> world;
  world.parameters.types = {test::walker("hpc", speed, persistence)};
  world.parameters.types[0].radius = 4.5;
  world.parameters.types[0].haptotaxis = {{"fibronectin", 1.5}};
  world.parameters.resolve(world.outside);
  world.seed_agents(1);
  auto surroundings = world.uniform({0.0, 0.5}, {0.0, 0.01});
  const auto bias = drift(world.rules(), world.population, 0, surroundings);
  CHECK(bias[0] == Approx(1.5 * 9.0 * 0.01));
  CHECK(bias[1] == 0.0);
}

TEST_CASE("The speeds of agents are lognormal about the parameter as median", "[agents][heterogeneity]")
{
  AgentWorld<3> world;
  world.parameters.types = {test::walker("csc", speed, persistence)};
  world.parameters.types[0].speed_spread = 0.6;
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  std::vector<double> logarithm;
  for (const auto key : world.population.key)
    logarithm.push_back(std::log(agent_speed(world.rules(), 0, key) / speed));
  const Sample sample(logarithm);
  check(sample, 0.0);
  CHECK(std::abs(sample.variance - 0.36) < 3.0 * sample.variance_error);

  // It is a property of the agent: the same at every step, and part of its mean square velocity.
  std::vector<double> square;
  for (std::size_t i = 0; i < n_agents; ++i)
    square.push_back(world.population.velocity[i].norm_square());
  check(Sample(square), speed * speed * std::exp(2.0 * 0.36));
}

TEST_CASE("An agent whose state does not crawl stands still, without reading its surroundings", "[agents]")
{
  AgentWorld<2> world;
  world.parameters.types = {follower()};
  world.parameters.types[0].states[0].speed_factor = 0.0;
  world.parameters.resolve(world.outside);
  world.seed_agents(3);
  world.population.velocity[1][0] = 0.4;
  const auto moved = active_displacements(world.rules(), test::Given<2>(), 0, 6.0, world.population);
  for (std::size_t i = 0; i < 3; ++i)
  {
    CHECK(moved[i].norm() == 0.0);
    CHECK(world.population.velocity[i].norm() == 0.0);
  }
}
