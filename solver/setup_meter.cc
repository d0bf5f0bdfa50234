#include "setup_meter.h"

#include "control/memory.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cstdio>
#include <exception>

namespace nidus
{
SetupMeter::Span::Span(SetupMeter &meter, const std::string &name)
    : meter(meter), name(name), exceptions(std::uncaught_exceptions()), resident(memory_use().resident),
      start(Clock::now())
{
  if (meter.begins)
    meter.begins(name);
}

SetupMeter::Span::~Span() noexcept(false)
{
  // Other ranks may not come here when this one is unwound.
  if (std::uncaught_exceptions() > exceptions)
    return;
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  give_back_freed_memory();
  meter.add(name, seconds, memory_use().resident - resident);
}

void SetupMeter::add(const std::string &name, const double seconds, const double kept)
{
  namespace MPI = dealii::Utilities::MPI;
  auto phase = std::find_if(list.begin(), list.end(), [&](const Phase &other) { return other.name == name; });
  if (phase == list.end())
    phase = list.insert(list.end(), {name});
  phase->seconds += MPI::max(seconds, comm);
  phase->here += seconds;
  phase->kept += MPI::sum(kept, comm);
  phase->peak = MPI::sum(memory_use().peak, comm);
}

std::string phase_line(const SetupMeter::Phase &phase, const double number, const std::string &unit)
{
  char text[200];
  std::snprintf(text, sizeof text, "set-up %s: %.2f s, %.0f bytes per %s kept, peak of all ranks so far %.0f MB",
                phase.name.c_str(), phase.seconds, phase.kept / std::max(number, 1.0), unit.c_str(),
                phase.peak / (1024.0 * 1024.0));
  return text;
}
} // namespace nidus
