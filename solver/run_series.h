#pragma once

#include "control/verbosity.h"
#include "io/output_folder.h"

#include <mpi.h>

#include <functional>
#include <string>
#include <vector>

/**
 * Several runs of one kind, side by side on groups of ranks.
 *
 * The ranks are divided into groups of equal size; group g runs the members g + 1, g + 1 + groups, ...
 */
namespace nidus
{
struct SeriesPlan
{
  unsigned int number = 1;
  unsigned int ranks_each = 0; ///< 0: as many as there are for all members at once, at least one
  std::string member;          ///< what one is called; it has the folder OUTPUT/MEMBER_NNN
  std::string output;
  bool resume = false; ///< what is done is kept, what has a checkpoint goes on
  bool alike = true;   ///< input that is wrong for one is wrong for all
  Verbosity verbosity = Verbosity::normal;
};

enum class MemberEnd
{
  missing, ///< not begun
  done,
  stopped, ///< early, with a checkpoint
  failed
};

const char *in_words(MemberEnd end);

std::string member_folder(const SeriesPlan &plan, unsigned int number);

/// One member (numbers from 1) on the ranks of @p group, into @p output; it may throw FieldFailure.
using RunMember = std::function<MemberEnd(MPI_Comm group, unsigned int number, const std::string &output, bool resume)>;

/// Writes, on rank 0, what there is to say of the series, before its members run and when all have @p ended.
using TellEnds = std::function<void(const OutputFolder &folder, const std::vector<MemberEnd> &ends, bool ended)>;

/// Runs the members. Collective. Throws InputError on all ranks for a plan that the ranks do not allow.
std::vector<MemberEnd> run_series(MPI_Comm communicator, const SeriesPlan &plan, const RunMember &run,
                                  const TellEnds &tell);
} // namespace nidus
