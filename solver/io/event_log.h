#pragma once

#include "io/event_row.h"
#include "io/growing_file.h"
#include "io/output_folder.h"

#include <cstdint>
#include <vector>

namespace nidus
{
/**
 * The history of all agents, events.csv, in an order that does not depend on the number of ranks.
 *
 * The file only grows: a restart first cuts off what came after its checkpoint.
 */
class EventLog
{
public:
  /// Begins the file; a resumed run leaves one that is there as it is until truncate_to(). Collective. Throws
  /// std::runtime_error on all ranks. @p folder must outlive this.
  explicit EventLog(const OutputFolder &folder);

  /// Takes the events of all ranks since the last call, sorted by (step, key, order) among themselves; rows of one rank
  /// that agree in all three stay in sequence. Call it once for each macro step, so that the whole file is in that
  /// order. Collective.
  void gather(const std::vector<EventRow> &rows);

  /// Appends what was gathered to the file and waits until it is on the disk. Collective. Throws std::runtime_error on
  /// all ranks; what was gathered is kept then.
  void flush() { file.flush(); }

  /// Rows in the file, the header aside. Same on all ranks; call flush() before, to count all.
  std::uint64_t n_rows() const { return file.n_rows(); }

  /// Keeps the first @p rows rows of the file. Collective. Throws std::runtime_error on all ranks, also if the file has
  /// fewer.
  void truncate_to(std::uint64_t rows) { file.truncate_to(rows); }

private:
  const OutputFolder &folder;
  GrowingFile file;
};
} // namespace nidus
