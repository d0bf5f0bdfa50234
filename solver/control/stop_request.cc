#include "control/stop_request.h"

#include <algorithm>
#include <csignal>

namespace nidus
{
namespace
{
volatile std::sig_atomic_t stop_seen = 0, checkpoint_seen = 0;

extern "C" void note_stop(int)
{
  stop_seen = 1;
}

extern "C" void note_checkpoint(int)
{
  checkpoint_seen = 1;
}
} // namespace

void StopRequest::listen()
{
  struct sigaction action = {};
  // Reads and writes that a signal interrupts go on by themselves.
  action.sa_flags = SA_RESTART;
  action.sa_handler = note_stop;
  for (const int signal : {SIGINT, SIGTERM, SIGUSR2})
    sigaction(signal, &action, nullptr);
  action.sa_handler = note_checkpoint;
  sigaction(SIGUSR1, &action, nullptr);
}

StopRequest::Wish StopRequest::asked(MPI_Comm communicator, const Wish also)
{
  Wish here = also;
  if (checkpoint_seen != 0)
    here = std::max(here, Wish::checkpoint);
  checkpoint_seen = 0;
  if (stop_seen != 0)
    here = Wish::stop;
  int mine = static_cast<int>(here), greatest = 0;
  MPI_Allreduce(&mine, &greatest, 1, MPI_INT, MPI_MAX, communicator);
  return static_cast<Wish>(greatest);
}

void StopRequest::stop()
{
  stop_seen = 1;
}
} // namespace nidus
