#pragma once

#include <mpi.h>

#include <array>
#include <chrono>

namespace nidus
{
/// The two kinds of work that a partition of the mesh shares out.
enum class Work
{
  fields,
  agents
};

/// Wall time that this rank spends on each kind of work.
class LoadMeter
{
public:
  /// A meter that is off measures nothing and costs nothing.
  LoadMeter(MPI_Comm communicator, const bool on) : comm(communicator), on(on) {}

  /// Does @p work and returns its result. All ranks begin together, so that no kind of work waits for the other one.
  /// Collective.
  template <typename Do>
  auto during(const Work kind, const Do &work)
  {
    const Span span(*this, kind);
    return work();
  }

  /// Since the last reset, on this rank, waiting for the same work of other ranks included.
  double seconds(const Work kind) const { return spent[static_cast<std::size_t>(kind)]; }
  void reset() { spent = {}; }

private:
  using Clock = std::chrono::steady_clock;

  class Span
  {
  public:
    Span(LoadMeter &meter, const Work kind) : meter(meter), kind(kind)
    {
      if (meter.on)
        MPI_Barrier(meter.comm);
      start = Clock::now();
    }
    ~Span()
    {
      if (meter.on)
        meter.spent[static_cast<std::size_t>(kind)] += std::chrono::duration<double>(Clock::now() - start).count();
    }
    Span(const Span &) = delete;
    Span &operator=(const Span &) = delete;

  private:
    LoadMeter &meter;
    Work kind;
    Clock::time_point start;
  };

  MPI_Comm comm;
  bool on;
  std::array<double, 2> spent = {};
};
} // namespace nidus
