#pragma once

#include "agents/agent_modifiers.h"
#include "agents/agent_parameters.h"
#include "coupling/arrest_modifiers.h"
#include "fields/field_modifiers.h"
#include "fields/field_parameters.h"
#include "systemic/blood_parameters.h"
#include "systemic/interventions.h"

namespace nidus
{
/// The names that interventions may act on. All arguments are resolved.
InterventionTargets intervention_targets(const AgentParameters &agents, const BloodParameters &blood,
                                         const FieldsParameters &fields);

/// What the active interventions do to the rules of agents at @p time (min).
AgentModifiers drug_effects(const Interventions &interventions, const AgentParameters &agents,
                            const FieldsParameters &fields, double time);

/// The same to reactions and losses of fields.
FieldModifiers field_effects(const Interventions &interventions, const FieldsParameters &fields, double time);

/// The same to the arrest of circulating cells.
ArrestModifiers arrest_effects(const Interventions &interventions, const BloodParameters &blood, double time);

/// Notes in @p blood how far interventions may raise probabilities of arrest. Throws InputError when one may exceed 1.
void note_greatest_arrests(const Interventions &interventions, BloodParameters &blood);
} // namespace nidus
