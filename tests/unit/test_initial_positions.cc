#include "../agent_world.h"

#include "agents/initial_positions.h"
#include "control/input_error.h"

#include <catch2/catch.hpp>

using namespace nidus;
using Catch::Contains;

namespace
{
AgentTypeParameters placed_type(const std::string &list, const std::string &table = "")
{
  auto type = test::walker("csc", 0.2, 15.0);
  type.states.resize(2);
  type.states[1].name = "asleep";
  type.initial_state_index = 0;
  type.initial_positions = list;
  type.positions_text = table;
  return type;
}

std::string refusal(const AgentTypeParameters &type, const unsigned int dimension = 3)
{
  try
  {
    placed_agents(type, dimension);
  }
  catch (const InputError &error)
  {
    return error.what();
  }
  return "accepted";
}
} // namespace

TEST_CASE("Positions are read from the entry and from the table, in this order", "[agents][positions]")
{
  const auto agents = placed_agents(
      placed_type("1 2 3; -4.5 5e1 6", "x,y,z,state\r\n7,8,9\r\n\n# by eye\n 10 , 11 , 12 , asleep\r\n13,14,15,\n"), 3);
  REQUIRE(agents.size() == 5);
  CHECK((agents[1].position == std::array<double, 3>{{-4.5, 50.0, 6.0}}));
  CHECK((agents[2].position == std::array<double, 3>{{7.0, 8.0, 9.0}}));
  CHECK((agents[3].position == std::array<double, 3>{{10.0, 11.0, 12.0}}));
  CHECK((agents[0].state == 0 && agents[2].state == 0 && agents[3].state == 1 && agents[4].state == 0));

  const auto flat = placed_agents(placed_type("1 2; 3 4", "5,6,asleep\n"), 2);
  REQUIRE(flat.size() == 3);
  CHECK((flat[2].position == std::array<double, 3>{{5.0, 6.0, 0.0}} && flat[2].state == 1));
  CHECK(placed_agents(placed_type(""), 3).empty());
}

TEST_CASE("What is no position is refused with its place", "[agents][positions]")
{
  const std::string list = "Agents/csc/Initial positions", table = "Agents/csc/Initial positions file, line 2";
  CHECK_THAT(refusal(placed_type("1 2 3; 4 5")), Contains(list) && Contains("'4 5'") && Contains("3 numbers"));
  CHECK_THAT(refusal(placed_type("1 2 3;")), Contains(list));
  CHECK_THAT(refusal(placed_type("1 2 nan")), Contains(list) && Contains("1 2 nan"));
  CHECK_THAT(refusal(placed_type("1 2 3"), 2), Contains(list) && Contains("2 numbers"));
  CHECK_THAT(refusal(placed_type("", "1,2,3\n4,5\n")), Contains(table) && Contains("4,5"));
  CHECK_THAT(refusal(placed_type("", "x,y,z\n1,2,three\n")), Contains(table) && Contains("three"));
  CHECK_THAT(refusal(placed_type("", "x,y,z\n1,2,3,drunk\n")),
             Contains(table) && Contains("drunk") && Contains("asleep"));
  CHECK_THAT(refusal(placed_type("", "1,2,3\nx,y,z\n")), Contains(table));
  auto type = placed_type("1 2 3");
  type.initial_state_index = -1;
  CHECK_THAT(refusal(type), Contains("Agents/csc/Initial state") && Contains("1 2 3") && Contains("asleep"));
  type = placed_type("", "1,2,3,asleep\n");
  type.initial_state_index = -1;
  CHECK(refusal(type) == "accepted");
}
