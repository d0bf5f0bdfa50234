#pragma once

#include <mpi.h>

namespace nidus
{
/// Peak resident memory of all ranks together so far, MB. Collective.
double peak_memory(MPI_Comm communicator);

/// Of this process, bytes.
struct MemoryUse
{
  double resident = 0.0; ///< at present
  double peak = 0.0;     ///< resident, so far
  double address = 0.0;  ///< address space at present
};
MemoryUse memory_use();

/// Gives memory that was freed back to the machine, so that it is not counted as used.
void give_back_freed_memory();

/**
 * Resident memory that all ranks together may come to before one of their nodes has none left, bytes, with what they
 * have now: what the kernel can give without swapping, the limits of control groups (versions 1 and 2), and that of the
 * address space (ulimit -v). Ranks are taken to be equal; the node with the least for each rank decides. Collective.
 */
double available_memory(MPI_Comm communicator);
} // namespace nidus
