// E11, as Varennes has seen for cancer cells in three dimensions: in steeper gradients agents are more accurate, but
// neither faster nor more persistent.
//
// Accuracy is the chemotactic index, the mean cosine of the angle between displacement and gradient. The walk about a
// bias has an exact one: the displacement in the time T is Gaussian with the mean v_b T along the gradient and the
// variance of Fuerth's formula in each direction.

#include "../agent_world.h"
#include "measured.h"

#include "agents/motility.h"

#include <catch2/catch.hpp>

using namespace nidus;
using nidus::test::AgentWorld;
using nidus::test::Sample;

namespace
{
constexpr std::size_t n_agents = 40000;
constexpr double speed = 0.2, persistence = 15.0, duration = 150.0, dt = 3.0; // um/min, min
constexpr double affinity = 25.0, sensitivity = 6.0, level = 25.0;            // nM, um/min, nM

AgentTypeParameters follower()
{
  auto type = test::walker("csc", speed, persistence);
  type.radius = 7.5;
  type.receptors.resize(1);
  type.receptors[0].name = "cxcr4";
  type.receptors[0].ligands = {{"sdf1", 1.0}};
  type.receptors[0].dissociation_constant = affinity;
  type.receptors[0].sensitivity = sensitivity;
  return type;
}

/// Mean cosine between the first axis and a Gaussian vector with the mean m on that axis, in units of its deviation.
template <int dim>
double mean_cosine(const double m)
{
  if (m == 0.0)
    return 0.0;
  if constexpr (dim == 3)
    return std::erf(m / std::sqrt(2.0)) * (1.0 - 1.0 / (m * m)) + std::sqrt(2.0 / M_PI) * std::exp(-0.5 * m * m) / m;
  const double q = 0.25 * m * m;
  return std::sqrt(M_PI / 8.0) * m * std::exp(-q) * (std::cyl_bessel_i(0.0, q) + std::cyl_bessel_i(1.0, q));
}

struct Observed
{
  Sample cosine, square_speed, speed, correlation;
};

/// Agents that walk for the duration in the gradient @p slope, nM/um, from the stationary state.
template <int dim>
Observed walk(const double slope, const double drift)
{
  AgentWorld<dim> world;
  world.parameters.types = {follower()};
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  for (auto &velocity : world.population.velocity)
    velocity[0] += drift;
  const test::Given<dim> senses(world.uniform({level, 0.0}, {slope, 0.0}));
  const auto start = world.population.velocity;
  std::vector<dealii::Tensor<1, dim>> path(n_agents);
  std::vector<double> cosine, square_speed, at_speed, correlation;
  const auto n_steps = static_cast<unsigned int>(duration / dt);
  for (unsigned int step = 0; step < n_steps; ++step)
  {
    const auto moved = active_displacements(world.rules(), senses, step, dt, world.population);
    for (std::size_t i = 0; i < n_agents; ++i)
      path[i] += moved[i];
    // After a persistence time: how much of the velocity across the gradient is left.
    if (step + 1 == static_cast<unsigned int>(persistence / dt))
      for (std::size_t i = 0; i < n_agents; ++i)
        correlation.push_back(start[i][1] * world.population.velocity[i][1] * dim / (speed * speed));
  }
  for (std::size_t i = 0; i < n_agents; ++i)
  {
    cosine.push_back(path[i][0] / path[i].norm());
    square_speed.push_back(world.population.velocity[i].norm_square());
    at_speed.push_back(world.population.velocity[i].norm());
  }
  return {Sample(cosine), Sample(square_speed), Sample(at_speed), Sample(correlation)};
}

void check(const Sample &sample, const double expected)
{
  INFO("mean " << sample.mean << " expected " << expected << " standard error " << sample.error);
  CHECK(std::abs(sample.mean - expected) < 3.0 * sample.error);
}
} // namespace

TEMPLATE_TEST_CASE_SIG("E11: accuracy rises with the gradient, speed and persistence stay", "[agents][E11]",
                       ((int dim), dim), 2, 3)
{
  const double furth =
      2.0 * speed * speed / dim * persistence * (duration - persistence * (1.0 - std::exp(-duration / persistence)));
  std::vector<Observed> seen;
  for (const double slope : {0.0, 0.002, 0.005, 0.01, 0.02})
  {
    const double drift = sensitivity * 15.0 * slope * affinity / ((affinity + level) * (affinity + level));
    INFO("dim " << dim << " gradient " << slope << " nM/um, drift " << drift);
    REQUIRE(drift <= 0.1 * speed);
    seen.push_back(walk<dim>(slope, drift));
    const auto &here = seen.back();
    const double expected = mean_cosine<dim>(drift * duration / std::sqrt(furth));
    char gradient[48];
    std::snprintf(gradient, sizeof gradient, "%d-D, %g nM/mm: ", dim, 1e3 * slope);
    test::measured("E11", gradient + std::string("chemotactic index"), here.cosine.mean, expected);
    test::measured("E11", gradient + std::string("mean speed [um/min]"), here.speed.mean, seen[0].speed.mean);
    check(here.cosine, expected);
    check(here.square_speed, speed * speed + drift * drift);
    check(here.correlation, std::exp(-1.0));
    // The mean speed of a Gaussian velocity rises by less than this, its term of second order in drift over speed.
    const double change = 0.5 * drift * drift / (speed * speed);
    CHECK(std::abs(here.speed.mean / seen[0].speed.mean - 1.0) <
          change + 3.0 * std::hypot(here.speed.error, seen[0].speed.error) / seen[0].speed.mean);
  }
  // Each step up is seen beyond chance.
  for (std::size_t k = 1; k < seen.size(); ++k)
    CHECK(seen[k].cosine.mean - seen[k - 1].cosine.mean >
          3.0 * std::hypot(seen[k].cosine.error, seen[k - 1].cosine.error));
}
