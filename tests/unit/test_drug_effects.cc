// What interventions do to the rules of agents over time.

#include "coupling/drug_effects.h"

#include "control/input_error.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;

namespace
{
InterventionParameters dose(const std::string &name, const std::string &kind, const std::string &target,
                            const double start, const double level, const double half_life = 0.0)
{
  InterventionParameters parameters;
  parameters.name = name;
  parameters.kind = kind;
  if (!target.empty())
    parameters.targets = {target};
  parameters.start = start;
  parameters.level = level;
  parameters.half_life = half_life;
  return parameters;
}

AgentParameters stem_cell()
{
  AgentParameters agents;
  agents.types.resize(1);
  agents.types[0].name = "csc";
  agents.types[0].receptors.resize(2);
  agents.types[0].receptors[0].name = "cxcr4";
  agents.types[0].receptors[1].name = "vegfr1";
  agents.types[0].transitions.resize(1);
  agents.types[0].transitions[0].name = "wake";
  return agents;
}
} // namespace

TEST_CASE("An antagonist raises the dissociation constant by 1 + A/Ki as A falls", "[drugs]")
{
  Interventions interventions;
  interventions.list = {dose("first", "receptor antagonist", "csc.cxcr4", 100.0, 8.0, 60.0),
                        dose("second", "receptor antagonist", "csc.cxcr4", 220.0, 8.0, 60.0)};
  const auto agents = stem_cell();
  interventions.resolve(intervention_targets(agents, BloodParameters()));
  for (const double time : {0.0, 99.0, 100.0, 130.0, 160.0, 220.0, 300.0, 1000.0})
  {
    // Both doses are the same drug: their levels add up.
    double level = 0.0;
    for (const double start : {100.0, 220.0})
      level += time >= start ? 8.0 * std::exp(-std::log(2.0) * (time - start) / 60.0) : 0.0;
    const auto modifiers = drug_effects(interventions, agents, time);
    INFO("time " << time);
    CHECK(modifiers.dissociation(0, 0) == Approx(1.0 + level).epsilon(1e-12));
    CHECK(modifiers.dissociation(0, 1) == 1.0);
    CHECK(modifiers.number(0, 0) == 1.0);
    const double first = time >= 100.0 ? 8.0 * std::exp2(-(time - 100.0) / 60.0) : 0.0;
    CHECK(modifiers.drug(0) == Approx(first / (1.0 + first)).margin(1e-15));
  }
}

TEST_CASE("The effect of an intervention is between 0 and 1, and 0 outside of its time", "[drugs]")
{
  const auto effect = [](const std::string &kind, const double level, const double time) {
    auto parameters = dose("x", kind, "", 10.0, level);
    parameters.end = 20.0;
    return parameters.effect(time);
  };
  CHECK(effect("receptor antagonist", 4.0, 15.0) == Approx(0.8));
  CHECK(effect("receptor knock-down", 0.9, 15.0) == Approx(0.9));
  CHECK(effect("transition", 0.25, 15.0) == Approx(0.75));
  CHECK(effect("transition", 4.0, 15.0) == Approx(0.75));
  CHECK(effect("blood factor", 0.0, 15.0) == 1.0);
  CHECK(effect("circulating", 1.0, 15.0) == 0.0);
  for (const char *kind : {"receptor antagonist", "receptor knock-down", "transition", "blood factor", "circulating"})
    for (const double time : {9.0, 20.0})
      CHECK(effect(kind, 0.5, time) == 0.0);
  // What has been cut out stays out.
  CHECK(effect("resection", 0.0, 9.0) == 0.0);
  CHECK(effect("resection", 0.0, 1000.0) == 1.0);
}

TEST_CASE("Only levels of drugs fall", "[drugs]")
{
  Interventions interventions;
  const auto targets = intervention_targets(stem_cell(), BloodParameters());
  interventions.list = {dose("fast", "receptor knock-down", "csc.vegfr1", 0.0, 0.8, 30.0)};
  CHECK_NOTHROW(interventions.resolve(targets));
  CHECK(drug_effects(interventions, stem_cell(), 60.0).number(0, 1) == Approx(0.8));
  interventions.list = {dose("slow", "transition", "csc.wake", 0.0, 0.8, 30.0)};
  CHECK_THROWS_WITH(interventions.resolve(targets), Catch::Contains("Interventions/slow/Half-life"));
}
