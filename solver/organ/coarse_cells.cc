#include "organ/coarse_cells.h"

#include "organ/multilinear.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nidus
{
namespace
{
constexpr unsigned int newton_steps = 20;
} // namespace

template <int dim>
void CoarseCells<dim>::add(const Corners &corners)
{
  const auto &first = corners[0], &last = corners[n_vertices - 1];
  bool is_box = true;
  for (unsigned int v = 0; v < n_vertices; ++v)
    for (unsigned int d = 0; d < dim; ++d)
      is_box &= corners[v][d] == ((v >> d & 1u) ? last[d] : first[d]);
  dealii::Tensor<1, dim> inverse;
  for (unsigned int d = 0; d < dim; ++d)
    inverse[d] = 1.0 / (last[d] - first[d]);
  corner_list.push_back(corners);
  box.push_back(is_box ? 1 : 0);
  inverse_edge.push_back(inverse);
}

template <int dim>
void CoarseCells<dim>::finish()
{
  if (corner_list.empty())
    return;
  lower = upper = corner_list[0][0];
  for (const auto &corners : corner_list)
    for (const auto &corner : corners)
      for (unsigned int d = 0; d < dim; ++d)
      {
        lower[d] = std::min(lower[d], corner[d]);
        upper[d] = std::max(upper[d], corner[d]);
      }

  // Bins as long as a cell of mean size.
  double volume = 1.0;
  for (unsigned int d = 0; d < dim; ++d)
    volume *= upper[d] - lower[d];
  const double length = std::pow(volume / static_cast<double>(size()), 1.0 / dim);
  std::size_t total = 1;
  for (unsigned int d = 0; d < dim; ++d)
  {
    n_bins[d] = std::max(1, static_cast<int>((upper[d] - lower[d]) / length));
    bins_per_length[d] = n_bins[d] / (upper[d] - lower[d]);
    total *= n_bins[d];
  }
  bin_start.assign(total + 1, 0);
  for (std::uint32_t c = 0; c < size(); ++c)
    for_each_bin(c, [&](const std::size_t bin) { ++bin_start[bin + 1]; });
  std::partial_sum(bin_start.begin(), bin_start.end(), bin_start.begin());
  bin_cells.resize(bin_start.back());
  std::vector<std::uint32_t> next(bin_start.begin(), bin_start.end() - 1);
  for (std::uint32_t c = 0; c < size(); ++c)
    for_each_bin(c, [&](const std::size_t bin) { bin_cells[next[bin]++] = c; });
}

template <int dim>
template <typename Action>
void CoarseCells<dim>::for_each_bin(const std::uint32_t index, const Action &action) const
{
  dealii::Point<dim> low = corner_list[index][0], high = low;
  for (const auto &corner : corner_list[index])
    for (unsigned int d = 0; d < dim; ++d)
    {
      low[d] = std::min(low[d], corner[d]);
      high[d] = std::max(high[d], corner[d]);
    }
  const dealii::Tensor<1, dim> margin = 1e-6 * (high - low);
  const auto first = bin_coordinates(low - margin), last = bin_coordinates(high + margin);
  std::array<int, dim> bin = first;
  for (bool more = true; more;)
  {
    std::size_t number = 0;
    for (int d = dim - 1; d >= 0; --d)
      number = number * n_bins[d] + bin[d];
    action(number);
    more = false;
    for (unsigned int d = 0; d < dim && !more; ++d)
    {
      more = bin[d] < last[d];
      bin[d] = more ? bin[d] + 1 : first[d];
    }
  }
}

template <int dim>
std::array<int, dim> CoarseCells<dim>::bin_coordinates(const dealii::Point<dim> &point) const
{
  std::array<int, dim> bin;
  for (unsigned int d = 0; d < dim; ++d)
    bin[d] = std::clamp(static_cast<int>(std::floor((point[d] - lower[d]) * bins_per_length[d])), 0, n_bins[d] - 1);
  return bin;
}

template <int dim>
std::size_t CoarseCells<dim>::bin_of(const dealii::Point<dim> &point) const
{
  if (corner_list.empty())
    return no_bin;
  for (unsigned int d = 0; d < dim; ++d)
  {
    const double margin = 1e-6 * (upper[d] - lower[d]);
    // Written so that a coordinate that is not a number is nowhere.
    if (!(point[d] >= lower[d] - margin && point[d] <= upper[d] + margin))
      return no_bin;
  }
  const auto bin = bin_coordinates(point);
  std::size_t number = 0;
  for (int d = dim - 1; d >= 0; --d)
    number = number * n_bins[d] + bin[d];
  return number;
}

template <int dim>
std::pair<const std::uint32_t *, const std::uint32_t *>
CoarseCells<dim>::candidates(const dealii::Point<dim> &point) const
{
  const auto bin = bin_of(point);
  if (bin == no_bin)
    return {nullptr, nullptr};
  return {bin_cells.data() + bin_start[bin], bin_cells.data() + bin_start[bin + 1]};
}

template <int dim>
bool CoarseCells<dim>::inside(const std::uint32_t index, const dealii::Point<dim> &point,
                              dealii::Point<dim> &reference) const
{
  const auto &corners = corner_list[index];
  if (box[index])
    for (unsigned int d = 0; d < dim; ++d)
      reference[d] = (point[d] - corners[0][d]) * inverse_edge[index][d];
  else
  {
    // Newton's method for the inverse of the multilinear map, from the middle of the cell.
    for (unsigned int d = 0; d < dim; ++d)
      reference[d] = 0.5;
    bool converged = false;
    for (unsigned int step = 0; step < newton_steps && !converged; ++step)
    {
      const Multilinear<dim> map(reference);
      const dealii::Tensor<1, dim> update = dealii::invert(map.jacobian(corners)) * (point - map.point(corners));
      reference += update;
      converged = update.norm() < 1e-12;
      // Far from the cell the map may fold; the point is then not in it.
      if (!(update.norm() < 1e3) || !(reference.norm() < 1e3))
        return false;
    }
    if (!converged)
      return false;
  }
  bool in = true;
  for (unsigned int d = 0; d < dim; ++d)
    in &= reference[d] >= -seam && reference[d] <= 1.0 + seam;
  return in;
}

template <int dim>
dealii::Point<dim> CoarseCells<dim>::point(const std::uint32_t index, const dealii::Point<dim> &reference) const
{
  const auto &corners = corner_list[index];
  if (!box[index])
    return Multilinear<dim>(reference).point(corners);
  dealii::Point<dim> place;
  for (unsigned int d = 0; d < dim; ++d)
    place[d] = corners[0][d] + reference[d] * (corners[n_vertices - 1][d] - corners[0][d]);
  return place;
}

template <int dim>
dealii::Tensor<2, dim> CoarseCells<dim>::inverse_jacobian(const std::uint32_t index,
                                                          const dealii::Point<dim> &reference) const
{
  if (!box[index])
    return dealii::invert(Multilinear<dim>(reference).jacobian(corner_list[index]));
  dealii::Tensor<2, dim> inverse;
  for (unsigned int d = 0; d < dim; ++d)
    inverse[d][d] = inverse_edge[index][d];
  return inverse;
}

template class CoarseCells<2>;
template class CoarseCells<3>;
} // namespace nidus
