#include "../agent_world.h"

#include "agents/receptors.h"
#include "agents/signals.h"
#include "control/input_error.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nidus;
using nidus::test::AgentWorld;
using nidus::test::signal;

namespace
{
/// Stem cells with a receptor, and fibroblasts; one signal of each kind.
AgentWorld<2> niche()
{
  AgentWorld<2> world;
  auto stem = test::walker("csc", 0.2, 15.0), fibroblast = test::walker("fib", 0.0, 15.0);
  stem.radius = fibroblast.radius = 8.0;
  stem.states.resize(2);
  stem.states[1].name = "engaged";
  stem.states[1].speed_factor = 0.0;
  fibroblast.states.resize(2);
  fibroblast.states[1].name = "activated";
  stem.receptors.resize(1);
  stem.receptors[0].name = "cxcr4";
  stem.receptors[0].ligands = {{"sdf1", 1.0}, {"fibronectin", 2.0}};
  stem.receptors[0].dissociation_constant = 25.0;
  world.parameters.types = {stem, fibroblast};
  world.parameters.signals = {
      signal("matrix", "field", "fibronectin", 2.0), signal("bound", "occupancy", "cxcr4", 1.0),
      signal("activated", "neighbours", "", 4.0),    signal("waiting", "time_in_state", "", 100.0),
      signal("systemic", "blood", "vegf", 0.01),     signal("pressed", "pressure", "", 1.0),
      signal("any_fib", "neighbours", "", 4.0)};
  world.parameters.signals[2].neighbours = {"fib.activated"};
  world.parameters.signals[6].neighbours = {"fib"};
  world.parameters.signals[6].radius = 5.0;
  return world;
}
} // namespace

TEST_CASE("Responses", "[agents][signals]")
{
  SignalParameters s;
  s.scale = 4.0;
  s.exponent = 2.0;
  s.response_id = Response::linear;
  CHECK(response(s, 1.0) == Approx(0.25));
  CHECK(response(s, 9.0) == 1.0);
  CHECK(response(s, -1.0) == 0.0);
  s.response_id = Response::hill;
  CHECK(response(s, 4.0) == Approx(0.5));
  CHECK(response(s, 8.0) == Approx(0.8));
  CHECK(response(s, 0.0) == 0.0);
  CHECK(response(s, 1e-300) == Approx(0.0).margin(1e-300));
  CHECK(response(s, 1e300) == 1.0);
  s.response_id = Response::exponential;
  CHECK(response(s, 4.0) == Approx(1.0 - std::exp(-1.0)));
}

TEST_CASE("Signals of each kind", "[agents][signals]")
{
  auto world = niche();
  world.parameters.resolve(world.outside);
  world.seed_agents(4);
  auto &population = world.population;
  population.type = {0, 1, 1, 1};
  population.state = {0, 1, 0, 1};
  population.state_since = {40.0, 0.0, 0.0, 0.0};
  const double x[] = {0.0, 8.0, 4.0, 31.0}; // overlaps of 1/2 and 3/4; the last is beyond the radius of 30
  for (unsigned int i = 0; i < 4; ++i)
    population.position[i] = dealii::Point<2>(x[i], 0.0);
  world.halo.key = {1};
  world.halo.type = {1};
  world.halo.state = {1};
  world.halo.position = {dealii::Point<2>(0.0, -20.0)};
  auto surroundings = world.uniform({10.0, 0.5}, {0.0, 0.0});
  surroundings.blood = {0.004};

  const Mechanics mechanics(world.parameters);
  const Neighbourhood<2> neighbourhood(population, world.halo, world.parameters.signal_reach());
  const auto rules = world.rules();
  SignalReader<2> signals(rules, mechanics, neighbourhood, surroundings, 65.0);
  signals.select(0);
  CHECK(signals(0) == Approx(0.25));
  CHECK(signals(1) == Approx(11.0 / 36.0));
  CHECK(signals(2) == Approx(2.0 / 4.0)); // the neighbour at 8 and the one in the halo
  CHECK(signals(3) == Approx(0.25));
  CHECK(signals(4) == Approx(0.4));
  CHECK(signals(5) == Approx(0.25 + 0.5625));
  CHECK(signals(6) == Approx(0.25)); // the one at 4
  signals.select(3);
  CHECK(signals(2) == Approx(1.0 / 4.0)); // not itself
  CHECK(signals(3) == Approx(0.65));
}

