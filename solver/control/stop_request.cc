#include "control/stop_request.h"

#include <array>
#include <csignal>

namespace nidus
{
namespace
{
volatile std::sig_atomic_t stop_seen = 0, checkpoint_seen = 0, timing_seen = 0;

extern "C" void note_stop(int)
{
  stop_seen = 1;
}

extern "C" void note_checkpoint(int)
{
  checkpoint_seen = 1;
}

extern "C" void note_timing(int)
{
  timing_seen = 1;
}
} // namespace

void StopRequest::listen()
{
  struct sigaction action = {};
  // Reads and writes that a signal interrupts go on by themselves.
  action.sa_flags = SA_RESTART;
  action.sa_handler = note_stop;
  for (const int signal : {SIGINT, SIGTERM, SIGALRM})
    sigaction(signal, &action, nullptr);
  action.sa_handler = note_checkpoint;
  sigaction(SIGUSR1, &action, nullptr);
  action.sa_handler = note_timing;
  sigaction(SIGUSR2, &action, nullptr);
}

StopRequest::Wishes StopRequest::asked(MPI_Comm communicator, const bool stop_here)
{
  const std::array<int, 3> mine = {{stop_here || stop_seen != 0, checkpoint_seen != 0, timing_seen != 0}};
  // What comes after this moment is for the next time.
  if (mine[1] != 0)
    checkpoint_seen = 0;
  if (mine[2] != 0)
    timing_seen = 0;
  std::array<int, 3> any = {};
  MPI_Allreduce(mine.data(), any.data(), 3, MPI_INT, MPI_MAX, communicator);
  return {any[0] != 0, any[0] != 0 || any[1] != 0, any[2] != 0};
}

void StopRequest::stop()
{
  stop_seen = 1;
}
} // namespace nidus
