#pragma once

#include "fields/field_set.h"
#include "organ/cell_locator.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace nidus
{
/**
 * Which entries of the interlaced state belong to the vertices of each cell of a locator: the bridge between agents,
 * which know their mesh cell, and fields, which live at nodes.
 */
template <int dim>
class CellNodes
{
public:
  static constexpr unsigned int n_vertices = 1u << dim;

  CellNodes(const FieldSet<dim> &fields, const CellLocator<dim> &locator);

  /// Nodes of the cell's vertices in the local form of the state (owned nodes, then ghosts); hanging nodes included.
  const std::array<std::uint32_t, n_vertices> &nodes(std::uint32_t cell) const { return node_list[cell]; }

  /// Owned nodes and ghosts.
  std::size_t n_local_nodes() const { return n_local; }

  /// Whether a vertex of the cell is a hanging node, or one at the upper end of a periodic axis.
  bool has_followers(std::uint32_t cell) const { return with_followers[cell]; }

  struct Share
  {
    std::uint32_t node;
    double weight;
  };

  /// Calls give(node, weight) such that what is handed to a vertex of an owned cell ends up at nodes that follow no
  /// others.
  template <typename Give>
  void distribute(std::uint32_t cell, unsigned int vertex, const Give &give) const
  {
    if (has_followers(cell))
    {
      const auto place = std::lower_bound(follower_cells.begin(), follower_cells.end(), cell);
      const std::size_t entry = (place - follower_cells.begin()) * n_vertices + vertex;
      for (std::uint32_t i = share_start[entry]; i < share_start[entry + 1]; ++i)
        give(shares[i].node, shares[i].weight);
    }
    else
      give(node_list[cell][vertex], 1.0);
  }

private:
  std::size_t n_local;
  std::vector<std::array<std::uint32_t, n_vertices>> node_list;
  std::vector<bool> with_followers;
  std::vector<std::uint32_t> follower_cells; ///< the cells for which it is true, ascending
  std::vector<std::uint32_t> share_start;    ///< per vertex of these, into shares
  std::vector<Share> shares;
};
} // namespace nidus
