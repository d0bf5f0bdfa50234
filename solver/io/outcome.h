#pragma once

#include <mpi.h>

#include <functional>

/**
 * Faults that all ranks learn of.
 *
 * A fault on one rank that the others do not know of ends in a deadlock. These functions run something that may throw
 * and let its outcome be the same everywhere.
 */
namespace nidus
{
/// Runs @p action on rank 0. Collective. Throws SharedFault with the same text on all ranks if it throws.
void on_root(MPI_Comm comm, const std::function<void()> &action);

/// Runs @p action, in which no rank may wait for another, on every rank. Collective. Throws SharedFault with the
/// number and the text of the lowest rank that failed, on all ranks.
void on_every_rank(MPI_Comm comm, const std::function<void()> &action);
} // namespace nidus
