#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// Rows of text in columns of equal width, for a reader. The first row is the header.
class AlignedTable
{
public:
  explicit AlignedTable(std::vector<std::string> header);

  /// Cells that are missing at the end stay empty.
  void add(std::vector<std::string> row);

  bool empty() const { return rows.size() < 2; }

  /// One line for each row, indented by two spaces, without spaces at its end.
  std::vector<std::string> lines() const;

private:
  std::vector<std::vector<std::string>> rows;
};

/// With so many significant digits.
std::string rounded(double value, int digits = 3);

/// A time in min as "12 min", "3.5 h" or "14 d"; "never" for infinity.
std::string time_in_words(double minutes);
} // namespace nidus
