#include "agents/neighbour_grid.h"

#include "control/random.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace nidus
{
namespace
{
constexpr int bits_per_axis = 21; // three axes fit into 64 bits, with one bit left for "no bin"
constexpr std::int64_t half_range = std::int64_t(1) << (bits_per_axis - 1);
} // namespace

template <int dim>
typename NeighbourGrid<dim>::Bin NeighbourGrid<dim>::bin_of(const dealii::Point<dim> &point) const
{
  Bin bin;
  for (unsigned int d = 0; d < dim; ++d)
  {
    const double number = std::floor(point[d] * bins_per_length);
    if (!(std::abs(number) < half_range))
      throw std::runtime_error("an agent at coordinate " + std::to_string(point[d]) +
                               " um is outside of what the neighbour grid can count");
    bin[d] = static_cast<std::int64_t>(number);
  }
  return bin;
}

template <int dim>
std::uint64_t NeighbourGrid<dim>::code_of(const Bin &bin)
{
  std::uint64_t code = 0;
  for (int d = dim - 1; d >= 0; --d)
    code = (code << bits_per_axis) | static_cast<std::uint64_t>(bin[d] + half_range);
  return code;
}

template <int dim>
std::size_t NeighbourGrid<dim>::slot_of(const std::uint64_t code) const
{
  // The top bits of a product with an odd number mix all bits of the code (Fibonacci hashing).
  const std::size_t mask = table.size() - 1;
  std::size_t slot = ((code * 0x9E3779B97F4A7C15ull) >> 32) & mask;
  while (table[slot].code != code && table[slot].code != no_code)
    slot = (slot + 1) & mask;
  return slot;
}

template <int dim>
NeighbourGrid<dim>::NeighbourGrid(const double bin_size, const std::vector<Entry> &entries)
    : bins_per_length(1.0 / bin_size)
{
  std::size_t table_size = 2;
  while (table_size < 2 * entries.size() + 1)
    table_size *= 2;
  table.resize(table_size);

  // Count the points of each bin.
  std::vector<std::uint64_t> codes, occupied;
  codes.reserve(entries.size());
  for (const auto &entry : entries)
  {
    codes.push_back(code_of(bin_of(entry.position)));
    Slot &slot = table[slot_of(codes.back())];
    if (slot.code == no_code)
    {
      slot.code = codes.back();
      occupied.push_back(slot.code);
    }
    ++slot.end;
  }

  // Lay the bins out in the order of space, and fill them in the order given.
  std::sort(occupied.begin(), occupied.end());
  std::uint32_t begin = 0;
  for (const auto code : occupied)
  {
    Slot &slot = table[slot_of(code)];
    const std::uint32_t count = slot.end;
    slot.begin = slot.end = begin;
    begin += count;
  }
  sorted.resize(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
    sorted[table[slot_of(codes[i])].end++] = entries[i];
}

template <int dim>
void NeighbourGrid<dim>::Search::turn_to(const dealii::Point<dim> &point, const double radius)
{
  dealii::Point<dim> low = point, high = point;
  for (unsigned int d = 0; d < dim; ++d)
  {
    low[d] -= radius;
    high[d] += radius;
  }
  const Bin new_first = grid->bin_of(low), new_last = grid->bin_of(high);
  if (valid && new_first == first && new_last == last)
    return;
  first = new_first;
  last = new_last;
  valid = true;
  ranges.clear();

  Bin bin = first;
  for (unsigned int d = 0; d < dim;)
  {
    const Slot &slot = grid->table[grid->slot_of(code_of(bin))];
    // Neighbours along the first axis follow each other in memory.
    if (slot.begin < slot.end && !ranges.empty() && ranges.back().second == slot.begin)
      ranges.back().second = slot.end;
    else if (slot.begin < slot.end)
      ranges.emplace_back(slot.begin, slot.end);
    for (d = 0; d < dim && bin[d] == last[d]; ++d)
      bin[d] = first[d];
    if (d < dim)
    {
      ++bin[d];
      d = 0;
    }
  }
}

template class NeighbourGrid<2>;
template class NeighbourGrid<3>;
} // namespace nidus
