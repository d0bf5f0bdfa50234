#include "control/work_groups.h"

#include "control/input_error.h"

#include <deal.II/base/mpi.h>

#include <exception>

namespace nidus
{
WorkGroups::WorkGroups(MPI_Comm communicator, const unsigned int each, const std::string &entry)
{
  const unsigned int ranks = dealii::Utilities::MPI::n_mpi_processes(communicator),
                     rank = dealii::Utilities::MPI::this_mpi_process(communicator);
  if (each > ranks)
    throw input_error(entry, each, "at most the " + std::to_string(ranks) + " rank(s) of mpirun",
                      "start more ranks, or lower it");
  groups = ranks / each;
  mine = rank / each;
  MPI_Comm_split(communicator, mine < groups ? static_cast<int>(mine) : MPI_UNDEFINED, static_cast<int>(rank), &group);
}

WorkGroups::~WorkGroups()
{
  // When an exception passes other ranks may not come here.
  if (group != MPI_COMM_NULL && std::uncaught_exceptions() == 0)
    MPI_Comm_free(&group);
}
} // namespace nidus
