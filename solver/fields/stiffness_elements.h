#pragma once

#include "organ/organ.h"

#include <deal.II/base/tensor.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/full_matrix.h>

#include <array>
#include <cstdint>
#include <map>
#include <vector>

namespace nidus
{
/**
 * Small matrices over the nodes of cells, from which rows of the diffusion operator are summed up.
 *
 * An element stands for the share of one region in one cell; its matrix is for diffusivity 1 and, for regions with
 * oriented fibres, their diffusion tensor. Hanging nodes are already replaced by the nodes that they depend on. Cells
 * of equal shape share their matrix.
 */
template <int dim>
class StiffnessElements
{
public:
  static constexpr unsigned int n_corners = 1u << dim;

  struct Element
  {
    std::uint32_t first_node; ///< position in nodes
    std::uint32_t matrix;
    std::uint16_t n_nodes;
    std::uint16_t region;
    float fraction; ///< of the cell
  };

  struct Matrix
  {
    dealii::FullMatrix<double> entries;
    bool along_axes = false; ///< couples the corners of a box along its edges only, in the order of the corners
  };

  /// @p full: see cell_stiffness().
  StiffnessElements(const Organ<dim> &organ, double full);

  /// Adds a cell that holds @p share of each region.
  void add(const typename dealii::DoFHandler<dim>::active_cell_iterator &cell,
           const dealii::AffineConstraints<double> &constraints, const std::vector<float> &share);

  std::vector<Element> elements;
  std::vector<std::uint32_t> nodes; ///< of all elements: global numbers, until the level makes them local
  std::vector<Matrix> matrices;

private:
  std::uint32_t matrix_for(const std::vector<dealii::Point<dim>> &corner, unsigned int region);
  std::uint32_t condensed(std::uint32_t matrix, const std::vector<std::vector<double>> &weights);

  const Organ<dim> &organ;
  double full;
  std::vector<unsigned int> tensor_of_region; ///< first region with the same tensor
  std::map<std::array<std::int64_t, dim + 1>, std::uint32_t> boxes;
  std::map<std::pair<std::uint32_t, std::vector<std::vector<double>>>, std::uint32_t> hanging;
};
} // namespace nidus
