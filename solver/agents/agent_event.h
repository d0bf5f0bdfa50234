#pragma once

#include <cstdint>

namespace nidus
{
enum class EventKind : std::uint8_t
{
  seeded,   ///< placed at the start
  arrived,  ///< came with the blood
  changed,  ///< another state, or another type
  died,     ///< removed, counted as dead
  departed, ///< removed, left the organ with the blood
  divided   ///< the mother took the first fate, a daughter the second
};

const char *name_of(EventKind kind);

/// One line of the log of events. Indices are -1 where they do not apply.
struct AgentEvent
{
  std::uint64_t key = 0;  ///< the agent; of a division, the mother
  std::uint64_t step = 0; ///< macro step
  EventKind kind = EventKind::seeded;
  std::int32_t type = -1;       ///< before the event; of a seeded or arrived agent, its type
  std::int32_t from = -1;       ///< state before
  std::int32_t new_type = -1;   ///< after the event
  std::int32_t to = -1;         ///< state after
  std::int32_t transition = -1; ///< of the type before the event
  std::uint64_t daughter = 0;   ///< key of the daughter; 0: none
  std::int32_t daughter_type = -1;
  std::int32_t daughter_state = -1;
};

/// An agent of @p type in @p state is there from now on, seeded or arrived.
AgentEvent appearance(EventKind kind, std::uint64_t key, std::uint64_t step, std::int32_t type, std::int32_t state);

/// The order of the log: by step, then by key.
inline bool operator<(const AgentEvent &a, const AgentEvent &b)
{
  return a.step != b.step ? a.step < b.step : a.key < b.key;
}
} // namespace nidus
