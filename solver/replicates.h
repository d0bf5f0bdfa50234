#pragma once

#include "control/verbosity.h"
#include "io/statistics.h"

#include <mpi.h>

#include <functional>
#include <string>
#include <vector>

/**
 * The same run with other random numbers, several times: what differs between animals that are alike.
 *
 * Replicate r (from 1) has the seed 'Run/Random seed' + r - 1, so the first is the single run. The ranks are divided
 * into groups of equal size; group g runs the replicates g + 1, g + 1 + groups, ...
 */
namespace nidus
{
struct ReplicatePlan
{
  unsigned int number = 1;
  unsigned int ranks_each = 0; ///< 0: as many as there are for all replicates at once, at least one
  std::string output;          ///< folder; each replicate has OUTPUT/replicate_NNN
  bool resume = false;         ///< what is done is kept, what has a checkpoint goes on
  Verbosity verbosity = Verbosity::normal;
};

enum class ReplicateEnd
{
  missing, ///< not begun
  done,
  stopped, ///< early, with a checkpoint
  failed
};

/// One replicate on the ranks of @p group, into @p output; it may throw FieldFailure.
using RunReplicate =
    std::function<ReplicateEnd(MPI_Comm group, unsigned int number, const std::string &output, bool resume)>;

/**
 * Runs the replicates and writes, from those that are done, statistics_mean.csv, statistics_sd.csv and
 * statistics_q05.csv, ..._q25, _q50, _q75, _q95 with the columns of statistics.csv, and replicates.csv: how each ended.
 * Collective. Throws InputError on all ranks for a plan that the ranks do not allow.
 */
std::vector<ReplicateEnd> run_replicates(MPI_Comm communicator, const ReplicatePlan &plan, const RunReplicate &run);
} // namespace nidus
