#pragma once

#include <deal.II/base/point.h>

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace nidus
{
/**
 * Points in cubic bins, to find those near a place.
 *
 * The bins start at the origin of space, not at a corner of what this rank has, and are visited in the order of space,
 * the points of a bin in the order of keys. Sums over neighbours are thus the same to the last bit on any number of
 * ranks. Where points are dense, bins are numbers in an array; where they are scattered, only occupied bins exist, so
 * memory goes with the number of points.
 */
template <int dim>
class NeighbourGrid
{
public:
  struct Entry
  {
    dealii::Point<dim> position;
    std::uint32_t index;              ///< what the caller calls this point
    std::int16_t type = 0, state = 0; ///< of the agent, here because most neighbours are judged by them
  };

  /// @p keys: of the entries, each different.
  NeighbourGrid(double bin_size, const std::vector<Entry> &entries, const std::vector<std::uint64_t> &keys);

  /// All points, bin after bin in the order of space: a loop in this order finds neighbours in the cache.
  const std::vector<Entry> &entries() const { return sorted; }

  /**
   * Finds neighbours, and remembers where it looked: for the next point of the same bin it need not look bins up again.
   * Searches of different radii each deserve their own.
   */
  class Search
  {
  public:
    explicit Search(const NeighbourGrid &grid) : grid(&grid) {}

    /// Calls visit(entry, offset, distance^2) for all points with distance < @p radius, where offset = point - position
    /// of the neighbour. A point of the grid finds itself, too.
    template <typename Visitor>
    void for_each_neighbour(const dealii::Point<dim> &point, double radius, const Visitor &visit);

  private:
    void turn_to(const dealii::Point<dim> &point, double radius);

    const NeighbourGrid *grid;
    std::array<std::int64_t, dim> first{}, last{};               ///< the bins looked up
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges; ///< their points
    bool valid = false;
  };

  /// Calls visit(a, b, offset, distance^2) once for each pair of places in entries() with distance < @p radius, where
  /// a < b and offset = position of a - position of b. The radius may not be greater than the bins.
  template <typename Visitor>
  void for_each_pair(double radius, const Visitor &visit) const;

private:
  using Bin = std::array<std::int64_t, dim>;
  using Range = std::pair<std::uint32_t, std::uint32_t>;

  Bin bin_of(const dealii::Point<dim> &point) const;
  void count_bins(const std::vector<Entry> &entries);
  std::size_t dense_number(const Bin &bin) const;
  static std::uint64_t code_of(const Bin &bin);
  /// The slot of the table with this code, or the free slot where it belongs.
  std::size_t slot_of(std::uint64_t code) const;
  void fill_dense(const std::vector<Entry> &entries, const std::vector<std::uint64_t> &keys);
  void fill_table(const std::vector<Entry> &entries, const std::vector<std::uint64_t> &keys);
  void order_by_key(const std::vector<std::uint64_t> &sorted_keys);

  /// Appends the points in the bins from @p first along the first axis to the bin @p last_along_first.
  void append_row(Bin first, std::int64_t last_along_first, std::vector<Range> &ranges) const;

  struct Slot
  {
    std::uint64_t code = no_code;
    std::uint32_t begin = 0, end = 0; ///< range in sorted
  };
  static constexpr std::uint64_t no_code = ~std::uint64_t(0);

  double bins_per_length;
  std::vector<Entry> sorted;
  std::vector<Range> occupied; ///< points of each bin that has some, in the order of space
  Bin first_bin{}, n_bins{};
  std::vector<std::uint32_t> start; ///< dense: per bin of the box around all points, into sorted; else empty
  std::vector<Slot> table;          ///< scattered: open addressing, a power of two long
};

template <int dim>
template <typename Visitor>
void NeighbourGrid<dim>::Search::for_each_neighbour(const dealii::Point<dim> &point, const double radius,
                                                    const Visitor &visit)
{
  turn_to(point, radius);
  const double radius_square = radius * radius;
  for (const auto &[begin, end] : ranges)
    for (std::uint32_t e = begin; e < end; ++e)
    {
      const Entry &entry = grid->sorted[e];
      const auto offset = point - entry.position;
      const double distance_square = offset.norm_square();
      if (distance_square < radius_square)
        visit(entry, offset, distance_square);
    }
}

template <int dim>
template <typename Visitor>
void NeighbourGrid<dim>::for_each_pair(const double radius, const Visitor &visit) const
{
  const double radius_square = radius * radius;
  std::vector<Range> ahead;
  // Places that are near enough are noted first: a loop without branches, and one that branches rarely.
  std::vector<std::pair<std::uint32_t, double>> near;
  for (const auto &[begin, end] : occupied)
  {
    ahead.clear();
    Bin bin = bin_of(sorted[begin].position);
    const std::int64_t x = bin[0];
    ++bin[0];
    append_row(bin, x + 1, ahead);
    const std::uint32_t next = ahead.empty() ? end : ahead.front().second;
    ahead.clear();
    bin[0] = x - 1;
    ++bin[1];
    append_row(bin, x + 1, ahead);
    if constexpr (dim == 3)
    {
      bin[1] -= 3;
      ++bin[2];
      for (int row = 0; row < 3; ++row)
      {
        ++bin[1];
        append_row(bin, x + 1, ahead);
      }
    }
    std::size_t most = next - begin;
    for (const auto &range : ahead)
      most += range.second - range.first;
    near.resize(most);
    for (std::uint32_t a = begin; a < end; ++a)
    {
      const auto place = sorted[a].position;
      std::size_t n_near = 0;
      const auto look = [&](const std::uint32_t from, const std::uint32_t to) {
        for (std::uint32_t b = from; b < to; ++b)
        {
          double square = 0.0;
          for (unsigned int d = 0; d < dim; ++d)
            square += (place[d] - sorted[b].position[d]) * (place[d] - sorted[b].position[d]);
          near[n_near] = {b, square};
          n_near += square < radius_square;
        }
      };
      // Never full before the last candidate: there is room for all.
      look(a + 1, next);
      for (const auto &[from, to] : ahead)
        look(from, to);
      for (std::size_t i = 0; i < n_near; ++i)
        visit(a, near[i].first, place - sorted[near[i].first].position, near[i].second);
    }
  }
}
} // namespace nidus
