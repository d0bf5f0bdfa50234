#include "control/stop_request.h"

#include <csignal>

namespace nidus
{
namespace
{
volatile std::sig_atomic_t signal_seen = 0;

extern "C" void note_signal(int)
{
  signal_seen = 1;
}
} // namespace

void StopRequest::listen()
{
  struct sigaction action = {};
  action.sa_handler = note_signal;
  // Reads and writes that a signal interrupts go on by themselves.
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1})
    sigaction(signal, &action, nullptr);
}

bool StopRequest::requested(MPI_Comm communicator, const bool also)
{
  int here = signal_seen != 0 || also ? 1 : 0, anywhere = 0;
  MPI_Allreduce(&here, &anywhere, 1, MPI_INT, MPI_MAX, communicator);
  return anywhere != 0;
}
} // namespace nidus
