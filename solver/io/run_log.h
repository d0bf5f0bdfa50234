#pragma once

#include "control/verbosity.h"
#include "io/output_folder.h"

#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace nidus
{
/**
 * What the program tells: lines on standard output and in run.log.
 *
 * Only rank 0 writes; line(), detail(), record(), warning() and summary() may be called on any set of ranks and never
 * throw, since they also serve when something has already gone wrong. check() tells whether the file could be written.
 */
class RunLog
{
public:
  /// Opens run.log; a resumed run goes on where the log ends. Collective. Throws std::runtime_error on all ranks.
  explicit RunLog(const OutputFolder &folder, Verbosity verbosity = Verbosity::normal);

  Verbosity verbosity() const { return loudness; }

  /// One line in both places; standard output only from Verbosity::normal on.
  void line(const std::string &text);

  /// One line in the file, on standard output only when verbose.
  void detail(const std::string &text);

  /// One line in the file only.
  void record(const std::string &text);

  /// "warning: TEXT", on standard error when quiet. The same text is written once and counted after that.
  void warning(const std::string &text);

  /// The number of warnings and each of them again with its count; nothing if there was none.
  void summary();

  /// Warnings on this rank, repeated ones included.
  std::size_t n_warnings() const;

  /// Collective. Throws std::runtime_error on all ranks if a line could not be written to the file.
  void check();

private:
  MPI_Comm comm;
  std::string path;
  bool is_root;
  Verbosity loudness;
  bool on_terminal;
  std::ofstream file;
  std::string fault;
  std::vector<std::pair<std::string, std::size_t>> warnings; ///< text and count, in order of appearance
};
} // namespace nidus
