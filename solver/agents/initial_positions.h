#pragma once

#include "agents/agent_parameters.h"

#include <string>

namespace nidus
{
/**
 * Reads the entries 'Initial positions' ("x y z; x y z") and the text of 'Initial positions file' (a line "x,y,z" or
 * "x,y,z,state" for each agent; a first line of names, empty lines and lines with '#' are passed over), um, two numbers
 * in 2-D. Agents without a state have the initial state of the type, which must have been resolved.
 * Throws InputError that names type, position and line.
 */
std::vector<PlacedAgent> placed_agents(const AgentTypeParameters &type, unsigned int dimension);
} // namespace nidus
