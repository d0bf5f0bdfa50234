#include "agents/neighbour_grid.h"

#include "control/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
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
std::size_t NeighbourGrid<dim>::dense_number(const Bin &bin) const
{
  std::size_t number = 0;
  for (int d = dim - 1; d >= 0; --d)
    number = number * n_bins[d] + static_cast<std::size_t>(bin[d] - first_bin[d]);
  return number;
}

template <int dim>
NeighbourGrid<dim>::NeighbourGrid(const double bin_size, const std::vector<Entry> &entries,
                                  const std::vector<std::uint64_t> &keys)
    : bins_per_length(1.0 / bin_size)
{
  if (entries.empty())
    return;
  Bin last = first_bin = bin_of(entries[0].position);
  for (const auto &entry : entries)
  {
    const Bin bin = bin_of(entry.position);
    for (unsigned int d = 0; d < dim; ++d)
    {
      first_bin[d] = std::min(first_bin[d], bin[d]);
      last[d] = std::max(last[d], bin[d]);
    }
  }
  double total = 1.0;
  for (unsigned int d = 0; d < dim; ++d)
  {
    n_bins[d] = last[d] - first_bin[d] + 1;
    total *= static_cast<double>(n_bins[d]);
  }
  sorted.resize(entries.size());
  // An empty bin costs 4 bytes, an entry of the table 16 and a search.
  if (total <= 8.0 * static_cast<double>(entries.size()) + 64.0)
    fill_dense(entries, keys);
  else
    fill_table(entries, keys);
}

template <int dim>
void NeighbourGrid<dim>::fill_dense(const std::vector<Entry> &entries, const std::vector<std::uint64_t> &keys)
{
  std::size_t total = 1;
  for (unsigned int d = 0; d < dim; ++d)
    total *= static_cast<std::size_t>(n_bins[d]);
  start.assign(total + 1, 0);
  std::vector<std::uint32_t> numbers(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
  {
    numbers[i] = static_cast<std::uint32_t>(dense_number(bin_of(entries[i].position)));
    ++start[numbers[i] + 1];
  }
  for (std::size_t bin = 0; bin < total; ++bin)
  {
    start[bin + 1] += start[bin];
    if (start[bin] < start[bin + 1])
      occupied.emplace_back(start[bin], start[bin + 1]);
  }
  std::vector<std::uint32_t> next(start.begin(), start.end() - 1);
  std::vector<std::uint64_t> sorted_keys(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
  {
    const auto place = next[numbers[i]]++;
    sorted[place] = entries[i];
    sorted_keys[place] = keys[i];
  }
  order_by_key(sorted_keys);
}

template <int dim>
void NeighbourGrid<dim>::fill_table(const std::vector<Entry> &entries, const std::vector<std::uint64_t> &keys)
{
  std::size_t table_size = 2;
  while (table_size < 2 * entries.size() + 1)
    table_size *= 2;
  table.resize(table_size);

  // Count the points of each bin.
  std::vector<std::uint64_t> codes, occupied_codes;
  codes.reserve(entries.size());
  for (const auto &entry : entries)
  {
    codes.push_back(code_of(bin_of(entry.position)));
    Slot &slot = table[slot_of(codes.back())];
    if (slot.code == no_code)
    {
      slot.code = codes.back();
      occupied_codes.push_back(slot.code);
    }
    ++slot.end;
  }

  // Lay the bins out in the order of space, and fill them.
  std::sort(occupied_codes.begin(), occupied_codes.end());
  std::uint32_t begin = 0;
  for (const auto code : occupied_codes)
  {
    Slot &slot = table[slot_of(code)];
    const std::uint32_t count = slot.end;
    slot.begin = slot.end = begin;
    occupied.emplace_back(begin, begin + count);
    begin += count;
  }
  std::vector<std::uint64_t> sorted_keys(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
  {
    const auto place = table[slot_of(codes[i])].end++;
    sorted[place] = entries[i];
    sorted_keys[place] = keys[i];
  }
  order_by_key(sorted_keys);
}

template <int dim>
void NeighbourGrid<dim>::order_by_key(const std::vector<std::uint64_t> &sorted_keys)
{
  std::vector<std::uint32_t> order;
  std::vector<Entry> in_order;
  for (const auto &[begin, end] : occupied)
  {
    if (std::is_sorted(sorted_keys.begin() + begin, sorted_keys.begin() + end))
      continue;
    order.resize(end - begin);
    std::iota(order.begin(), order.end(), begin);
    std::sort(order.begin(), order.end(),
              [&](const std::uint32_t a, const std::uint32_t b) { return sorted_keys[a] < sorted_keys[b]; });
    in_order.clear();
    for (const auto place : order)
      in_order.push_back(sorted[place]);
    std::copy(in_order.begin(), in_order.end(), sorted.begin() + begin);
  }
}

template <int dim>
void NeighbourGrid<dim>::append_row(Bin first, std::int64_t last_along_first, std::vector<Range> &ranges) const
{
  Range points{0, 0};
  if (!start.empty())
  {
    for (unsigned int d = 1; d < dim; ++d)
      if (first[d] < first_bin[d] || first[d] >= first_bin[d] + n_bins[d])
        return;
    first[0] = std::max(first[0], first_bin[0]);
    last_along_first = std::min(last_along_first, first_bin[0] + n_bins[0] - 1);
    if (first[0] > last_along_first)
      return;
    const std::size_t number = dense_number(first);
    points = {start[number], start[number + static_cast<std::size_t>(last_along_first - first[0]) + 1]};
  }
  else if (!table.empty())
    for (; first[0] <= last_along_first; ++first[0])
    {
      // Neighbours along the first axis follow each other in memory.
      const Slot &slot = table[slot_of(code_of(first))];
      if (points.first == points.second)
        points = {slot.begin, slot.end};
      else if (slot.begin < slot.end)
        points.second = slot.end;
    }
  if (points.first < points.second)
    ranges.push_back(points);
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
  Bin row = first;
  for (bool more = true; more;)
  {
    grid->append_row(row, last[0], ranges);
    more = false;
    for (unsigned int d = 1; d < dim && !more; ++d)
    {
      more = row[d] < last[d];
      row[d] = more ? row[d] + 1 : first[d];
    }
  }
}

template class NeighbourGrid<2>;
template class NeighbourGrid<3>;
} // namespace nidus
