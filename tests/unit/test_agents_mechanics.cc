#include "../agent_world.h"

#include "agents/mechanics.h"
#include "agents/motion.h"

#include <catch2/catch.hpp>

using namespace nidus;
using nidus::test::AgentWorld;

namespace
{
/// Types: a tumour cell that does not crawl, a progenitor that crawls, a fibroblast that does neither, a ghost that
/// nobody feels.
template <int dim>
AgentWorld<dim> mixed_world(const std::size_t n_agents = 2)
{
  AgentWorld<dim> world;
  world.parameters.types = {test::walker("tum", 0.0, 15.0), test::walker("hpc", 3.0, 5.0),
                            test::walker("fib", 0.0, 15.0), test::walker("ghost", 1.0, 15.0)};
  const double radii[] = {8.0, 4.0, 10.0, 8.0};
  for (unsigned int t = 0; t < 4; ++t)
    world.parameters.types[t].radius = radii[t];
  world.parameters.types[0].group = "tumour";
  world.parameters.types[3].repulsion = 0.0;
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  return world;
}

template <int dim>
std::vector<dealii::Tensor<1, dim>> velocities(const AgentWorld<dim> &world)
{
  const Mechanics mechanics(world.parameters);
  return mechanics.velocities(Neighbourhood<dim>(world.population, world.halo, mechanics.reach()));
}

template <int dim>
void place(AgentWorld<dim> &world, const int first, const int second, const double distance)
{
  world.population.type = {first, second};
  world.population.position[0] = dealii::Point<dim>();
  world.population.position[1] = dealii::Point<dim>();
  world.population.position[1][0] = distance;
}
} // namespace

TEMPLATE_TEST_CASE_SIG("Agents at one place separate, in opposite directions", "[agents][mechanics]", ((int dim), dim),
                       2, 3)
{
  auto world = mixed_world<dim>();
  place(world, 0, 0, 0.0);
  const auto v = velocities(world);
  CHECK(v[0].norm() == Approx(10.0 - 0.4));
  CHECK((v[0] + v[1]).norm() < 1e-12);
  // The direction belongs to the pair of keys, so it is the same next time and for the rank that has the other agent.
  CHECK(velocities(world)[0] == v[0]);

  const auto displacement = limited_displacements(world.parameters, 0.5, world.population, v);
  CHECK(displacement[0].norm() == Approx(0.1 * 8.0));
  for (unsigned int i = 0; i < 2; ++i)
    world.population.position[i] += displacement[i];
  CHECK(world.population.position[0].distance(world.population.position[1]) == Approx(1.6));
}

TEST_CASE("Forces between agents of different size are opposite", "[agents][mechanics]")
{
  auto world = mixed_world<3>();
  place(world, 0, 1, 9.0);
  const auto v = velocities(world);
  const double expected = 10.0 * std::pow(1.0 - 9.0 / 12.0, 2) - 0.4 * std::pow(1.0 - 9.0 / 15.0, 2);
  CHECK(v[0][0] == Approx(-expected));
  CHECK((v[0] + v[1]).norm() < 1e-14);
}

TEST_CASE("Cells that do not crawl are obstacles, except tumour cells", "[agents][mechanics]")
{
  auto world = mixed_world<2>();
  place(world, 1, 2, 7.0);
  const auto v = velocities(world);
  CHECK(v[0][0] < -1.0);
  CHECK(v[1].norm() == 0.0);
}

TEST_CASE("An agent without repulsion neither pushes nor is pushed", "[agents][mechanics]")
{
  auto world = mixed_world<2>();
  place(world, 0, 3, 1.0);
  const auto v = velocities(world);
  CHECK(v[0].norm() == 0.0);
  CHECK(v[1].norm() == 0.0);
  const Mechanics mechanics(world.parameters);
  const Neighbourhood<2> neighbourhood(world.population, world.halo, 20.0);
  NeighbourGrid<2>::Search search(neighbourhood.grid());
  CHECK(mechanics.pressure(neighbourhood, 0, search) == 0.0);
}

