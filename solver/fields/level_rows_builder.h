#pragma once

#include "fields/level_rows.h"

#include <array>
#include <cmath>
#include <vector>

namespace nidus
{
/// Finds the form of each row and its coefficients.
template <int dim>
class LevelRows<dim>::Builder
{
public:
  Builder(const MeshLevel<dim> &level, const std::vector<double> &factor, LevelRows &rows)
      : level(level), store(level.elements()), factor(factor), rows(rows), n(level.n_owned()), n_lanes(rows.n_lanes),
        listed(n, true), probe(static_cast<std::size_t>(n) * row_width, 0.0)
  {
  }

  void build()
  {
    rows.neighbour.resize((n + RowArrays<double>::prefetched_rows) * n_neighbours, none);
    rows.type.assign(n, 0);
    rows.is_active.assign(n, false);
    add_boxes();
    for (const auto &item : level.received())
      listed[item.row] = false;
    find_types();
    find_adjacent();
    write_rows();
  }

private:
  static constexpr std::uint32_t none = 0xffffffff;
  using Key = std::array<std::int64_t, row_width>;
  struct KeyHash
  {
    std::size_t operator()(const Key &key) const
    {
      std::uint64_t hash = 0;
      for (const auto part : key)
        hash = (hash ^ static_cast<std::uint64_t>(part)) * 0x9e3779b97f4a7c15u;
      return hash ^ hash >> 29;
    }
  };
  struct Entry
  {
    std::uint32_t column, region;
    double value;
  };

  /// A number for each region, to tell rows apart without their lanes.
  static double mark(const unsigned int region) { return 1.0 + std::fmod(0.6180339887498949 * (region + 1), 1.0); }

  void add_boxes();
  void find_types();
  void find_adjacent();
  void write_rows();
  void collect(unsigned int node);
  void write_type(unsigned int node);
  void write_other(unsigned int node);
  double lane_value(const std::vector<Entry> &entries, std::uint32_t column, unsigned int lane) const;
  void account(const double *lanes_of_row, std::size_t n_columns);

  const MeshLevel<dim> &level;
  const StiffnessElements<dim> &store;
  const std::vector<double> &factor;
  LevelRows &rows;
  std::size_t n;
  unsigned int n_lanes;
  std::vector<bool> listed;
  std::vector<double> probe;                 ///< listed rows with marks in the place of diffusivities
  std::vector<std::uint32_t> representative; ///< a node of each type
  std::vector<std::uint32_t> begin;          ///< of each node that needs its coefficients, in adjacent
  std::vector<std::uint64_t> adjacent;       ///< element * 256 + position in it
  std::vector<bool> wanted;
  std::size_t next_item = 0;

  std::vector<Entry> entries; ///< of the row at hand
  std::vector<std::uint32_t> columns;
};
} // namespace nidus
