#pragma once

#include "agents/agent_parameters.h"

#include <string>
#include <vector>

namespace nidus
{
/// The mean time in which a transition happens where all signals have the value @p signal, 0 or 1, min; infinite where
/// it does not happen.
double mean_waiting_time(const TransitionParameters &transition, double signal);

/// What the types of agents are and what they do: a table of types, and one of their transitions.
std::vector<std::string> describe_agents(const AgentParameters &agents);
} // namespace nidus