TEST_CASE("Adhesion between types: the larger named speed, else the geometric mean", "[agents][mechanics]")
{
  auto world = mixed_world<2>();
  auto &types = world.parameters.types;
  types[0].adhesion = 0.9;
  types[1].adhesion = 0.1;
  const double distance = 13.0, shape = std::pow(1.0 - distance / 15.0, 2); // beyond contact
  place(world, 0, 1, distance);
  CHECK(velocities(world)[0][0] == Approx(0.3 * shape));
  types[1].adhesion_with = {{"tum", 2.0}};
  CHECK(velocities(world)[0][0] == Approx(2.0 * shape));
  types[0].adhesion_with = {{"hpc", 5.0}};
  CHECK(velocities(world)[0][0] == Approx(5.0 * shape));
  CHECK(velocities(world)[1][0] == Approx(-5.0 * shape));
}

TEST_CASE("States multiply adhesion with their factors, and leave repulsion alone", "[agents][mechanics]")
{
  auto world = mixed_world<2>();
  auto &types = world.parameters.types;
  types[0].adhesion = 0.9;
  types[1].adhesion = 0.1;
  for (auto *type : {&types[0], &types[1]})
    type->states.resize(2);
  types[0].states[1].adhesion_factor = 3.0;
  types[1].states[1].adhesion_factor = 0.5;
  const double beyond = std::pow(1.0 - 13.0 / 15.0, 2);
  place(world, 0, 1, 13.0);
  CHECK(velocities(world)[0][0] == Approx(0.3 * beyond));
  world.population.state = {1, 0};
  CHECK(velocities(world)[0][0] == Approx(0.9 * beyond));
  world.population.state = {1, 1};
  CHECK(velocities(world)[0][0] == Approx(0.45 * beyond));
  CHECK(velocities(world)[1][0] == Approx(-0.45 * beyond));

  types[1].states[1].adhesion_factor = 0.0;
  place(world, 0, 1, 9.0);
  CHECK(velocities(world)[0][0] == Approx(-10.0 * std::pow(1.0 - 9.0 / 12.0, 2)));
}

TEST_CASE("Pressure is the sum of squared relative overlaps", "[agents][mechanics]")
{
  auto world = mixed_world<3>(5);
  auto &population = world.population;
  population.type.assign(5, 0);
  for (unsigned int i = 0; i < 5; ++i)
    population.position[i] = dealii::Point<3>();
  population.position[1][0] = 8.0;   // half overlap
  population.position[2][1] = -12.0; // a quarter
  population.position[3][2] = 16.5;  // no contact
  population.position[4][2] = -400.0;
  const Mechanics mechanics(world.parameters);
  const Neighbourhood<3> neighbourhood(population, world.halo, 20.0);
  NeighbourGrid<3>::Search search(neighbourhood.grid());
  CHECK(mechanics.pressure(neighbourhood, 0, search) == Approx(0.25 + 0.0625));
  CHECK(mechanics.pressure(neighbourhood, 4, search) == 0.0);
}

TEST_CASE("A motion step is divided into mechanics steps of the allowed length", "[agents][mechanics]")
{
  AgentParameters parameters;
  parameters.mechanics_step = 0.1;
  CHECK(n_mechanics_steps(parameters, 3 * 0.1) == 3);
  CHECK(n_mechanics_steps(parameters, 0.31) == 4);
  CHECK(n_mechanics_steps(parameters, 0.01) == 1);
}

TEST_CASE("Without agents that can be pushed there is no mechanics", "[agents][mechanics]")
{
  AgentWorld<2> world;
  world.parameters.types = {test::walker("fib", 0.0, 15.0)};
  world.parameters.resolve(world.outside);
  CHECK(Mechanics(world.parameters).reach() == 0.0);
  CHECK(world.parameters.interaction_radius() == 0.0);
}