TEST_CASE("A combination is the weighted sum of other signals", "[agents][signals]")
{
  auto world = niche();
  auto both = signal("drive", "combination", "", 2.0);
  both.parts = {{"matrix", 3.0}, {"activated", 1.0}, {"bound", -1.0}};
  both.response = "hill";
  both.exponent = 2.0;
  world.parameters.signals.insert(world.parameters.signals.begin(), both);
  const auto parameters = world.parameters;
  world.parameters.resolve(world.outside);
  world.seed_agents(2);
  world.population.type = {0, 1};
  world.population.state = {0, 1};
  world.population.position = {dealii::Point<2>(0.0, 0.0), dealii::Point<2>(10.0, 0.0)};
  const auto surroundings = world.uniform({10.0, 0.5}, {0.0, 0.0});
  const Mechanics mechanics(world.parameters);
  const Neighbourhood<2> neighbourhood(world.population, world.halo, world.parameters.signal_reach());
  const auto rules = world.rules();
  SignalReader<2> signals(rules, mechanics, neighbourhood, surroundings, 0.0);
  signals.select(0);
  const double sum = 3.0 * 0.25 + 0.25 - 11.0 / 36.0;
  CHECK(signals(0) == Approx(sum * sum / (4.0 + sum * sum)));

  world.parameters = parameters;
  world.parameters.signals[0].parts["drive"] = 1.0;
  CHECK_THROWS_AS(world.parameters.resolve(world.outside), InputError);
  world.parameters.signals[0].parts = {{"nobody", 1.0}};
  CHECK_THROWS_AS(world.parameters.resolve(world.outside), InputError);
  world.parameters.signals[0].parts.clear();
  CHECK_THROWS_AS(world.parameters.resolve(world.outside), InputError);
}

TEST_CASE("Bound receptors and drugs are signals", "[agents][signals]")
{
  auto world = niche();
  auto &receptor = world.parameters.types[0].receptors[0];
  receptor.number = 20000.0;
  receptor.number_spread = 0.4;
  world.parameters.signals = {signal("held", "bound_ligand", "cxcr4", 40000.0),
                              signal("bound", "occupancy", "cxcr4", 1.0), signal("treated", "drug", "plerixafor", 1.0)};
  world.outside.interventions = {"bapn", "plerixafor"};
  world.parameters.resolve(world.outside);
  world.seed_agents(3);
  world.modifiers.dissociation_factor = {{3.0}, {}};
  world.modifiers.drug_effect = {0.9, 2.0 / 3.0};
  const auto surroundings = world.uniform({10.0, 0.5}, {0.0, 0.0});
  const Mechanics mechanics(world.parameters);
  const Neighbourhood<2> neighbourhood(world.population, world.halo, 30.0);
  const auto rules = world.rules();
  SignalReader<2> signals(rules, mechanics, neighbourhood, surroundings, 0.0);
  for (std::size_t i = 0; i < 3; ++i)
  {
    signals.select(i);
    const double number = effective_receptor(rules, 0, 0, world.population.key[i]).number;
    CHECK(number != Approx(20000.0));
    CHECK(signals(0) == Approx(number * 11.0 / 86.0 / 40000.0));
    CHECK(signals(0) == Approx(0.5 * signals(1)));
    CHECK(signals(2) == Approx(2.0 / 3.0));
  }
  world.parameters.signals[2].of = "aspirin";
  CHECK_THROWS_WITH(world.parameters.resolve(world.outside),
                    Catch::Contains("aspirin") && Catch::Contains("bapn, plerixafor"));
}

TEST_CASE("Receptors: antagonist, knock-down and uptake", "[agents][receptors]")
{
  auto world = niche();
  auto &receptor = world.parameters.types[0].receptors[0];
  receptor.number = 20000.0;
  receptor.internalisation_rate = 0.2;
  receptor.consumed_ligand = "fibronectin";
  world.parameters.types[0].cells_represented = 3.0;
  world.parameters.resolve(world.outside);
  const double values[] = {10.0, 0.5};
  const auto rules = world.rules();
  CHECK(sensed_concentration(receptor, values) == Approx(11.0));
  // Uptake is 3 cells * k_e R * (w c) / (K + s): the coefficient is that over c.
  CHECK(uptake_coefficient(rules, 0, 0, 7, values) == Approx(3.0 * 0.2 * 20000.0 * 2.0 / 36.0));

  world.modifiers.dissociation_factor = {{3.0}, {}};
  world.modifiers.number_factor = {{0.5}, {}};
  const auto effective = effective_receptor(world.rules(), 0, 0, 7);
  CHECK(effective.dissociation_constant == Approx(75.0));
  CHECK(effective.number == Approx(10000.0));
  CHECK(occupancy(effective, 11.0) == Approx(0.5 * 11.0 / 86.0));
  CHECK(uptake_coefficient(world.rules(), 0, 0, 7, values) == Approx(3.0 * 0.2 * 10000.0 * 2.0 / 86.0));

  const double nothing[] = {-1e-12, 0.0};
  CHECK(sensed_concentration(receptor, nothing) == 0.0);
}

