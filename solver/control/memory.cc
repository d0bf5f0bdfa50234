#include "control/memory.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/utilities.h>

namespace nidus
{
double peak_memory(MPI_Comm communicator)
{
  dealii::Utilities::System::MemoryStats stats;
  dealii::Utilities::System::get_memory_stats(stats);
  return dealii::Utilities::MPI::sum(static_cast<double>(stats.VmHWM) / 1024.0, communicator);
}
} // namespace nidus
