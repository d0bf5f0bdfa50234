#pragma once

#include "control/verbosity.h"

#include <mpi.h>

#include <chrono>
#include <optional>
#include <string>

namespace nidus
{
/// Not more than @p columns characters (UTF-8), none of them cut.
std::string truncated(const std::string &text, unsigned int columns);

/**
 * One line on the terminal that tells where long work is and renews itself. Elsewhere (a pipe, a file), below
 * Verbosity::normal and on other ranks than the first it does nothing. Not collective.
 */
class StatusLine
{
public:
  StatusLine(MPI_Comm communicator, Verbosity verbosity);

  bool is_shown() const { return shown; }

  /// Takes the place of what was shown; up to five times a second, but always when @p at_once.
  void show(const std::string &text, bool at_once = false);

  /// Leaves nothing on the line.
  void wipe();

  /// Leaves the line as it is and begins the next one.
  void keep();

private:
  using Clock = std::chrono::steady_clock;

  bool shown, open = false;
  std::optional<Clock::time_point> last;
};
} // namespace nidus
