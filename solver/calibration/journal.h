#pragma once

#include "io/output_folder.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// A run of the model: one replicate of a parameter set.
struct ModelRun
{
  std::vector<double> parameters; ///< [parameter]
  std::uint64_t stream = 0;       ///< of its request
  unsigned int replicate = 0;     ///< from 0
  std::uint64_t seed = 0;         ///< of the run, below 2^31
};

/// How it ended.
struct RunOutcome
{
  std::vector<double> values; ///< [observable], as the model gives them; empty when it failed
  std::string reason;         ///< why it failed; empty: it did not
  double seconds = 0.0;       ///< of wall time

  bool failed() const { return !reason.empty(); }
};

/// A hash of all that the outcome of a run depends on; @p base stands for the model and what is asked of it.
std::uint64_t key_of(const ModelRun &run, std::uint64_t base);

/// One line of JSON, with the end of the line; numbers survive to the last bit.
std::string journal_line(const std::string &stage, std::uint64_t key, const ModelRun &run, const RunOutcome &outcome);

/// Outcomes by key of the lines of @p text. What is no whole line, such as the last one when the program was killed
/// while it wrote, counts as never written.
std::map<std::uint64_t, RunOutcome> outcomes_in(const std::string &text);

/**
 * The runs that have ended, so that a start after a kill repeats none: OUTPUT/journal/group_NNN.jsonl, one file for
 * each group of ranks, so that no two write into the same. Files only grow. A line is with the system before the next
 * run begins, so the end of the process loses none; it is on the disk a second later or at the end of the batch, since
 * runs of sub-models are shorter than a disk takes.
 */
class Journal
{
public:
  /// Makes the folder. Collective on the ranks of @p folder. Throws SharedFault.
  explicit Journal(const OutputFolder &folder);

  /// All that earlier starts have left, of any number of groups; the same on all ranks. Collective. Throws SharedFault.
  std::map<std::uint64_t, RunOutcome> read() const;

  /// Not collective: by the first rank of group @p group. Throws std::runtime_error.
  void append(unsigned int group, const std::string &line);

  /// Waits until what this rank has appended is on the disk. Not collective. Throws std::runtime_error.
  void sync();

private:
  const OutputFolder &folder;
  std::string unsynced; ///< the file that grew since; empty: none
  std::chrono::steady_clock::time_point synced = std::chrono::steady_clock::now();
};
} // namespace nidus
