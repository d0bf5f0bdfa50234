#include "io/event_row.h"

#include <deal.II/base/exceptions.h>

#include <cstddef>

namespace nidus
{
namespace
{
/// "state", or "type.state" if @p type is not @p usual; empty if there is none.
std::string state_name(const AgentParameters &agents, const int type, const int state, const int usual)
{
  if (type < 0 || state < 0)
    return "";
  AssertIndexRange(static_cast<std::size_t>(type), agents.types.size());
  const AgentTypeParameters &parameters = agents.types[static_cast<std::size_t>(type)];
  AssertIndexRange(static_cast<std::size_t>(state), parameters.states.size());
  const std::string &name = parameters.states[static_cast<std::size_t>(state)].name;
  return type == usual ? name : parameters.name + "." + name;
}
} // namespace

EventRow row_of(const AgentEvent &event, const double time, const AgentParameters &agents)
{
  EventRow row;
  row.step = event.step;
  row.time = time;
  row.key = event.key;
  row.event = name_of(event.kind);
  row.type = event.type < 0 ? "" : agents.types[static_cast<std::size_t>(event.type)].name;
  row.from = state_name(agents, event.type, event.from, event.type);
  row.to = state_name(agents, event.new_type, event.to, event.type);
  if (event.kind == EventKind::divided)
    row.to += " + " + state_name(agents, event.daughter_type, event.daughter_state, event.type);
  row.daughter = event.daughter;
  return row;
}
} // namespace nidus
