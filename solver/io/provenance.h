#pragma once

#include "io/output_folder.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/// What tells one run from another.
struct RunIdentity
{
  std::string run; ///< new_run(), or of the run that goes on
  std::string title;
  std::string parameter_file;      ///< as the user named it
  std::string resolved_parameters; ///< the text of parameters.prm; only its hash is kept
  unsigned int dimension = 0;
  std::uint64_t seed = 0;
  std::vector<std::string> command_line;
  nlohmann::ordered_json interventions = nlohmann::ordered_json::array();
};

/// A name that no other run has.
std::string new_run();

/// The name of the run that provenance.json at @p path tells of; empty if it cannot be read.
std::string run_in(const std::string &path);

/// FNV-1a, 64 bits, as 16 hexadecimal digits: the same for the same bytes on every machine.
std::string content_hash(const std::string &content);

/**
 * Where the results come from: provenance.json.
 *
 * Written at the start, with "end_state": "running", and again at the end. A resumed run keeps what it found under
 * "earlier_parts".
 */
class RunProvenance
{
public:
  /// Notes the start and writes the file; what rank 0 passes counts. Collective. Throws std::runtime_error on all
  /// ranks.
  /// @p folder must outlive this.
  RunProvenance(const OutputFolder &folder, const RunIdentity &identity);

  /// Adds wall time and how the run ended ("done", "stopped early", ...). Collective. Throws std::runtime_error on all
  /// ranks.
  void finish(const std::string &end_state);

  /// Notes what another part of the run had otherwise (parameter_changes). Collective. Throws
  /// SharedFault.
  void note_changes(const std::vector<std::string> &changes);

  const std::string &run() const { return name; }

private:
  void write() const;

  const OutputFolder &folder;
  std::chrono::steady_clock::time_point start;
  std::string name;
  nlohmann::ordered_json content; ///< on rank 0
};
} // namespace nidus
