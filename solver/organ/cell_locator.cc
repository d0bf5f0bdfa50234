#include "organ/cell_locator.h"

#include "organ/multilinear.h"
#include "organ/organ.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/tensor.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nidus
{
namespace
{
/// Width of the seam between two cells that both claim a point, relative to the cell.
constexpr double seam = 1e-10;
constexpr unsigned int newton_steps = 20;
} // namespace

template <int dim>
CellLocator<dim>::CellLocator(const Organ<dim> &organ)
    : comm(organ.communicator()), my_rank(dealii::Utilities::MPI::this_mpi_process(comm))
{
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (!cell->is_artificial() && organ.is_tissue(cell))
      cells.push_back(cell);
  std::sort(cells.begin(), cells.end(), [](const auto &a, const auto &b) { return a->id() < b->id(); });

  std::pair<dealii::Point<dim>, dealii::Point<dim>> box;
  for (unsigned int d = 0; d < dim; ++d)
  {
    box.first[d] = lower[d] = 1e300;
    box.second[d] = upper[d] = -1e300;
  }
  for (const auto &cell : cells)
  {
    Vertices corner;
    for (unsigned int v = 0; v < n_vertices; ++v)
      corner[v] = cell->vertex(v);
    bool box_cell = true;
    for (unsigned int v = 0; v < n_vertices; ++v)
      for (unsigned int d = 0; d < dim; ++d)
      {
        box_cell &= corner[v][d] == ((v >> d & 1u) ? corner[n_vertices - 1][d] : corner[0][d]);
        lower[d] = std::min(lower[d], corner[v][d]);
        upper[d] = std::max(upper[d], corner[v][d]);
        if (cell->is_locally_owned())
        {
          box.first[d] = std::min(box.first[d], corner[v][d]);
          box.second[d] = std::max(box.second[d], corner[v][d]);
        }
      }
    vertices.push_back(corner);
    is_box.push_back(box_cell ? 1 : 0);
    owner_rank.push_back(cell->subdomain_id());
  }
  boxes = dealii::Utilities::MPI::all_gather(comm, box);
  build_bins();
}

template <int dim>
std::array<int, dim> CellLocator<dim>::bin_of(const dealii::Point<dim> &point) const
{
  std::array<int, dim> bin;
  for (unsigned int d = 0; d < dim; ++d)
    bin[d] = std::clamp(static_cast<int>(std::floor((point[d] - lower[d]) * bins_per_length[d])), 0, n_bins[d] - 1);
  return bin;
}

template <int dim>
void CellLocator<dim>::build_bins()
{
  if (cells.empty())
    return;
  // About one cell per bin: bins as long as a cell of mean size.
  double box_volume = 1.0;
  for (unsigned int d = 0; d < dim; ++d)
    box_volume *= upper[d] - lower[d];
  const double length = std::pow(box_volume / (4.0 * cells.size()), 1.0 / dim);
  std::size_t total = 1;
  for (unsigned int d = 0; d < dim; ++d)
  {
    n_bins[d] = std::max(1, static_cast<int>((upper[d] - lower[d]) / length));
    bins_per_length[d] = n_bins[d] / (upper[d] - lower[d]);
    total *= n_bins[d];
  }

  const auto for_each_bin = [&](const std::uint32_t index, const auto &action) {
    dealii::Point<dim> low = vertices[index][0], high = low;
    for (const auto &vertex : vertices[index])
      for (unsigned int d = 0; d < dim; ++d)
      {
        low[d] = std::min(low[d], vertex[d]);
        high[d] = std::max(high[d], vertex[d]);
      }
    const dealii::Tensor<1, dim> margin = 1e-6 * (high - low);
    const auto first = bin_of(low - margin), last = bin_of(high + margin);
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
  };

  bin_start.assign(total + 1, 0);
  for (std::uint32_t c = 0; c < cells.size(); ++c)
    for_each_bin(c, [&](const std::size_t bin) { ++bin_start[bin + 1]; });
  std::partial_sum(bin_start.begin(), bin_start.end(), bin_start.begin());
  bin_cells.resize(bin_start.back());
  std::vector<std::uint32_t> next(bin_start.begin(), bin_start.end() - 1);
  for (std::uint32_t c = 0; c < cells.size(); ++c)
    for_each_bin(c, [&](const std::size_t bin) { bin_cells[next[bin]++] = c; });
}

template <int dim>
bool CellLocator<dim>::inside(const std::uint32_t index, const dealii::Point<dim> &point,
                              dealii::Point<dim> &reference) const
{
  const Vertices &corner = vertices[index];
  if (is_box[index])
    for (unsigned int d = 0; d < dim; ++d)
      reference[d] = (point[d] - corner[0][d]) / (corner[n_vertices - 1][d] - corner[0][d]);
  else
  {
    // Newton's method for the inverse of the multilinear map, from the middle of the cell.
    for (unsigned int d = 0; d < dim; ++d)
      reference[d] = 0.5;
    bool converged = false;
    for (unsigned int step = 0; step < newton_steps && !converged; ++step)
    {
      const Multilinear<dim> map(reference);
      const dealii::Tensor<1, dim> update = dealii::invert(map.jacobian(corner)) * (point - map.point(corner));
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
  {
    in &= reference[d] >= -seam && reference[d] <= 1.0 + seam;
    reference[d] = std::clamp(reference[d], 0.0, 1.0);
  }
  return in;
}

template <int dim>
typename CellLocator<dim>::Place CellLocator<dim>::locate(const dealii::Point<dim> &point,
                                                          const std::uint32_t hint) const
{
  Place place;
  if (hint != nowhere && inside(hint, point, place.reference))
  {
    // Strictly inside no other cell can claim it; on the seam the smallest identifier decides below.
    bool strictly = true;
    for (unsigned int d = 0; d < dim; ++d)
      strictly &= place.reference[d] > 2.0 * seam && place.reference[d] < 1.0 - 2.0 * seam;
    if (strictly)
    {
      place.cell = hint;
      return place;
    }
  }
  if (cells.empty())
    return place;
  for (unsigned int d = 0; d < dim; ++d)
    if (!(point[d] >= lower[d] - 1e-6 * (upper[d] - lower[d]) && point[d] <= upper[d] + 1e-6 * (upper[d] - lower[d])))
      return place;
  const auto bin = bin_of(point);
  std::size_t number = 0;
  for (int d = dim - 1; d >= 0; --d)
    number = number * n_bins[d] + bin[d];
  // Candidates are in ascending order of their global identifier, so the first that holds the point is the owner.
  for (std::uint32_t i = bin_start[number]; i < bin_start[number + 1]; ++i)
    if (inside(bin_cells[i], point, place.reference))
    {
      place.cell = bin_cells[i];
      return place;
    }
  return place;
}

template <int dim>
std::vector<int> CellLocator<dim>::find_owners(const std::vector<dealii::Point<dim>> &points) const
{
  const auto all = dealii::Utilities::MPI::all_gather(comm, points);
  std::vector<int> claims;
  for (const auto &of_rank : all)
    for (const auto &point : of_rank)
    {
      // A rank that owns a cell at the point knows all other cells there too (they are in its ghost layer), so it
      // claims the point only when its own cell is the one with the smallest identifier.
      const Place place = locate(point);
      claims.push_back(place.found() && is_owned(place.cell) ? static_cast<int>(my_rank) : -1);
    }
  std::vector<int> owners(claims.size(), -1);
  if (!claims.empty())
    MPI_Allreduce(claims.data(), owners.data(), static_cast<int>(claims.size()), MPI_INT, MPI_MAX, comm);
  std::size_t offset = 0;
  for (unsigned int rank = 0; rank < my_rank; ++rank)
    offset += all[rank].size();
  return {owners.begin() + offset, owners.begin() + offset + points.size()};
}

template class CellLocator<2>;
template class CellLocator<3>;
} // namespace nidus
