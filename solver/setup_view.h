#pragma once

#include "control/status_line.h"
#include "io/progress.h"

#include <chrono>
#include <string>

namespace nidus
{
/// "mesh of at least 12000 cells, 24000 per s"; nothing of the rate while @p seconds_each, of a cell, is unknown.
std::string mesh_text(double cells, const std::optional<double> &seconds_each);

/// What a person at the terminal sees while a run is set up. Not collective.
class SetupView
{
public:
  SetupView(MPI_Comm communicator, Verbosity verbosity) : line(communicator, verbosity) {}

  /// A phase begins.
  void phase(const std::string &name) { line.show("set-up: " + name, true); }

  /// The mesh is about to have at least @p number cells, or has them. What is less than before is not shown.
  void expect_cells(double number);

  void end() { line.wipe(); }

private:
  StatusLine line;
  double cells = 0.0;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  RateEstimate rate; ///< of cells that refinement adds
};
} // namespace nidus
