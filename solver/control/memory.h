#pragma once

#include <mpi.h>

namespace nidus
{
/// Peak resident memory of all ranks together so far, MB. Collective.
double peak_memory(MPI_Comm communicator);
} // namespace nidus
