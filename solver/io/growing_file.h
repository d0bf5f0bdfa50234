#pragma once

#include "io/output_folder.h"

#include <cstdint>
#include <string>

namespace nidus
{
/**
 * A text file that only grows: a header, then rows. A restart first cuts off what came after its checkpoint.
 *
 * All functions but add() are collective.
 */
class GrowingFile
{
public:
  /// Begins the file with @p header, a whole line; a resumed run leaves one that is there as it is until truncate_to().
  /// Throws std::runtime_error on all ranks. @p folder must outlive this.
  GrowingFile(const OutputFolder &folder, const std::string &name, const std::string &header);

  /// Notes @p n_rows rows, the same number on all ranks; @p text of rank 0, whole lines, counts.
  void add(const std::string &text, std::uint64_t n_rows);

  /// Appends what was added to the file and waits until it is on the disk. Throws std::runtime_error on all ranks; what
  /// was added is kept then.
  void flush();

  /// Rows in the file, the header aside. Same on all ranks; call flush() before, to count all.
  std::uint64_t n_rows() const { return rows_in_file; }

  /// Keeps the first @p rows rows of the file. Throws std::runtime_error on all ranks, also if the file has fewer.
  void truncate_to(std::uint64_t rows);

private:
  const OutputFolder &folder;
  std::string path;
  std::string pending; ///< on rank 0
  std::uint64_t rows_in_file = 0, rows_pending = 0;
};
} // namespace nidus
