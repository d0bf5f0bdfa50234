#pragma once

#include "agents/agent_modifiers.h"
#include "agents/agent_parameters.h"

#include <cstdint>

namespace nidus
{
/// What every rule of agents reads besides the agents themselves.
struct AgentRules
{
  const AgentParameters &parameters;
  const AgentModifiers &modifiers; ///< drugs, as of this macro step
  std::uint64_t seed;              ///< of the run: it keys all draws

  const AgentTypeParameters &type(int index) const { return parameters.types[index]; }
};

/// The macro step in which agents decide.
struct DecisionStep
{
  std::uint64_t number; ///< it keys random draws
  double time;          ///< at its start, min
  double length;        ///< min
};
} // namespace nidus
