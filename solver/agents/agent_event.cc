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
} // namespace nidus
