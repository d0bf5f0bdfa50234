#pragma once

#include <mpi.h>

namespace nidus
{
/**
 * What someone wants of a run while it goes on: SIGINT, SIGTERM and SIGALRM end it early with a checkpoint, SIGUSR1
 * asks for a checkpoint and SIGUSR2 for the table of its timing, after which it goes on. (mpirun answers SIGINT and
 * SIGTERM itself, by killing its processes within a second; SIGALRM, SIGUSR1 and SIGUSR2 it passes on to them.)
 *
 * The handlers only set a flag; the run asks once per step, and all ranks get the same answer.
 */
class StopRequest
{
public:
  struct Wishes
  {
    bool stop = false;
    bool checkpoint = false; ///< also of who wants a stop
    bool timing = false;
  };

  /**
   * Installs the handlers. To be called first of all, because a signal may come while MPI starts, and again after MPI
   * and PETSc, which may install their own. A signal may come any number of times and only sets the flag.
   */
  static void listen();

  /// Collective: what any rank has seen in a signal, and whether one of them has @p stop_here. Wishes for a checkpoint
  /// or for the timing are forgotten then, one to stop stays.
  static Wishes asked(MPI_Comm communicator, bool stop_here = false);

  /// As if a signal had asked this rank to stop.
  static void stop();
};
} // namespace nidus
