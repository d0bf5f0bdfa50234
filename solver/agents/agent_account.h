#pragma once

#include "agents/agent_event.h"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace nidus
{
/// How many agents came and went since the start, over all ranks. Nothing may be lost between the two.
struct AgentAccount
{
  std::uint64_t seeded = 0, arrived = 0, born = 0, died = 0, departed = 0;

  /// Adds the events of all ranks. Collective.
  void add(MPI_Comm communicator, const std::vector<AgentEvent> &events);

  std::uint64_t expected() const { return seeded + arrived + born - died - departed; }

  /// Collective. Throws std::runtime_error on all ranks when the number of agents is not the one expected.
  void check(MPI_Comm communicator, std::uint64_t agents_here) const;
};
} // namespace nidus
