// What interventions act on, and how they meet.

#include "coupling/drug_effects.h"

#include "control/input_error.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;

namespace
{
EffectParameters effect(const std::string &on, const std::string &target, const std::vector<double> &strength = {})
{
  EffectParameters parameters;
  parameters.name = on;
  parameters.on = on;
  parameters.targets = {target};
  parameters.strength = strength;
  return parameters;
}

InterventionParameters drug(const std::string &name, const std::vector<EffectParameters> &effects,
                            const std::string &schedule = "0", const double level = 1.0)
{
  InterventionParameters parameters;
  parameters.name = name;
  parameters.schedule = schedule;
  parameters.level = level;
  parameters.effects = effects;
  return parameters;
}

struct World
{
  World()
  {
    agents.types.resize(1);
    auto &type = agents.types[0];
    type.name = "csc";
    type.receptors.resize(2);
    type.receptors[0].name = "cxcr4";
    type.receptors[1].name = "vegfr1";
    type.transitions.resize(1);
    type.transitions[0].name = "wake";
    type.states.resize(2);
    type.states[0].name = "awake";
    type.states[0].secretion = {{"vegf", 4.0}};
    type.states[1].name = "asleep";
    type.states[1].saturating_secretion = {{"matrix", 4.0}};
    type.haptotaxis = {{"matrix", 1.0}};
    fields.fields.resize(2);
    fields.fields[0].name = "vegf";
    fields.fields[1].name = "matrix";
    fields.reactions.resize(1);
    fields.reactions[0].name = "crosslinking";
    blood.factors.resize(1);
    blood.factors[0].name = "vegf";
    blood.circulating.resize(1);
    blood.circulating[0].name = "hpc";
    blood.circulating[0].mobilised_by = "vegf";
    blood.circulating[0].arrest_probability = 0.1;
    blood.circulating[0].arrest_weights = {{"adhesion", 0.3}, {"matrix", 0.2}};
  }

  Interventions resolved(const std::vector<InterventionParameters> &list) const
  {
    Interventions interventions;
    interventions.list = list;
    interventions.resolve(intervention_targets(agents, blood, fields));
    return interventions;
  }

  AgentParameters agents;
  FieldsParameters fields;
  BloodParameters blood;
};
} // namespace

TEST_CASE("Antagonists compete for one site: K becomes K (1 + the sum of A/K_i)", "[drugs]")
{
  const World world;
  auto first = drug("first", {effect("receptor affinity", "csc.cxcr4")}, "100", 200.0);
  first.half_life = 60.0;
  first.half_effect_level = 25.0;
  auto second = drug("second", {effect("receptor affinity", "csc.cxcr4")}, "220", 30.0);
  second.half_effect_level = 10.0;
  const auto interventions = world.resolved({first, second});
  for (const double time : {0.0, 100.0, 130.0, 220.0, 1000.0})
  {
    const double a = time >= 100.0 ? 200.0 * std::exp2(-(time - 100.0) / 60.0) : 0.0, b = time >= 220.0 ? 30.0 : 0.0;
    const auto modifiers = drug_effects(interventions, world.agents, world.fields, time);
    INFO("time " << time);
    CHECK(modifiers.dissociation(0, 0) == Approx(1.0 + a / 25.0 + b / 10.0).epsilon(1e-14));
    CHECK(modifiers.dissociation(0, 1) == 1.0);
    CHECK(modifiers.number(0, 0) == 1.0);
    CHECK(modifiers.drug(0) == Approx(a / (a + 25.0)).epsilon(1e-14));
    CHECK(modifiers.drug(1) == Approx(b / (b + 10.0)).epsilon(1e-14));
  }
}

