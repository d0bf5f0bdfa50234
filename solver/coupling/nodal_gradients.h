#pragma once

#include "coupling/cell_nodes.h"

#include <deal.II/base/tensor.h>

#include <cstdint>
#include <map>
#include <vector>

namespace nidus
{
/**
 * Gradients of fields at nodes, continuous from cell to cell: agents steer by them.
 *
 * The gradient of the elements jumps at faces and is constant along each edge, which turns agents towards the axes of
 * the mesh. Here a node has the mean of the gradients that the cells around it have there, component d weighted with
 * 1 / (length of the cell along d): the central difference on uniform cells, and exact for quadratic functions where
 * cells of two sizes meet. Cells are asked for in the 2^dim directions between the axes; without tissue there is none,
 * and the difference becomes one-sided.
 *
 * A node is prepared when an agent first comes near; memory and time go with the agents, not with the mesh.
 */
template <int dim>
class NodalGradients
{
public:
  /// @p followed: the fields whose gradients are wanted. Both are referred to.
  NodalGradients(const FieldSet<dim> &fields, const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
                 std::vector<unsigned int> followed);

  /// The fields have changed: all gradients are computed anew when they are asked for.
  void fields_changed() { ++epoch; }

  const std::vector<unsigned int> &followed_fields() const { return followed; }

  /// Gradients of the followed fields at vertex @p vertex of an owned cell, per um. @p state: the local form of the
  /// fields. Valid until the next call.
  const dealii::Tensor<1, dim> *at(const std::uint32_t cell, const unsigned int vertex, const double *state)
  {
    const std::uint32_t here = slot[nodes.nodes(cell)[vertex]];
    if (here != unprepared && stencils[here].epoch == epoch)
      return gradients.data() + here * followed.size();
    return computed(cell, vertex, state);
  }

private:
  /// Sum over neighbours of weight * (value there - value here), the weights found in a dictionary.
  struct Stencil
  {
    std::uint32_t neighbours; ///< where they begin in neighbour_list
    std::uint32_t pattern;    ///< index into patterns
    std::uint64_t epoch;      ///< of the gradient; 0: never computed
  };
  using Weights = std::vector<std::array<float, dim>>;

  std::uint32_t prepare(std::uint32_t cell, unsigned int vertex);
  const dealii::Tensor<1, dim> *computed(std::uint32_t cell, unsigned int vertex, const double *state);

  const FieldSet<dim> &fields;
  const CellLocator<dim> &locator;
  const CellNodes<dim> &nodes;
  std::vector<unsigned int> followed;
  double step; ///< to the cells around a node, um

  std::uint64_t epoch = 1;
  static constexpr std::uint32_t unprepared = 0xFFFFFFFFu;
  std::vector<std::uint32_t> slot; ///< per node of the local form
  std::vector<Stencil> stencils;
  std::vector<std::uint32_t> neighbour_list;
  std::vector<dealii::Tensor<1, dim>> gradients; ///< per stencil and followed field
  std::vector<Weights> patterns;
  std::map<Weights, std::uint32_t> pattern_of;
};
} // namespace nidus
