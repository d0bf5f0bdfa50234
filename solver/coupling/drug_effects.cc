#include "coupling/drug_effects.h"

namespace nidus
{
InterventionTargets intervention_targets(const AgentParameters &agents, const BloodParameters &blood)
{
  InterventionTargets targets;
  for (const auto &type : agents.types)
  {
    for (const auto &receptor : type.receptors)
      targets.receptors.push_back(type.name + "." + receptor.name);
    for (const auto &transition : type.transitions)
      targets.transitions.push_back(type.name + "." + transition.name);
  }
  targets.blood_factors = blood.factor_names();
  targets.circulating = blood.circulating_names();
  return targets;
}

AgentModifiers drug_effects(const Interventions &interventions, const AgentParameters &agents, const double time)
{
  AgentModifiers modifiers;
  for (const auto &intervention : interventions.list)
    modifiers.drug_effect.push_back(intervention.effect(time));
  for (const auto &type : agents.types)
  {
    auto &dissociation = modifiers.dissociation_factor.emplace_back();
    auto &number = modifiers.number_factor.emplace_back();
    auto &hazard = modifiers.hazard_factor.emplace_back();
    for (const auto &receptor : type.receptors)
    {
      const std::string target = type.name + "." + receptor.name;
      dissociation.push_back(interventions.factor("receptor antagonist", target, time));
      number.push_back(interventions.factor("receptor knock-down", target, time));
    }
    for (const auto &transition : type.transitions)
      hazard.push_back(interventions.factor("transition", type.name + "." + transition.name, time));
  }
  return modifiers;
}
} // namespace nidus