TEST_CASE("Each kind of effect multiplies its target by 1 + strength * effect, and effects multiply", "[drugs]")
{
  const World world;
  const auto interventions = world.resolved(
      {drug("half",
            {effect("receptor number", "csc.vegfr1", {-0.9}), effect("hazard", "csc.wake", {5.0}),
             effect("secretion", "csc/matrix", {-1.0}), effect("secretion", "csc.awake/vegf", {1.0}),
             effect("haptotaxis", "csc", {-1.0}), effect("reaction", "crosslinking", {-1.0}),
             effect("field loss", "vegf", {0.2}), effect("arrest", "hpc", {-1.0}),
             effect("arrest weight", "hpc.matrix", {1.0})},
            "10 to 20", 0.5),
       drug("also", {effect("hazard", "csc.wake", {-1.0}), effect("field loss", "vegf", {0.1})}, "15", 0.25)});
  const auto during = drug_effects(interventions, world.agents, world.fields, 12.0);
  CHECK(during.number(0, 1) == Approx(0.55));
  CHECK(during.hazard(0, 0) == Approx(3.5));
  CHECK(during.secretion(0, 1, 1) == Approx(0.5));
  CHECK(during.secretion(0, 0, 0) == Approx(1.5));
  CHECK(during.secretion(0, 1, 0) == 1.0);
  CHECK(during.haptotaxis(0) == Approx(0.5));
  const auto both = drug_effects(interventions, world.agents, world.fields, 16.0);
  CHECK(both.hazard(0, 0) == Approx(3.5 * 0.75));
  CHECK(field_effects(interventions, world.fields, 16.0).loss[0] == Approx(0.125));
  CHECK(field_effects(interventions, world.fields, 16.0).loss[1] == 0.0);
  CHECK(field_effects(interventions, world.fields, 16.0).reaction_factor[0] == Approx(0.5));
  const auto arrest = arrest_effects(interventions, world.blood, 16.0);
  CHECK(arrest.of(0) == Approx(0.5));
  CHECK(arrest.of(0, 0) == 1.0); // adhesion
  CHECK(arrest.of(0, 1) == Approx(1.5));
  const auto after = drug_effects(interventions, world.agents, world.fields, 5.0);
  CHECK(after.hazard(0, 0) == 1.0);
  CHECK(after.haptotaxis(0) == 1.0);

  const Interventions none;
  CHECK(drug_effects(none, world.agents, world.fields, 0.0).hazard_factor.empty());
  CHECK(field_effects(none, world.fields, 0.0).loss.empty());
  CHECK(arrest_effects(none, world.blood, 0.0).all.empty());
}

TEST_CASE("What is cut out stays out, and a bolus is no drug", "[drugs]")
{
  const World world;
  auto surgery = drug("surgery", {}, "100");
  surgery.kind = "resection";
  auto injection = drug("injection", {}, "");
  injection.kind = "bolus";
  injection.doses = "50: 1000";
  injection.population = "hpc";
  const auto interventions = world.resolved({injection, surgery});
  CHECK(interventions.names() == std::vector<std::string>{"surgery"});
  for (const double time : {0.0, 99.0, 100.0, 1e9})
  {
    CHECK(interventions.factor(EffectKind::tumour, "primary", time) == (time < 100.0 ? 1.0 : 0.0));
    CHECK(interventions.effects(time) == std::vector<double>{time < 100.0 ? 0.0 : 1.0});
  }
}

TEST_CASE("Probabilities of arrest that a drug would raise above one are refused", "[drugs]")
{
  World world;
  note_greatest_arrests(world.resolved({drug("d", {effect("arrest weight", "hpc.matrix", {1.0})})}), world.blood);
  CHECK(world.blood.circulating[0].greatest_intervention == Approx(0.8 / 0.6));
  CHECK_THROWS_WITH(note_greatest_arrests(world.resolved({drug("d", {effect("arrest", "hpc", {1.0})})}), world.blood),
                    Catch::Contains("Blood/Circulating/hpc/Arrest probability") && Catch::Contains("1.2"));
}

TEST_CASE("Effects on what is not there are refused, with what is", "[drugs]")
{
  using Catch::Contains;
  const World world;
  CHECK_THROWS_WITH(world.resolved({drug("d", {effect("hazard", "csc.fly", {1.0})})}),
                    Contains("Interventions/d/Effects/hazard/Targets") && Contains("csc.fly") && Contains("csc.wake"));
  CHECK_THROWS_WITH(world.resolved({drug("d", {effect("magic", "csc.fly", {1.0})})}),
                    Contains("magic") && Contains("receptor affinity"));
  CHECK_THROWS_WITH(world.resolved({drug("d", {effect("receptor affinity", "csc.cxcr4")})}),
                    Contains("Interventions/d/Half effect level"));
  CHECK_THROWS_WITH(world.resolved({drug("d", {effect("hazard", "csc.wake")})}), Contains("Strength"));
  CHECK_THROWS_WITH(world.resolved({drug("d", {effect("field loss", "vegf", {-0.5})})}), Contains("Strength"));
}
