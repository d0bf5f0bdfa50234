#pragma once

#include "fields/field_set.h"
#include "organ/cell_locator.h"

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

  struct Share
  {
    std::uint32_t node;
    double weight;
  };

  /// Calls give(node, weight) such that what is handed to a vertex ends up at nodes that are no hanging nodes.
  template <typename Give>
  void distribute(std::uint32_t cell, unsigned int vertex, const Give &give) const
  {
    const std::uint32_t first = hanging_start[cell * n_vertices + vertex];
    const std::uint32_t last = hanging_start[cell * n_vertices + vertex + 1];
    if (first == last)
      give(node_list[cell][vertex], 1.0);
    for (std::uint32_t i = first; i < last; ++i)
      give(hanging_shares[i].node, hanging_shares[i].weight);
  }

private:
  std::vector<std::array<std::uint32_t, n_vertices>> node_list;
  std::vector<std::uint32_t>
      hanging_start; ///< per cell and vertex, into hanging_shares; an empty range: no hanging node
  std::vector<Share> hanging_shares;
};
} // namespace nidus
