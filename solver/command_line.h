#pragma once

#include "control/verbosity.h"
#include "control/wall_plan.h"

#include <string>
#include <vector>

namespace nidus
{
enum ExitCode : int
{
  done = 0,
  failed = 1,
  wrong_input = 2,
  stopped_early = 3
};

/// What the user asked for.
struct CommandLine
{
  std::string command, file, output, format = "prm";
  std::vector<std::string> overrides, sweeps;
  Verbosity verbosity = Verbosity::normal;
  bool resume = false, may_change = false;
  double wall_time_limit = 0.0; ///< s; 0: none
  WallPlan::Clock::time_point began = WallPlan::Clock::now();
  unsigned int replicates = 0, ranks_each = 0; ///< 0: no replicates; ranks by the number of runs
  std::vector<std::string> all;                ///< as typed, for the provenance
};

/// Everything before "--" is ours, everything after it is for PETSc, whose list ends with a null pointer and makes it
/// leave its option files (.petscrc) alone.
void split(int argc, char **argv, std::vector<char *> &own, std::vector<char *> &petsc);

/// Fills @p line; returns an exit code when there is nothing to run (help, version, misuse), -1 otherwise. Throws
/// InputError.
int parse(const std::vector<char *> &arguments, bool speaks, CommandLine &line);
} // namespace nidus
