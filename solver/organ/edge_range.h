#pragma once

#include <algorithm>
#include <limits>

namespace nidus
{
/// The shortest and the longest edge of a cell, um.
struct EdgeRange
{
  double shortest = std::numeric_limits<double>::max(), longest = 0.0;
};

template <typename Cell>
EdgeRange edge_range(const Cell &cell)
{
  EdgeRange range;
  for (const unsigned int line : cell->line_indices())
  {
    const double length = cell->line(line)->diameter();
    range.shortest = std::min(range.shortest, length);
    range.longest = std::max(range.longest, length);
  }
  return range;
}
} // namespace nidus
