// B10: two agents relax to the spacing at which repulsion and adhesion balance.

#include "../agent_world.h"
#include "measured.h"

#include "agents/mechanics.h"
#include "agents/motion.h"

#include <catch2/catch.hpp>

using namespace nidus;
using nidus::test::AgentWorld;

namespace
{
template <int dim>
AgentWorld<dim> pair_at(const double distance)
{
  AgentWorld<dim> world;
  world.parameters.types = {test::walker("csc", 0.2, 15.0)};
  world.parameters.types[0].radius = 8.41;
  world.parameters.resolve(world.outside);
  world.seed_agents(2);
  // Not along an axis, and in different bins.
  dealii::Tensor<1, dim> direction;
  for (unsigned int d = 0; d < dim; ++d)
    direction[d] = d + 1.0;
  world.population.position[0] = dealii::Point<dim>();
  world.population.position[0][0] = -3.0;
  world.population.position[1] = world.population.position[0] + direction * (distance / direction.norm());
  return world;
}

template <int dim>
void push(AgentWorld<dim> &world, const double dt)
{
  const Mechanics mechanics(world.parameters);
  const Neighbourhood<dim> neighbourhood(world.population, world.halo, mechanics.reach());
  const auto displacement =
      limited_displacements(world.parameters, dt, world.population, mechanics.velocities(neighbourhood));
  for (std::size_t i = 0; i < world.population.size(); ++i)
    world.population.position[i] += displacement[i];
}
} // namespace

TEMPLATE_TEST_CASE_SIG("B10: spacing of two agents", "[agents][B10]", ((int dim), dim), 2, 3)
{
  const double contact = 2.0 * 8.41, q = std::sqrt(0.4 / 10.0);
  const double spacing = contact * (1.0 - q) / (1.0 - q / 1.25);
  const double start = GENERATE(0.5, 0.9, 1.1, 1.2);
  auto world = pair_at<dim>(start * contact);
  auto &position = world.population.position;
  const auto middle = position[0] + position[1];
  const bool apart = start * contact < spacing;

  double distance = position[0].distance(position[1]);
  bool monotone = true;
  for (unsigned int step = 0; step < 4000; ++step)
  {
    push(world, world.parameters.mechanics_step);
    const double next = position[0].distance(position[1]);
    // Once there, rounding decides; until then each step comes closer and none passes the equilibrium.
    if (std::abs(next - spacing) > 1e-9 * contact)
      monotone = monotone && (apart ? next > distance && next < spacing : next < distance && next > spacing);
    distance = next;
  }
  INFO("start " << start << " distance " << distance << " expected " << spacing);
  test::measured("B10", "spacing of a pair [um]", distance, spacing);
  CHECK(monotone);
  CHECK(std::abs(distance / spacing - 1.0) < 1e-6);
  // Equal agents move symmetrically.
  CHECK((position[0] + position[1] - middle).norm() < 1e-9);
}

TEST_CASE("B10: agents out of range do not act on each other", "[agents][B10]")
{
  auto world = pair_at<3>(1.2501 * 2.0 * 8.41);
  const auto before = world.population.position;
  push(world, 10.0);
  CHECK(world.population.position[0].distance(before[0]) == 0.0);
  CHECK(world.population.position[1].distance(before[1]) == 0.0);
}
