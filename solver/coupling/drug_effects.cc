#include "coupling/drug_effects.h"

#include "control/input_error.h"
#include "control/names_of.h"

#include <algorithm>
#include <set>

namespace nidus
{
namespace
{
std::set<std::string> secreted_by(const StateParameters &state)
{
  std::set<std::string> fields;
  for (const auto *list : {&state.secretion, &state.saturating_secretion})
    for (const auto &[field, rate] : *list)
      fields.insert(field);
  return fields;
}

void add_targets(const AgentTypeParameters &type, InterventionTargets &targets)
{
  for (const auto &receptor : type.receptors)
    for (const auto kind : {EffectKind::receptor_affinity, EffectKind::receptor_number})
      targets[kind].push_back(type.name + "." + receptor.name);
  for (const auto &transition : type.transitions)
    targets[EffectKind::hazard].push_back(type.name + "." + transition.name);
  if (!type.haptotaxis.empty())
    targets[EffectKind::haptotaxis].push_back(type.name);
  std::set<std::string> of_type, of_states;
  for (const auto &state : type.states)
    for (const auto &field : secreted_by(state))
    {
      of_type.insert(type.name + "/" + field);
      of_states.insert(type.name + "." + state.name + "/" + field);
    }
  auto &secretion = targets[EffectKind::secretion];
  secretion.insert(secretion.end(), of_type.begin(), of_type.end());
  secretion.insert(secretion.end(), of_states.begin(), of_states.end());
}

void add_targets(const CirculatingParameters &population, InterventionTargets &targets)
{
  targets[EffectKind::arrest].push_back(population.name);
  for (const auto &[signal, weight] : population.arrest_weights)
    targets[EffectKind::arrest_weight].push_back(population.name + "." + signal);
  // What a table prescribes has no sources to act on.
  if (population.table.given())
    return;
  targets[EffectKind::circulating_release].push_back(population.name);
  targets[EffectKind::shedding].push_back(population.name);
  if (!population.mobilised_by.empty())
    targets[EffectKind::mobilisation].push_back(population.name);
}

std::vector<std::vector<std::vector<double>>> secretion_factors(const Interventions &interventions,
                                                                const AgentParameters &agents,
                                                                const FieldsParameters &fields, const double time)
{
  std::vector<std::vector<std::vector<double>>> factors;
  for (const auto &type : agents.types)
  {
    auto &of_type = factors.emplace_back();
    for (const auto &state : type.states)
    {
      auto &of_state = of_type.emplace_back();
      for (const auto &field : fields.fields)
        of_state.push_back(
            interventions.factor(EffectKind::secretion, type.name + "/" + field.name, time) *
            interventions.factor(EffectKind::secretion, type.name + "." + state.name + "/" + field.name, time));
    }
  }
  return factors;
}
} // namespace

InterventionTargets intervention_targets(const AgentParameters &agents, const BloodParameters &blood,
                                         const FieldsParameters &fields)
{
  InterventionTargets targets;
  for (const auto &type : agents.types)
    add_targets(type, targets);
  for (const auto &population : blood.circulating)
    add_targets(population, targets);
  for (const auto &factor : blood.factors)
  {
    targets[EffectKind::blood_factor].push_back(factor.name);
    if (!factor.table.given())
      targets[EffectKind::tumour_secretion].push_back(factor.name);
  }
  targets[EffectKind::field_loss] = fields.names();
  targets[EffectKind::reaction] = names_of(fields.reactions);
  return targets;
}

AgentModifiers drug_effects(const Interventions &interventions, const AgentParameters &agents,
                            const FieldsParameters &fields, const double time)
{
  AgentModifiers modifiers;
  if (interventions.list.empty())
    return modifiers;
  modifiers.drug_effect = interventions.effects(time);
  for (const auto &type : agents.types)
  {
    auto &dissociation = modifiers.dissociation_factor.emplace_back();
    auto &number = modifiers.number_factor.emplace_back();
    auto &hazard = modifiers.hazard_factor.emplace_back();
    for (const auto &receptor : type.receptors)
    {
      const std::string target = type.name + "." + receptor.name;
      dissociation.push_back(interventions.factor(EffectKind::receptor_affinity, target, time));
      number.push_back(interventions.factor(EffectKind::receptor_number, target, time));
    }
    for (const auto &transition : type.transitions)
      hazard.push_back(interventions.factor(EffectKind::hazard, type.name + "." + transition.name, time));
    if (interventions.any(EffectKind::haptotaxis))
      modifiers.haptotaxis_factor.push_back(interventions.factor(EffectKind::haptotaxis, type.name, time));
  }
  if (interventions.any(EffectKind::secretion))
    modifiers.secretion_factor = secretion_factors(interventions, agents, fields, time);
  return modifiers;
}

FieldModifiers field_effects(const Interventions &interventions, const FieldsParameters &fields, const double time)
{
  FieldModifiers modifiers;
  if (interventions.any(EffectKind::reaction))
    for (const auto &reaction : fields.reactions)
      modifiers.reaction_factor.push_back(interventions.factor(EffectKind::reaction, reaction.name, time));
  if (interventions.any(EffectKind::field_loss))
    for (const auto &field : fields.fields)
      modifiers.loss.push_back(interventions.field_loss(field.name, time));
  return modifiers;
}

ArrestModifiers arrest_effects(const Interventions &interventions, const BloodParameters &blood, const double time)
{
  ArrestModifiers modifiers;
  if (!interventions.any(EffectKind::arrest) && !interventions.any(EffectKind::arrest_weight))
    return modifiers;
  for (const auto &population : blood.circulating)
  {
    modifiers.all.push_back(interventions.factor(EffectKind::arrest, population.name, time));
    auto &of_population = modifiers.weight.emplace_back();
    for (const auto &[signal, weight] : population.arrest_weights)
      of_population.push_back(interventions.factor(EffectKind::arrest_weight, population.name + "." + signal, time));
  }
  return modifiers;
}

void note_greatest_arrests(const Interventions &interventions, BloodParameters &blood)
{
  for (auto &population : blood.circulating)
  {
    double plain = population.arrest_probability, raised = population.arrest_probability;
    for (const auto &[signal, weight] : population.arrest_weights)
    {
      plain += weight;
      raised += weight * interventions.greatest_factor(EffectKind::arrest_weight, population.name + "." + signal);
    }
    raised *= interventions.greatest_factor(EffectKind::arrest, population.name);
    if (raised > 1.0 && plain <= 1.0)
      throw input_error(
          "Blood/Circulating/" + population.name + "/Arrest probability", raised,
          "a probability: with all weights and at full effect of the interventions on its arrest at most 1",
          "lower the probabilities, or the 'Strength' in Interventions");
    population.greatest_intervention = plain > 0.0 ? std::max(raised / plain, 1.0) : 1.0;
  }
}
} // namespace nidus
