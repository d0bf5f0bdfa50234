// Competing hazards: which event comes, and when.

#include "../agent_world.h"

#include <catch2/catch.hpp>

using namespace nidus;
using nidus::test::AgentWorld;

namespace
{
constexpr std::size_t n_agents = 100000;
constexpr double extravasation = 7e-4, death = 1.75e-4, return_to_blood = 3e-4; // 1/min

AgentWorld<2> arrested_agents()
{
  AgentWorld<2> world;
  auto type = test::walker("csc", 0.2, 15.0);
  type.states.resize(2);
  type.states[0].name = "arrested";
  type.states[1].name = "migrating";
  type.transitions = {test::transition("extravasate", "arrested", "migrating", extravasation),
                      test::transition("die", "arrested", "death", death),
                      test::transition("leave", "arrested", "departure", return_to_blood)};
  world.parameters.types = {type};
  world.parameters.resolve(world.outside);
  world.seed_agents(n_agents);
  return world;
}

double chi_square(const std::vector<double> &counts, const std::vector<double> &probabilities)
{
  double sum = 0.0;
  for (std::size_t k = 0; k < counts.size(); ++k)
  {
    const double expected = probabilities[k] * n_agents;
    sum += (counts[k] - expected) * (counts[k] - expected) / expected;
  }
  return sum;
}

// The values that chi^2 exceeds with the probability of three standard deviations, 0.0027.
constexpr double limit_2 = 11.83, limit_3 = 14.16;
} // namespace

TEST_CASE("Each of competing events comes in proportion to its hazard", "[agents][hazards]")
{
  auto world = arrested_agents();
  const double total = extravasation + death + return_to_blood;
  // A step much shorter than the mean waiting time, one as long, and one in which nearly all act.
  const double length = GENERATE(60.0, 850.0, 5000.0);
  const auto decisions = world.decisions({3, 0.0, length});
  std::vector<double> counts(4, 0.0);
  for (const auto &decision : decisions)
    counts[decision.transition] += 1.0;
  counts[3] = n_agents - static_cast<double>(decisions.size());
  const double happens = 1.0 - std::exp(-total * length);
  const double chi = chi_square(counts, {happens * extravasation / total, happens * death / total,
                                         happens * return_to_blood / total, 1.0 - happens});
  INFO("length " << length << " chi^2 " << chi);
  CHECK(chi < limit_3);
}

TEST_CASE("Waiting times are exponential, whatever the step", "[agents][hazards]")
{
  auto world = arrested_agents();
  const double total = extravasation + death + return_to_blood;
  // Three steps of 400 min: in which one did an agent leave the state?
  std::vector<double> counts(3, 0.0), probabilities(3);
  for (std::uint64_t step = 0; step < 2; ++step)
  {
    const auto outcomes = world.react(step, 400.0);
    counts[step] = static_cast<double>(outcomes.events.size());
    probabilities[step] = std::exp(-total * 400.0 * step) * (1.0 - std::exp(-total * 400.0));
  }
  counts[2] = n_agents - counts[0] - counts[1];
  probabilities[2] = std::exp(-total * 800.0);
  const double chi = chi_square(counts, probabilities);
  INFO("chi^2 " << chi);
  CHECK(chi < limit_2);
}

TEST_CASE("A drug multiplies one hazard and leaves the others", "[agents][hazards]")
{
  auto world = arrested_agents();
  world.modifiers.hazard_factor = {{0.0, 1.0, 4.0}};
  const auto decisions = world.decisions({3, 0.0, 850.0});
  std::vector<double> counts(3, 0.0);
  for (const auto &decision : decisions)
  {
    REQUIRE(decision.transition != 0);
    counts[decision.transition - 1] += 1.0;
  }
  counts[2] = n_agents - static_cast<double>(decisions.size());
  const double total = death + 4.0 * return_to_blood, happens = 1.0 - std::exp(-total * 850.0);
  const double chi =
      chi_square(counts, {happens * death / total, happens * 4.0 * return_to_blood / total, 1.0 - happens});
  INFO("chi^2 " << chi);
  CHECK(chi < limit_2);
}
