#include "agents/agent_event.h"

namespace nidus
{
const char *name_of(const EventKind kind)
{
  switch (kind)
  {
  case EventKind::seeded:
    return "seeded";
  case EventKind::arrived:
    return "arrived";
  case EventKind::changed:
    return "changed";
  case EventKind::died:
    return "died";
  case EventKind::departed:
    return "departed";
  case EventKind::divided:
    return "divided";
  }
  return "unknown";
}

AgentEvent appearance(const EventKind kind, const std::uint64_t key, const std::uint64_t step, const std::int32_t type,
                      const std::int32_t state)
{
  AgentEvent event;
  event.key = key;
  event.step = step;
  event.kind = kind;
  event.type = event.new_type = type;
  event.to = state;
  return event;
}
} // namespace nidus
