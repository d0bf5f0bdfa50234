#include "../agent_world.h"

#include "agents/rule_review.h"

#include <catch2/catch.hpp>

using namespace nidus;
using Catch::Contains;

namespace
{
/// arrested -> migrating -> settled; lost is entered by nothing.
AgentParameters journey()
{
  AgentParameters agents;
  auto type = test::walker("csc", 0.2, 15.0);
  type.states.resize(4);
  const char *names[] = {"arrested", "migrating", "settled", "lost"};
  for (unsigned int s = 0; s < 4; ++s)
    type.states[s].name = names[s];
  type.transitions = {test::transition("extravasate", "arrested", "migrating", 7e-4),
                      test::transition("settle", "migrating", "settled", 1e-3),
                      test::transition("vanish", "lost", "death", 1e-3)};
  agents.types = {type};
  SignalParameters signal;
  signal.name = "matrix";
  signal.of = "sdf1";
  agents.signals = {signal};
  return agents;
}

RuleReview review(AgentParameters agents, const double macro_step = 30.0,
                  const std::vector<std::pair<int, int>> &arriving = {{0, 0}})
{
  agents.resolve({{"sdf1"}, {}, {"tissue"}});
  return review_rules(agents, macro_step, arriving);
}
} // namespace

TEST_CASE("A state that nothing enters is a warning, one that nobody leaves a note", "[agents][review]")
{
  auto agents = journey();
  auto found = review(agents);
  REQUIRE(found.warnings.size() == 1);
  CHECK_THAT(found.warnings[0], Contains("Agents/csc/States/lost") && Contains("nothing enters"));
  REQUIRE(found.notes.size() == 1);
  CHECK_THAT(found.notes[0], Contains("csc") && Contains("settled") && !Contains("lost"));

  // Without arrivals nobody is ever arrested.
  found = review(agents, 30.0, {});
  REQUIRE(found.warnings.size() == 2);
  CHECK_THAT(found.warnings[0], Contains("Agents/csc/States/arrested"));

  SECTION("a start")
  {
    agents.types[0].initial_density = {{"tissue", 1e-6}};
    agents.types[0].initial_state = "lost";
  }
  SECTION("a place")
  {
    agents.types[0].initial_positions = "1 2 3";
    agents.types[0].initial_state = "lost";
  }
  SECTION("a transition")
  {
    agents.types[0].transitions.push_back(test::transition("stray", "settled", "lost", 1e-5));
  }
  SECTION("a daughter")
  {
    auto divide = test::transition("divide", "settled", "division", 1e-4);
    divide.daughters = {{"csc.settled + csc.lost", 1.0}};
    agents.types[0].transitions.push_back(divide);
  }
  CHECK(review(agents).warnings.empty());
}

TEST_CASE("A transition that the macro step does not resolve is named with a cure", "[agents][review]")
{
  auto agents = journey();
  agents.types[0].transitions.pop_back();
  agents.types[0].states.pop_back();
  CHECK(review(agents).warnings.empty());
  auto &settle = agents.types[0].transitions[1];
  settle.weights = {{"matrix", 2.0}};
  // 1e-3 exp(2) = 7.4e-3 per min: 0.22 in 30 min, 0.074 in 10 min.
  const auto found = review(agents);
  REQUIRE(found.warnings.size() == 1);
  CHECK_THAT(found.warnings[0],
             Contains("Agents/csc/Transitions/settle") && Contains("0.2217") && Contains("at most 13 min"));
  CHECK(review(agents, 10.0).warnings.empty());
  // Stages pass as many times faster; what lowers the hazard does not count.
  settle.stages = 4;
  CHECK(review(agents, 10.0).warnings.size() == 1);
  settle.weights = {{"matrix", -2.0}};
  CHECK(review(agents, 24.0).warnings.empty());
  CHECK(review(agents, 26.0).warnings.size() == 1);
  agents.resolve({{"sdf1"}, {}, {"tissue"}});
  CHECK(greatest_hazard(agents.types[0].transitions[1]) == Approx(4e-3));
}
