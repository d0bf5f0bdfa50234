#include "fields/stiffness_elements.h"

#include "fields/cell_stiffness.h"

#include <cmath>

namespace nidus
{
namespace
{
constexpr double box_tolerance = 1e-9; ///< of corners from those of a box, relative to its edges

/// Edge lengths of an axis-parallel box in standard orientation; the first is negative for another cell.
template <int dim>
std::array<double, dim> box_edges(const std::vector<dealii::Point<dim>> &corner)
{
  std::array<double, dim> edge;
  for (int d = 0; d < dim; ++d)
    edge[d] = corner[1u << d][d] - corner[0][d];
  const double smallest = *std::min_element(edge.begin(), edge.end());
  for (unsigned int v = 0; v < corner.size(); ++v)
    for (int d = 0; d < dim; ++d)
      if (!(std::abs(corner[v][d] - corner[0][d] - (v >> d & 1u ? edge[d] : 0.0)) <= box_tolerance * smallest))
        edge[0] = -1.0;
  return edge;
}
} // namespace

template <int dim>
StiffnessElements<dim>::StiffnessElements(const Organ<dim> &organ, const double full) : organ(organ), full(full)
{
  const auto &regions = organ.regions();
  for (unsigned int r = 0; r < regions.size(); ++r)
  {
    unsigned int same = 0;
    while ((regions[same].template diffusion_tensor<dim>() - regions[r].template diffusion_tensor<dim>()).norm() > 0.0)
      ++same;
    tensor_of_region.push_back(same);
  }
}

template <int dim>
std::uint32_t StiffnessElements<dim>::matrix_for(const std::vector<dealii::Point<dim>> &corner,
                                                 const unsigned int region)
{
  const dealii::Tensor<2, dim> tensor = organ.regions()[region].template diffusion_tensor<dim>();
  const auto edge = box_edges<dim>(corner);
  const bool box = edge[0] > 0.0;
  std::array<std::int64_t, dim + 1> key{};
  if (box)
  {
    for (int d = 0; d < dim; ++d)
      key[d] = std::llround(std::log(edge[d]) / box_tolerance);
    key[dim] = tensor_of_region[region];
    const auto found = boxes.find(key);
    if (found != boxes.end())
      return found->second;
  }
  Matrix matrix;
  if (box)
  {
    // All cells of a size have the very same matrix, whatever rounding did to their corners.
    std::vector<dealii::Point<dim>> exact(n_corners);
    bool diagonal = true;
    for (unsigned int v = 0; v < n_corners; ++v)
      for (int d = 0; d < dim; ++d)
        exact[v][d] = v >> d & 1u ? edge[d] : 0.0;
    for (int d = 0; d < dim; ++d)
      for (int e = 0; e < d; ++e)
        diagonal &= tensor[d][e] == 0.0;
    matrix = {cell_stiffness<dim>(exact, tensor, full), diagonal && full == 0.0};
    boxes[key] = static_cast<std::uint32_t>(matrices.size());
  }
  else
    matrix = {cell_stiffness<dim>(corner, tensor, full), false};
  matrices.push_back(std::move(matrix));
  return static_cast<std::uint32_t>(matrices.size() - 1);
}

template <int dim>
std::uint32_t StiffnessElements<dim>::condensed(const std::uint32_t matrix,
                                                const std::vector<std::vector<double>> &weights)
{
  const auto found = hanging.find({matrix, weights});
  if (found != hanging.end())
    return found->second;
  const unsigned int n = static_cast<unsigned int>(weights.front().size());
  dealii::FullMatrix<double> from_masters(n_corners, n), half(n_corners, n);
  for (unsigned int v = 0; v < n_corners; ++v)
    for (unsigned int m = 0; m < n; ++m)
      from_masters(v, m) = weights[v][m];
  Matrix result;
  result.entries.reinit(n, n);
  matrices[matrix].entries.mmult(half, from_masters);
  from_masters.Tmmult(result.entries, half);
  matrices.push_back(std::move(result));
  return hanging[{matrix, weights}] = static_cast<std::uint32_t>(matrices.size() - 1);
}

template <int dim>
void StiffnessElements<dim>::add(const typename dealii::DoFHandler<dim>::active_cell_iterator &cell,
                                 const dealii::AffineConstraints<double> &constraints, const std::vector<float> &share)
{
  std::vector<dealii::types::global_dof_index> dofs(n_corners);
  std::vector<dealii::Point<dim>> corner(n_corners);
  cell->get_dof_indices(dofs);
  bool any_constrained = false;
  for (unsigned int v = 0; v < n_corners; ++v)
  {
    corner[v] = cell->vertex(v);
    any_constrained |= constraints.is_constrained(dofs[v]);
  }
  std::vector<std::uint32_t> masters(dofs.begin(), dofs.end());
  std::vector<std::vector<double>> weights;
  if (any_constrained)
  {
    masters.clear();
    weights.assign(n_corners, {});
    const auto add_master = [&](const unsigned int v, const dealii::types::global_dof_index node, const double weight) {
      const auto place = std::find(masters.begin(), masters.end(), node) - masters.begin();
      if (static_cast<std::size_t>(place) == masters.size())
        masters.push_back(node);
      weights[v].resize(std::max<std::size_t>(weights[v].size(), place + 1), 0.0);
      weights[v][place] += weight;
    };
    for (unsigned int v = 0; v < n_corners; ++v)
      if (!constraints.is_constrained(dofs[v]))
        add_master(v, dofs[v], 1.0);
      else
        for (const auto &[node, weight] : *constraints.get_constraint_entries(dofs[v]))
          add_master(v, node, weight);
    for (auto &row : weights)
      row.resize(masters.size(), 0.0);
  }
  const auto first = static_cast<std::uint32_t>(nodes.size());
  nodes.insert(nodes.end(), masters.begin(), masters.end());
  for (unsigned int region = 0; region < share.size(); ++region)
    if (share[region] > 0.0f)
    {
      std::uint32_t matrix = matrix_for(corner, region);
      if (any_constrained)
        matrix = condensed(matrix, weights);
      elements.push_back({first, matrix, static_cast<std::uint16_t>(masters.size()), static_cast<std::uint16_t>(region),
                          share[region]});
    }
}

template class StiffnessElements<2>;
template class StiffnessElements<3>;
} // namespace nidus
