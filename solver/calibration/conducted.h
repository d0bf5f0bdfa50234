#pragma once

#include "calibration/ask.h"

#include <mpi.h>

#include <functional>

namespace nidus
{
/**
 * Rank 0 executes @p method; what it asks is broadcast, and all ranks ask @p ask, which is collective. So one rank
 * alone decides, and ranks whose processors round differently cannot part. The others sleep meanwhile.
 *
 * Collective. Throws on all ranks what the method throws (SharedFault, InputError) or what @p ask throws on all alike.
 */
void conduct(MPI_Comm communicator, const Ask &ask, const std::function<void(const Ask &)> &method);
} // namespace nidus
