#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// Files of a checkpoint: name -> bytes.
using CheckpointParts = std::map<std::string, std::string>;

/// A checkpoint that is whole, and what was passed over to find it.
struct FoundCheckpoint
{
  std::string name; ///< of its folder
  std::uint64_t step = 0;
  std::string run; ///< which run wrote it
  CheckpointParts parts;
  std::vector<std::string> skipped; ///< for each newer one: what is wrong with it
};

/**
 * Checkpoints on the disk: step_NNNNNNNN/ with files and, written last, manifest.json, which holds size and checksum
 * (FNV-1a, 64 bits) of each file and of itself, the step, and the run. Between the bytes and the disk: everything is
 * written into aside/, brought to the disk, and renamed, so that a program that is killed at any moment leaves the
 * older ones whole and at most an unnamed piece.
 *
 * Not collective: one process alone.
 */
class CheckpointStore
{
public:
  /// @p folder is made when something is written.
  explicit CheckpointStore(std::string folder) : folder(std::move(folder)) {}

  /// Writes a checkpoint, then removes all but the last @p kept of those up to this step, and those of later steps,
  /// which belong to a course that was given up. Returns its bytes. Throws std::runtime_error; the older ones are as
  /// they were then, and nothing is left aside.
  std::uint64_t write(std::uint64_t step, const std::string &run, const CheckpointParts &parts,
                      unsigned int kept) const;

  /// The newest one that is whole and, unless @p run is empty, was written by that run. Throws std::runtime_error with
  /// the list of faults when there is none.
  FoundCheckpoint newest(const std::string &run) const;

  /// Names of all, oldest first, whole or not.
  std::vector<std::string> names() const;

private:
  FoundCheckpoint read(const std::string &name, const std::string &run) const;
  void remove_superseded(const std::string &newest, unsigned int kept) const;

  std::string folder;
};
} // namespace nidus
