#pragma once

#include "agents/agent_event.h"
#include "agents/agent_parameters.h"

#include <cstdint>
#include <string>

namespace nidus
{
/// One thing that happened to an agent, in words.
struct EventRow
{
  std::uint64_t step = 0;            ///< macro step
  double time = 0.0;                 ///< min
  std::uint64_t key = 0;             ///< of the agent
  std::uint32_t order = 0;           ///< among the events of this agent in this step; not written
  std::string event, type, from, to; ///< without commas
  std::uint64_t daughter = 0;        ///< key of the daughter; 0: none

  template <typename Archive>
  void serialize(Archive &archive, const unsigned int /*version*/)
  {
    archive &step &time &key &order &event &type &from &to &daughter;
  }
};

/**
 * An event in words: type and "from" as before it; "to" is the state after it, "type.state" if the type is another one,
 * "mother + daughter" for a division, and empty for an agent that is no more.
 */
EventRow row_of(const AgentEvent &event, double time, const AgentParameters &agents);
} // namespace nidus
