#pragma once

#include <mpi.h>

namespace nidus
{
/**
 * What someone wants of a run while it goes on: SIGINT, SIGTERM and SIGUSR2 end it early with a checkpoint, SIGUSR1
 * asks for a checkpoint after which it goes on. (mpirun answers SIGINT and SIGTERM itself, by killing its processes
 * within a second; SIGUSR1 and SIGUSR2 it passes on to them.)
 *
 * The handlers only set a flag; the run asks once per step, and all ranks get the same answer.
 */
class StopRequest
{
public:
  /// In order: who wants a stop wants the checkpoint too.
  enum class Wish : int
  {
    nothing,
    checkpoint,
    stop
  };

  /**
   * Installs the handlers. To be called first of all, because a signal may come while MPI starts, and again after MPI
   * and PETSc, which may install their own. A signal may come any number of times and only sets the flag.
   */
  static void listen();

  /// Collective: the greatest wish that any rank has seen in a signal, or @p also of any rank. A wish for a checkpoint
  /// is forgotten then, one to stop stays.
  static Wish asked(MPI_Comm communicator, Wish also = Wish::nothing);

  /// As if a signal had asked this rank to stop.
  static void stop();
};
} // namespace nidus
