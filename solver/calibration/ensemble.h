#pragma once

#include "calibration/ask.h"
#include "calibration/journal.h"
#include "control/work_groups.h"
#include "io/output_folder.h"

#include <mpi.h>

#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nidus
{
class TaskCounter;

/// Someone asked the program to stop: thrown on all ranks alike. What has ended is in the journal.
class StoppedEarly : public std::exception
{
public:
  const char *what() const noexcept override { return "stopped early"; }
};

/// A barrier at which ranks sleep, since others may run, or wait for a user, for minutes. Collective.
void wait_for_all(MPI_Comm communicator);

/// Runs the model on the ranks of @p group, which all get the same observables; nothing when it was asked to stop.
/// SharedFault and InputError, thrown on all ranks of the group alike, mean that this run has failed.
using RunModel = std::function<std::optional<std::vector<double>>(MPI_Comm group, const ModelRun &run)>;

struct EnsembleSettings
{
  unsigned int ranks_each = 1; ///< of a run
  unsigned int replicates = 1; ///< of a parameter set
  std::uint64_t seed = 1;      ///< seeds of runs derive from it, their stream and their replicate
  std::uint64_t base = 0;      ///< hash of the model and of what is asked of it
  bool quiet = false;          ///< no progress on standard output
};

/// What has been run so far.
struct EnsembleCost
{
  std::uint64_t runs = 0, failed = 0; ///< of this start
  std::uint64_t from_journal = 0;     ///< known from an earlier start
  double run_seconds = 0.0;           ///< wall time of all runs, those from the journal too
  double batch_seconds = 0.0;         ///< wall time of all batches
  double busy = 0.0;                  ///< part of the time of batches in which groups were running
};

/**
 * Runs the model for many parameter sets, on groups of ranks at the same time: a group that is free takes the next run,
 * so runs may differ in length. Ranks that make up no group wait. Answers do not depend on the number of groups, since
 * each run has its own seed.
 *
 * Every run that ends goes to the journal. All functions are collective.
 */
class Ensemble
{
public:
  /// Throws InputError for more ranks in a group than there are. @p folder must outlive this.
  Ensemble(const OutputFolder &folder, const EnsembleSettings &settings, const RunModel &run);

  /// The observables of @p requests as the model gives them. Throws StoppedEarly.
  std::vector<Answer> ask(const std::string &stage, const std::vector<Request> &requests);

  /// How a run ended that was asked for; null: it was not.
  const RunOutcome *outcome(const std::vector<double> &parameters, std::uint64_t stream, unsigned int replicate) const;

  /// Of the observables of a run; for the line of progress.
  using Misfit = std::function<double(const std::vector<double> &values)>;
  void set_misfit(const Misfit &function) { misfit = function; }

  unsigned int n_groups() const { return groups.number(); }
  const EnsembleCost &cost() const { return spent; }

private:
  struct Task
  {
    std::uint64_t key;
    ModelRun run;
  };

  ModelRun run_of(const std::vector<double> &parameters, std::uint64_t stream, unsigned int replicate) const;
  std::vector<Task> open_tasks(const std::vector<Request> &requests);
  std::string work(const std::string &stage, const std::vector<Task> &tasks, TaskCounter &counter);
  std::optional<RunOutcome> run_one(const ModelRun &run) const;
  void tell(const std::string &stage, std::int64_t done, std::size_t of, double least);
  void settle(const std::string &lines, double seconds);

  const OutputFolder &folder;
  EnsembleSettings settings;
  RunModel model;
  Misfit misfit;
  Journal journal;
  WorkGroups groups; ///< ranks in none of them wait
  std::map<std::uint64_t, RunOutcome> known;
  double best = 0.0, batch_began = 0.0, last_told = 0.0;
  EnsembleCost spent;
};
} // namespace nidus
