#pragma once

#include "io/growing_file.h"
#include "observables/observed.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace nidus
{
/// The tables of the observables, a file each, which only grow. All functions are collective.
class ObservedTables
{
public:
  /// Throws std::runtime_error on all ranks when a file cannot be written. @p folder must outlive this.
  ObservedTables(const OutputFolder &folder, const std::vector<TableHead> &heads);

  /// Appends rows to each table (what rank 0 passes counts), at once to the disk.
  void add(const std::vector<std::vector<TableRow>> &rows);

  /// Rows of each table, for checkpoints.
  std::vector<std::uint64_t> n_rows() const;
  /// Throws InputError on all ranks if there were other tables.
  void truncate_to(const std::vector<std::uint64_t> &rows);

private:
  const OutputFolder &folder;
  std::vector<std::unique_ptr<GrowingFile>> files;
};
} // namespace nidus