TEST_CASE("Hazards: weights, factors and gates", "[agents][transitions]")
{
  auto world = niche();
  auto engage = test::transition("engage", "moving", "engaged", 1e-3);
  SECTION("weights and factors")
  {
    engage.weights = {{"matrix", 2.0}, {"bound", -1.0}};
    engage.factors = {"systemic", "systemic"};
  }
  SECTION("open gates")
  {
    engage.at_least = {{"matrix", 0.25}}, engage.at_most = {{"systemic", 0.5}};
  }
  SECTION("a gate that is closed from below")
  {
    engage.at_least = {{"matrix", 0.26}};
  }
  SECTION("a gate that is closed from above")
  {
    engage.at_most = {{"systemic", 0.3}};
  }
  world.parameters.types[0].transitions = {engage};
  world.parameters.resolve(world.outside);
  world.seed_agents(1);
  auto surroundings = world.uniform({10.0, 0.5}, {0.0, 0.0});
  surroundings.blood = {0.004};
  const Mechanics mechanics(world.parameters);
  const Neighbourhood<2> neighbourhood(world.population, world.halo, 30.0);
  const auto rules = world.rules();
  SignalReader<2> signals(rules, mechanics, neighbourhood, surroundings, 0.0);
  signals.select(0);
  double expected = 1e-3;
  if (!engage.weights.empty())
    expected *= std::exp(2.0 * 0.25 - 11.0 / 36.0) * 0.4 * 0.4;
  if (engage.at_least.count("matrix") && engage.at_least["matrix"] > 0.25)
    expected = 0.0;
  if (engage.at_most.count("systemic") && engage.at_most["systemic"] < 0.4)
    expected = 0.0;
  CHECK(hazard(world.parameters.types[0].transitions[0], signals) == Approx(expected));
}

TEST_CASE("Decisions do not depend on which agents are together, nor do they change them", "[agents][transitions]")
{
  AgentWorld<3> world;
  auto type = test::walker("csc", 0.2, 15.0);
  type.transitions = {test::transition("die", "moving", "death", 2e-3),
                      test::transition("leave", "moving", "departure", 1e-3)};
  world.parameters.types = {type};
  world.parameters.resolve(world.outside);
  world.seed_agents(2000);
  const DecisionStep step{17, 0.0, 300.0};
  const auto outcome = [&step](AgentWorld<3> part) {
    const auto decisions = part.decisions(step);
    return apply(part.rules(), decisions, step, part.population).events;
  };
  const auto before = world.population.key;
  const auto all = outcome(world);
  CHECK(world.population.key == before);
  REQUIRE(all.size() > 500);

  // The same agents dealt out to three ranks.
  std::vector<AgentEvent> dealt;
  for (std::size_t rank = 0; rank < 3; ++rank)
  {
    auto part = world;
    std::vector<char> remove(2000);
    for (std::size_t i = 0; i < 2000; ++i)
      remove[i] = (i * i + i / 7) % 3 != rank;
    part.population.remove(remove);
    const auto events = outcome(part);
    dealt.insert(dealt.end(), events.begin(), events.end());
  }
  std::sort(dealt.begin(), dealt.end());
  REQUIRE(dealt.size() == all.size());
  for (std::size_t e = 0; e < all.size(); ++e)
  {
    REQUIRE(dealt[e].key == all[e].key);
    REQUIRE(dealt[e].kind == all[e].kind);
    REQUIRE(dealt[e].transition == all[e].transition);
  }

  // Another step and another seed are other stories.
  const auto later = world.decisions({18, 0.0, 300.0});
  const auto now = world.decisions(step);
  CHECK_FALSE(std::equal(now.begin(), now.end(), later.begin(), later.end(),
                         [](const auto &a, const auto &b) { return a.agent == b.agent; }));
}

