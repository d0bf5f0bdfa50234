#include "parameter_checks.h"

#include "control/input_error.h"
#include "control/names_of.h"
#include "control/nearest_name.h"
#include "coupling/drug_effects.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// A quasi-steady field without any loss has no steady state.
void check_losses(const Parameters &parameters)
{
  for (std::size_t s = 0; s < parameters.fields.fields.size(); ++s)
  {
    const auto &field = parameters.fields.fields[s];
    bool lost = !field.quasi_steady || field.decay_rate > 0.0 || field.vascular_exchange > 0.0 ||
                (parameters.vessels.any() && field.vessel_permeability > 0.0) || parameters.fields.is_consumed(s);
    for (const auto &condition : parameters.fields.boundaries)
      lost |= condition.field_index == static_cast<int>(s) && condition.takes();
    for (const auto &type : parameters.agents.types)
      for (const auto &receptor : type.receptors)
        lost |= receptor.consumed_field == static_cast<int>(s) && receptor.internalisation_rate > 0.0;
    if (!lost)
      throw InputError(
          "Fields/" + field.name + "/Quasi-steady", "true", "false for a field that nothing takes from",
          "such a field has no steady state; give it a decay rate, an exchange with the blood, a reaction, "
          "uptake by agents, or a boundary with Kind 'value' or 'Robin'");
  }
}

/// A knock-down stops the synthesis of full receptors; without one it could only make receptors vanish with their
/// ligand.
void check_knock_downs(const Parameters &parameters)
{
  for (const auto &intervention : parameters.interventions.list)
    for (const auto &effect : intervention.effects)
      for (const auto &type : parameters.agents.types)
        for (const auto &receptor : type.receptors)
        {
          const std::string target = type.name + "." + receptor.name;
          if (effect.acts_on(EffectKind::receptor_number, target) && receptor.is_full() &&
              receptor.synthesis_rate <= 0.0)
            throw InputError("Interventions/" + intervention.name + "/Effects/" + effect.name + "/Targets", target,
                             "receptors that are quasi-steady or have a synthesis rate",
                             "give the receptor 'Synthesis rate' and 'Degradation rate'");
        }
}

/// What the blood loses to the organ is counted in molecules.
void check_exchange(const Parameters &parameters)
{
  for (const auto &field : parameters.fields.fields)
    if (field.blood_index >= 0 && parameters.blood.factors[field.blood_index].feels_organ() && field.unit != "nM")
      throw InputError("Blood/Factors/" + field.blood_factor + "/Exchange with the organ", "taken into account",
                       "ignored for a factor that the field '" + field.name + "', in unit " + field.unit +
                           ", exchanges",
                       "only amounts of fields in nM are molecules");
}

/// The first cell of a bolus must be able to arrest somewhere.
void check_boluses(const Parameters &parameters)
{
  const auto &regions = parameters.organ.regions;
  const bool flow = std::any_of(regions.begin(), regions.end(),
                                [](const auto &region) { return region.tissue && region.blood_flow > 0.0; });
  for (const auto &intervention : parameters.interventions.list)
    for (const auto &population : parameters.blood.circulating)
      if (intervention.is_bolus() && intervention.population == population.name && !population.in_vessels() && !flow &&
          intervention.first_pass_fraction > 0.0)
        throw input_error("Interventions/" + intervention.name + "/First pass fraction",
                          intervention.first_pass_fraction, "0 for an organ without blood flow",
                          "set 'Blood flow' of a region in Organ/Regions");
}

void resolve_balance(Parameters &parameters)
{
  auto &balance = parameters.balance;
  if (balance.mode == "never")
    return;
  balance.steps_between_checks =
      whole_steps(balance.check_interval, parameters.run.macro_step, "Balance/Check interval");
  if (balance.steps_between_checks == 0)
    throw input_error("Balance/Check interval", balance.check_interval, "at least Run/Macro step", "raise it");
}

void resolve_adaptivity(Parameters &parameters)
{
  auto &adaptivity = parameters.adaptivity;
  for (const auto &name : adaptivity.fields)
  {
    const int index = parameters.fields.index(name);
    if (index < 0)
      throw InputError("Adaptivity/Fields", name, listed(parameters.fields.names()),
                       did_you_mean(name, parameters.fields.names(), "name a field of the file"));
    adaptivity.field_indices.push_back(static_cast<unsigned int>(index));
  }
  const auto types = names_of(parameters.agents.types);
  adaptivity.agent_types.assign(types.size(), 0);
  for (const auto &name : adaptivity.agents)
  {
    const auto found = std::find(types.begin(), types.end(), name);
    if (found == types.end())
      throw InputError("Adaptivity/Agents", name, listed(types),
                       did_you_mean(name, types, "name a type of agent of the file"));
    adaptivity.agent_types[found - types.begin()] = 1;
  }
  if (adaptivity.interval <= 0.0)
    return;
  adaptivity.steps_between = whole_steps(adaptivity.interval, parameters.run.macro_step, "Adaptivity/Interval");
  if (adaptivity.steps_between == 0)
    throw input_error("Adaptivity/Interval", adaptivity.interval, "0, or at least Run/Macro step", "raise it");
  if (adaptivity.fields.empty() && (adaptivity.agents.empty() || adaptivity.most_agents == 0))
    throw InputError("Adaptivity/Fields", "",
                     "fields, or 'Agents' with 'Most agents in a cell', when Interval is not 0",
                     "say what refines the mesh, or set Adaptivity/Interval = 0");
  if (adaptivity.largest_size > 0.0 && adaptivity.largest_size < adaptivity.smallest_size)
    throw input_error("Adaptivity/Largest cell size", adaptivity.largest_size,
                      "0, or at least Adaptivity/Smallest cell size", "raise it");
}
} // namespace

std::uint64_t whole_steps(const double time, const double macro_step, const std::string &entry)
{
  const double steps = std::round(time / macro_step);
  if (std::abs(steps * macro_step - time) > 1e-9 * std::max(time, macro_step))
    throw input_error(entry, time, "a multiple of Run/Macro step", "choose a multiple");
  return static_cast<std::uint64_t>(steps);
}

void resolve_parameters(Parameters &parameters, const std::string &directory)
{
  parameters.organ.resolve(parameters.run.dimension, directory);
  parameters.vessels.resolve(parameters.run.dimension, parameters.organ.shape, directory);
  for (const auto &rule : parameters.organ.refinement_rules)
    if (rule.where == "vessels" && !parameters.vessels.any())
      throw InputError(rule.entry("Where"), "vessels", "another place while Vessels/Source = none",
                       "resolve vessels, or remove the rule");
  parameters.blood.resolve(parameters.run.end_time);
  parameters.blood.draw_animal(parameters.run.seed);
  const auto regions = names_of(parameters.organ.regions);
  parameters.fields.resolve(regions, parameters.blood.factor_names());
  parameters.agents.resolve({parameters.fields.names(), parameters.blood.factor_names(), regions,
                             parameters.interventions.names(), parameters.run.dimension});
  check_losses(parameters);
  parameters.interventions.resolve(intervention_targets(parameters.agents, parameters.blood, parameters.fields));
  note_greatest_arrests(parameters.interventions, parameters.blood);
  check_exchange(parameters);
  check_boluses(parameters);
  check_knock_downs(parameters);
  parameters.observables.resolve(parameters.agents, parameters.fields, parameters.blood, parameters.run.dimension);
  if (parameters.time_settings().output_interval == 0)
    throw input_error("Output/Interval", parameters.output.interval, "at least Run/Macro step", "raise it");
  resolve_balance(parameters);
  resolve_adaptivity(parameters);
}
} // namespace nidus
