#pragma once

#include "agents/agent_parameters.h"

#include <string>

namespace nidus
{
/// Turns the names in a transition of @p type into indices and checks it; @p path is its place in the file, with a
/// slash at the end. Signals and states must have been resolved. Throws InputError.
void resolve_transition(TransitionParameters &transition, const std::string &path, const AgentParameters &agents,
                        const AgentTypeParameters &type);

/// Refuses a signal that reads a receptor which @p type lacks.
void check_signal(int signal, const std::string &entry, const AgentParameters &agents, const AgentTypeParameters &type);
} // namespace nidus