TEST_CASE("A division: keys, fates, generations and places", "[agents][transitions]")
{
  AgentWorld<3> world;
  auto stem = test::walker("csc", 0.2, 15.0), progeny = test::walker("tum", 0.2, 15.0);
  stem.radius = 7.5;
  auto divide = test::transition("divide", "moving", "division", 1.0);
  divide.daughters = {{"csc.moving + tum.moving", 1.0}};
  stem.transitions = {divide};
  world.parameters.types = {stem, progeny};
  world.parameters.resolve(world.outside);
  world.seed_agents(1);
  const auto mother = world.population.key[0];
  const dealii::Point<3> place(10.0, 20.0, 30.0);
  world.population.position[0] = place;
  world.population.cell[0] = 99;
  world.population.generation[0] = 5;
  world.population.colony[0] = 1234;

  const DecisionStep step{4, 240.0, 60.0};
  const auto outcomes = apply(world.rules(), world.decisions(step), step, world.population);
  REQUIRE(world.population.size() == 2);
  REQUIRE(outcomes.events.size() == 1);
  const auto &event = outcomes.events[0];
  CHECK(event.kind == EventKind::divided);
  CHECK(event.key == mother);
  CHECK(event.step == 4);
  CHECK((event.type == 0 && event.new_type == 0 && event.daughter_type == 1));
  CHECK(event.daughter == lineage::daughter_key(mother, 1));

  const std::size_t m = world.population.key[0] == mother ? 0 : 1, d = 1 - m;
  CHECK(world.population.key[d] == event.daughter);
  CHECK(world.population.mother[d] == mother);
  CHECK(world.population.founder[d] == world.population.founder[m]);
  CHECK(world.population.founder[d] == mother);
  CHECK(world.population.colony[d] == 1234);
  CHECK(world.population.divisions[m] == 1);
  CHECK(world.population.generation[m] == 6);
  CHECK(world.population.generation[d] == 0); // it has just become this type
  CHECK(world.population.born[d] == 240.0);
  CHECK(world.population.born[m] == 0.0);
  CHECK(world.population.state_since[m] == 240.0);
  CHECK(world.population.velocity[d].norm() > 0.0);
  CHECK(world.population.cell[d] == 99);
  CHECK(world.population.position[d] == place);
  REQUIRE(outcomes.displacement.size() == 2);
  CHECK(outcomes.displacement[0].first == m);
  CHECK(outcomes.displacement[1].first == d);
  CHECK(outcomes.displacement[0].second.norm() == Approx(0.5 * 7.5));
  CHECK((outcomes.displacement[0].second + outcomes.displacement[1].second).norm() == 0.0);

  const auto again = world.react(5, 60.0);
  REQUIRE(again.events.size() == 1);
  CHECK(again.events[0].daughter == lineage::daughter_key(mother, 2));
}

TEST_CASE("A change of state or type: time, generation and velocity", "[agents][transitions]")
{
  AgentWorld<2> world;
  auto stem = test::walker("csc", 0.2, 15.0), progeny = test::walker("tum", 0.2, 15.0);
  for (auto *type : {&stem, &progeny})
  {
    type->states.resize(2);
    type->states[1].name = "resting";
    type->states[1].speed_factor = 0.0;
  }
  progeny.transitions = {test::transition("rest", "moving", "resting", 1.0),
                         test::transition("return", "resting", "csc.moving", 1.0)};
  world.parameters.types = {progeny, stem};
  world.parameters.resolve(world.outside);
  world.seed_agents(1);
  world.population.generation[0] = 3;
  CHECK(world.population.velocity[0].norm() > 0.0);

  auto event = world.react(1, 60.0).events.at(0);
  CHECK(event.kind == EventKind::changed);
  CHECK((event.from == 0 && event.to == 1 && event.new_type == 0));
  CHECK(world.population.state_since[0] == 60.0);
  CHECK(world.population.generation[0] == 3);
  CHECK(world.population.velocity[0].norm() == 0.0);

  event = world.react(2, 60.0).events.at(0);
  CHECK((event.type == 0 && event.new_type == 1 && event.to == 0));
  CHECK(world.population.generation[0] == 0);
  CHECK(world.population.velocity[0].norm() > 0.0);
}
