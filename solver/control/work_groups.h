#pragma once

#include <mpi.h>

#include <string>

namespace nidus
{
/**
 * Ranks in groups of equal size, neighbours together, that run things side by side. Ranks that fill no group have
 * nothing to do.
 */
class WorkGroups
{
public:
  /// @p each : ranks of a group. Collective. Throws InputError, with @p entry as the place, when there are fewer.
  WorkGroups(MPI_Comm communicator, unsigned int each, const std::string &entry);
  ~WorkGroups();
  WorkGroups(const WorkGroups &) = delete;
  WorkGroups &operator=(const WorkGroups &) = delete;

  unsigned int number() const { return groups; }
  /// The group of this rank, from 0.
  unsigned int index() const { return mine; }
  /// Null on a rank that is in none.
  MPI_Comm communicator() const { return group; }

private:
  unsigned int groups = 0, mine = 0;
  MPI_Comm group = MPI_COMM_NULL;
};
} // namespace nidus
