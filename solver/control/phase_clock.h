#pragma once

#include <mpi.h>

#include <deal.II/base/mpi.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace nidus
{
/// Wall time in s on the slowest rank. Collective.
double seconds_since(std::chrono::steady_clock::time_point start, MPI_Comm comm);

/// What a run spends its time on, once it is set up.
enum class Phase : std::size_t
{
  blood, ///< and drugs
  fields,
  deposition, ///< what agents give to the fields and take from them, receptors included
  decisions,  ///< halo and neighbours, signals, transitions
  arrivals,
  motion,
  accounts, ///< of agents, events and the bounds of fields
  observables,
  output,
  checkpoint,
  resume,
  adaptivity,
  balance,
  n_phases
};

/**
 * Wall time of the phases of a run on this rank, from the construction on.
 *
 * The time of a phase within another one is that of the inner one only, so all phases add up, and what is missing to
 * the whole is a row "other". It costs two looks at a clock for each phase.
 */
class PhaseClock
{
public:
  /// Does @p work as part of @p phase and returns its result.
  template <typename Do>
  auto during(const Phase phase, const Do &work)
  {
    const Span span(*this, phase);
    return work();
  }

  /// Of @p phase so far, s.
  double seconds(const Phase phase) const { return spent[static_cast<std::size_t>(phase)]; }

  /// A phase that was measured elsewhere, @p seconds long on this rank, while none of this clock was under way.
  void add(const std::string &group, const std::string &name, double seconds);

  struct Row
  {
    std::string group, name;
    dealii::Utilities::MPI::MinMaxAvg seconds; ///< over the ranks
  };

  /// Phases that took some time on some rank, and at last "other"; their means add up to that of the whole.
  struct Table
  {
    unsigned int ranks = 1;
    std::vector<Row> rows;
    dealii::Utilities::MPI::MinMaxAvg whole; ///< s, over the ranks
  };

  /// Collective. A phase that is under way counts up to now.
  Table table(MPI_Comm comm);

private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t n_phases = static_cast<std::size_t>(Phase::n_phases);

  class Span
  {
  public:
    Span(PhaseClock &clock, const Phase phase) : clock(clock), outer(clock.current)
    {
      clock.go_on_with(static_cast<std::size_t>(phase));
    }
    ~Span() { clock.go_on_with(outer); }
    Span(const Span &) = delete;
    Span &operator=(const Span &) = delete;

  private:
    PhaseClock &clock;
    std::size_t outer;
  };

  void go_on_with(const std::size_t phase)
  {
    const auto now = Clock::now();
    spent[current] += std::chrono::duration<double>(now - since).count();
    since = now;
    current = phase;
  }

  struct Elsewhere
  {
    std::string group, name;
    double seconds;
  };

  const Clock::time_point start = Clock::now();
  Clock::time_point since = start;
  std::size_t current = n_phases;              ///< n_phases: none
  std::array<double, n_phases + 1> spent = {}; ///< s
  std::vector<Elsewhere> elsewhere;
};
} // namespace nidus
