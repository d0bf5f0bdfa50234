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
 * the points of a bin in the order in which they were given. With points given by key, sums over neighbours are thus
 * the same to the last bit on any number of ranks. Memory goes with the number of points: empty bins do not exist.
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

  /// @p entries in the order in which the points of one bin are to be visited.
  NeighbourGrid(double bin_size, const std::vector<Entry> &entries);

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

private:
  using Bin = std::array<std::int64_t, dim>;

  Bin bin_of(const dealii::Point<dim> &point) const;
  static std::uint64_t code_of(const Bin &bin);
  /// The slot of the table with this code, or the free slot where it belongs.
  std::size_t slot_of(std::uint64_t code) const;

  struct Slot
  {
    std::uint64_t code = no_code;
    std::uint32_t begin = 0, end = 0; ///< range in sorted
  };
  static constexpr std::uint64_t no_code = ~std::uint64_t(0);

  double bins_per_length;
  std::vector<Entry> sorted;
  std::vector<Slot> table; ///< open addressing, a power of two long
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
} // namespace nidus
