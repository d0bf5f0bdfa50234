#include "io/aligned_table.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace nidus
{
AlignedTable::AlignedTable(std::vector<std::string> header)
{
  rows.push_back(std::move(header));
}

void AlignedTable::add(std::vector<std::string> row)
{
  row.resize(rows.front().size());
  rows.push_back(std::move(row));
}

std::vector<std::string> AlignedTable::lines() const
{
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto &row : rows)
    for (std::size_t c = 0; c < row.size(); ++c)
      widths[c] = std::max(widths[c], row[c].size());
  std::vector<std::string> result;
  for (const auto &row : rows)
  {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c)
      line += "  " + row[c] + std::string(widths[c] - row[c].size(), ' ');
    result.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
  }
  return result;
}

std::string rounded(const double value, const int digits)
{
  std::ostringstream text;
  text << std::setprecision(digits) << value;
  return text.str();
}

std::string time_in_words(const double minutes)
{
  constexpr double hour = 60.0, day = 1440.0;
  if (!std::isfinite(minutes))
    return "never";
  if (std::abs(minutes) < 2.0 * hour)
    return rounded(minutes) + " min";
  return std::abs(minutes) < 2.0 * day ? rounded(minutes / hour) + " h" : rounded(minutes / day) + " d";
}
} // namespace nidus
