#pragma once

#include <mpi.h>

namespace nidus
{
/**
 * Someone wants the run to end early: SIGINT, SIGTERM or SIGUSR1.
 *
 * The handlers only set a flag; the run asks once per step, and all ranks get the same answer.
 */
class StopRequest
{
public:
  /**
   * Installs the handlers. To be called first of all, because a signal may come while MPI starts, and again after MPI
   * and PETSc, which may install their own. A signal may come any number of times and only sets the flag.
   */
  static void listen();

  /// Collective: whether any rank got a signal, or @p also is true on any rank.
  static bool requested(MPI_Comm communicator, bool also);
};
} // namespace nidus
