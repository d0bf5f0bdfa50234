#include "coupling/nodal_gradients.h"

#include "organ/multilinear.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// Of the smallest edge of the mesh: near enough to be in a cell that touches the node, far enough from its faces.
constexpr double relative_step = 1e-3;
} // namespace

template <int dim>
NodalGradients<dim>::NodalGradients(const FieldSet<dim> &fields, const CellLocator<dim> &locator,
                                    const CellNodes<dim> &nodes, std::vector<unsigned int> followed)
    : fields(fields), locator(locator), nodes(nodes), followed(std::move(followed)),
      step(relative_step * fields.organ.smallest_edge()), slot(nodes.n_local_nodes(), unprepared)
{
}

template <int dim>
std::uint32_t NodalGradients<dim>::prepare(const std::uint32_t cell, const unsigned int vertex)
{
  const std::uint32_t node = nodes.nodes(cell)[vertex];
  const auto place = locator.corner(cell, vertex);
  dealii::Tensor<1, dim> total;
  std::vector<std::pair<std::uint32_t, dealii::Tensor<1, dim>>> weights;
  const auto weight_of = [&weights](const std::uint32_t neighbour) -> dealii::Tensor<1, dim> & {
    for (auto &entry : weights)
      if (entry.first == neighbour)
        return entry.second;
    return weights.emplace_back(neighbour, dealii::Tensor<1, dim>()).second;
  };
  const double negligible = 1e-9 / fields.organ.smallest_edge();
  for (unsigned int direction = 0; direction < (1u << dim); ++direction)
  {
    auto beside = place;
    for (unsigned int d = 0; d < dim; ++d)
      beside[d] += (direction >> d & 1u) ? step : -step;
    const auto around = locator.locate(beside);
    if (!around.found())
      continue;
    const auto reference = locator.reference(around.cell, place);
    const auto inverse = locator.inverse_jacobian(around.cell, reference);
    dealii::Tensor<1, dim> weight;
    for (unsigned int d = 0; d < dim; ++d)
    {
      for (unsigned int e = 0; e < dim; ++e)
        weight[d] += inverse[e][d] * inverse[e][d];
      weight[d] = std::sqrt(weight[d]);
    }
    total += weight;
    const Multilinear<dim> shape(reference);
    for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
    {
      const dealii::Tensor<1, dim> slope = shape.gradient[v] * inverse;
      // At a vertex of the cell all but its neighbours along edges have slopes of rounding size.
      if (slope.norm_square() < negligible * negligible)
        continue;
      auto &sum = weight_of(nodes.nodes(around.cell)[v]);
      for (unsigned int d = 0; d < dim; ++d)
        sum[d] += weight[d] * slope[d];
    }
  }
  struct Entry
  {
    std::array<float, dim> weight;
    std::uint32_t node;
  };
  std::vector<Entry> entries;
  for (const auto &[neighbour, weight] : weights)
  {
    // The constant function has no gradient: the node itself needs no weight.
    if (neighbour == node)
      continue;
    Entry entry{{}, neighbour};
    bool counts = false;
    for (unsigned int d = 0; d < dim; ++d)
    {
      entry.weight[d] = static_cast<float>(weight[d] / total[d]);
      // What two cells say may cancel up to rounding.
      counts |= std::abs(weight[d]) > negligible * total[d];
    }
    if (counts)
      entries.push_back(entry);
  }
  // An order that is the same on all ranks, and makes equal surroundings equal patterns.
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) { return a.weight < b.weight; });
  Weights pattern;
  Stencil stencil{static_cast<std::uint32_t>(neighbour_list.size()), 0, 0};
  for (const auto &entry : entries)
  {
    pattern.push_back(entry.weight);
    neighbour_list.push_back(entry.node);
  }
  const auto known = pattern_of.emplace(pattern, static_cast<std::uint32_t>(patterns.size()));
  if (known.second)
    patterns.push_back(std::move(pattern));
  stencil.pattern = known.first->second;
  slot[node] = static_cast<std::uint32_t>(stencils.size());
  stencils.push_back(stencil);
  gradients.resize(stencils.size() * followed.size());
  return slot[node];
}

template <int dim>
const dealii::Tensor<1, dim> *NodalGradients<dim>::computed(const std::uint32_t cell, const unsigned int vertex,
                                                            const double *state)
{
  const std::uint32_t node = nodes.nodes(cell)[vertex];
  const std::uint32_t here = slot[node] == unprepared ? prepare(cell, vertex) : slot[node];
  Stencil &stencil = stencils[here];
  auto *gradient = gradients.data() + here * followed.size();
  stencil.epoch = epoch;
  const std::size_t n = fields.n_fields();
  const auto &pattern = patterns[stencil.pattern];
  const double *at_node = state + static_cast<std::size_t>(node) * n;
  std::fill_n(gradient, followed.size(), dealii::Tensor<1, dim>());
  for (std::size_t k = 0; k < pattern.size(); ++k)
  {
    const double *beside = state + neighbour_list[stencil.neighbours + k] * n;
    for (std::size_t f = 0; f < followed.size(); ++f)
    {
      const double difference = beside[followed[f]] - at_node[followed[f]];
      for (unsigned int d = 0; d < dim; ++d)
        gradient[f][d] += pattern[k][d] * difference;
    }
  }
  return gradient;
}

template class NodalGradients<2>;
template class NodalGradients<3>;
} // namespace nidus
