#pragma once

#include "agents/agent_modifiers.h"
#include "agents/agent_parameters.h"
#include "systemic/blood_parameters.h"
#include "systemic/interventions.h"

namespace nidus
{
/// The names that interventions may act on.
InterventionTargets intervention_targets(const AgentParameters &agents, const BloodParameters &blood);

/// What the active interventions do to the rules of agents at @p time (min).
AgentModifiers drug_effects(const Interventions &interventions, const AgentParameters &agents, double time);
} // namespace nidus
