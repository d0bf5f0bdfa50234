#include "io/outcome.h"

#include "control/shared_fault.h"

#include <deal.II/base/mpi.h>

#include <exception>
#include <string>

namespace nidus
{
namespace
{
/// The text of what @p action throws; empty: it went well.
std::string fault_of(const std::function<void()> &action)
{
  try
  {
    action();
  }
  catch (const std::exception &fault)
  {
    return text_of(fault);
  }
  return "";
}
} // namespace

void on_root(MPI_Comm comm, const std::function<void()> &action)
{
  std::string fault;
  if (dealii::Utilities::MPI::this_mpi_process(comm) == 0)
    fault = fault_of(action);
  fault = dealii::Utilities::MPI::broadcast(comm, fault, 0);
  if (!fault.empty())
    throw SharedFault(fault);
}

void on_every_rank(MPI_Comm comm, const std::function<void()> &action)
{
  const std::string fault = fault_of(action);
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(comm);
  const unsigned int candidate = fault.empty() ? n_ranks : dealii::Utilities::MPI::this_mpi_process(comm);
  const unsigned int failed = dealii::Utilities::MPI::min(candidate, comm);
  if (failed < n_ranks)
  {
    const std::string text = dealii::Utilities::MPI::broadcast(comm, fault, failed);
    throw SharedFault(n_ranks > 1 ? "rank " + std::to_string(failed) + ": " + text : text);
  }
}
} // namespace nidus
