#include "agents/agent_account.h"

#include <array>
#include <stdexcept>
#include <string>

namespace nidus
{
void AgentAccount::add(MPI_Comm communicator, const std::vector<AgentEvent> &events)
{
  std::array<std::uint64_t, 5> here{}, all{};
  for (const auto &event : events)
    switch (event.kind)
    {
    case EventKind::seeded:
      ++here[0];
      break;
    case EventKind::arrived:
      ++here[1];
      break;
    case EventKind::divided:
      ++here[2];
      break;
    case EventKind::died:
      ++here[3];
      break;
    case EventKind::departed:
      ++here[4];
      break;
    case EventKind::changed:
      break;
    }
  MPI_Allreduce(here.data(), all.data(), static_cast<int>(all.size()), MPI_UINT64_T, MPI_SUM, communicator);
  seeded += all[0];
  arrived += all[1];
  born += all[2];
  died += all[3];
  departed += all[4];
}

void AgentAccount::check(MPI_Comm communicator, const std::uint64_t agents_here) const
{
  std::uint64_t alive = 0;
  MPI_Allreduce(&agents_here, &alive, 1, MPI_UINT64_T, MPI_SUM, communicator);
  if (alive != expected())
    throw std::runtime_error("the account of agents does not close: " + std::to_string(alive) + " are there, " +
                             std::to_string(expected()) + " should be");
}
} // namespace nidus
