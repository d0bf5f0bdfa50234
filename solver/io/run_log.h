#pragma once

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
 * Only rank 0 writes; line(), record(), warning() and summary() may be called on any set of ranks and never throw,
 * since they also serve when something has already gone wrong. check() tells whether the file could be written.
 */
class RunLog
{
public:
  /// Opens run.log; a resumed run goes on where the log ends. Collective. Throws std::runtime_error on all ranks.
  /// A quiet log leaves standard output alone.
  explicit RunLog(const OutputFolder &folder, bool quiet = false);

  bool is_quiet() const { return quiet; }

  /// One line in both places.
  void line(const std::string &text);

  /// One line in the file only.
  void record(const std::string &text);

  /// "warning: TEXT". The same text is written once and counted after that.
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
  bool quiet;
  bool on_terminal;
  std::ofstream file;
  std::string fault;
  std::vector<std::pair<std::string, std::size_t>> warnings; ///< text and count, in order of appearance
};
} // namespace nidus
