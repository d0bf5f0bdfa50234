#pragma once

#include "control/phase_clock.h"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <optional>

namespace nidus
{
/// The two kinds of work that a partition of the mesh shares out.
enum class Work
{
  fields,
  agents
};

/// What the phases of macro steps since the last reset say of the load of this rank.
class LoadMeter
{
public:
  /// A meter that is off lets ranks begin when they like.
  LoadMeter(MPI_Comm communicator, PhaseClock &clock, const bool on) : comm(communicator), clock(clock), on(on) {}

  void begin_step()
  {
    ++steps;
    last.reset();
  }

  /// Does @p work, as part of the fields or of the agents, and returns its result. All ranks begin a kind of work
  /// together, so that it does not wait for the other one. Collective.
  template <typename Do>
  auto during(const Phase phase, const Do &work)
  {
    const Work kind = phase == Phase::fields ? Work::fields : Work::agents;
    if (on && last != kind)
      MPI_Barrier(comm);
    last = kind;
    return clock.during(phase, work);
  }

  /// Of a macro step since the last reset, on this rank, waiting for the same work of other ranks included, s.
  double seconds_per_step(const Work kind) const
  {
    const auto index = static_cast<std::size_t>(kind);
    return (now()[index] - at_reset[index]) / static_cast<double>(steps);
  }

  void reset()
  {
    steps = 0;
    at_reset = now();
  }

private:
  std::array<double, 2> now() const
  {
    double agents = 0.0;
    for (const Phase phase : {Phase::deposition, Phase::decisions, Phase::arrivals, Phase::motion})
      agents += clock.seconds(phase);
    return {{clock.seconds(Phase::fields), agents}};
  }

  MPI_Comm comm;
  PhaseClock &clock;
  bool on;
  std::uint64_t steps = 0;
  std::optional<Work> last; ///< of this step
  std::array<double, 2> at_reset = {};
};
} // namespace nidus
