#pragma once

#include "io/output_folder.h"

#include <string>
#include <vector>

namespace nidus
{
/**
 * A table of numbers over time, statistics.csv: a header "name [unit],name [unit]" and one row per output.
 *
 * The rows are kept on rank 0, as text, and the file is written anew with each of them.
 */
class StatisticsTable
{
public:
  struct Column
  {
    std::string name, unit;
  };

  /// Throws InputError on all ranks for a name or unit with a comma, a quotation mark or an end of line, and for a name
  /// that comes twice. Does not write. @p folder must outlive this.
  StatisticsTable(const OutputFolder &folder, const std::vector<Column> &columns,
                  const std::string &file_name = "statistics.csv");

  /// Adds one row (what rank 0 passes counts) and writes the file. Collective. Throws std::runtime_error on all ranks.
  void add_row(const std::vector<double> &values);

  /// The rows on rank 0, for checkpoints; empty on other ranks.
  const std::vector<std::string> &rows() const { return row_texts; }

  /// Takes the rows of a checkpoint (what rank 0 passes counts) and writes the file. Collective. Throws InputError on
  /// all ranks if they have another number of columns, std::runtime_error if the file cannot be written.
  void restore(const std::vector<std::string> &rows);

private:
  void write() const;

  const OutputFolder &folder;
  std::string file_name;
  std::size_t n_columns;
  std::string header;
  std::vector<std::string> row_texts;
};
} // namespace nidus
