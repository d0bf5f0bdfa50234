#pragma once

#include "control/status_line.h"
#include "io/run_log.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nidus
{
/// What the solver of the fields did in the last macro step.
struct SolverWork
{
  unsigned int field_steps = 0, newton_iterations = 0, linear_iterations = 0;
  unsigned int retried = 0; ///< field steps that were tried again with a shorter one
};

/// Where a run is.
struct RunState
{
  double time = 0.0;                                         ///< min
  double end_time = 0.0;                                     ///< min
  std::uint64_t step = 0;                                    ///< macro steps done
  std::uint64_t n_steps = 0;                                 ///< macro steps of the run
  std::vector<std::pair<std::string, std::uint64_t>> agents; ///< type and number over all ranks
  SolverWork work;
};

/// How long the rest of a run takes, from the times at which steps ended; the last 20 steps or so count most.
class RateEstimate
{
public:
  /// @p step steps were done at @p seconds of any clock. The first call only sets the start.
  void add(std::uint64_t step, double seconds);

  /// Wall time in seconds for @p n_steps more steps; nothing before the second call.
  std::optional<double> seconds_for(std::uint64_t n_steps) const;

private:
  bool started = false;
  std::uint64_t last_step = 0;
  double last_seconds = 0.0;
  double weighted_seconds = 0.0; ///< seconds per step, weighted
  double weight = 0.0;           ///< sum of the weights
};

/// "41s", "3m12s", "2h05m", "1d03h".
std::string duration_text(double seconds);

/// "12.5 per s", "3.2 s each"
std::string rate_text(double seconds_each);

/// "day 3.25/28 | step 156/1344 | fib 20314 hpc 122 | iterations 23 | 6.2 per s | left 3m12s"; nothing of the rate
/// while @p seconds_each, of a macro step, is unknown.
std::string progress_text(const RunState &state, const std::optional<double> &seconds_each);

/**
 * Tells how far a run is: one line that renews itself on a terminal, plain lines at output times elsewhere. The log
 * file gets the lines of output times in either case. A verbose run has a plain line for each step, with all that the
 * solver did, in both places.
 *
 * Only rank 0 does something; not collective.
 */
class Progress
{
public:
  /// @p log must outlive this.
  explicit Progress(MPI_Comm comm, RunLog &log);

  /// After each macro step, and once before the first; @p output_time: output was written now.
  void update(const RunState &state, bool output_time);

  /// Ends the line on the terminal; call before the program ends.
  void finish();

private:
  using Clock = std::chrono::steady_clock;

  RunLog &log;
  bool is_root;
  StatusLine line;
  Clock::time_point start;
  RateEstimate rate;
};
} // namespace nidus
