#include "organ/connected_pieces.h"

#include <deal.II/grid/grid_tools.h>

#include <algorithm>
#include <iomanip>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>

namespace nidus
{
namespace
{
/// Groups of numbers that are joined step by step.
class Groups
{
public:
  explicit Groups(const std::size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), std::size_t(0)); }

  std::size_t root(std::size_t i)
  {
    while (parent[i] != i)
      i = parent[i] = parent[parent[i]];
    return i;
  }

  /// The smaller number stays the root.
  void join(std::size_t a, std::size_t b)
  {
    a = root(a);
    b = root(b);
    parent[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<std::size_t> parent;
};

/// Calls @p action for each face at which an owned cell has a neighbour of its region that is not finer.
template <int dim, typename Action>
void for_each_joint(const Organ<dim> &organ, const Action &action)
{
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
      for (const unsigned int f : cell->face_indices())
        if (!cell->at_boundary(f) && cell->neighbor(f)->is_active() &&
            cell->neighbor(f)->material_id() == cell->material_id())
          action(cell, cell->neighbor(f));
}

/// Numbers the pieces of this rank, from 0; @p piece_of holds them by active index.
template <int dim>
std::size_t number_local_pieces(const Organ<dim> &organ, std::vector<std::size_t> &piece_of)
{
  Groups groups(organ.triangulation().n_active_cells());
  for_each_joint(organ, [&](const auto &cell, const auto &neighbour) {
    if (neighbour->is_locally_owned())
      groups.join(cell->active_cell_index(), neighbour->active_cell_index());
  });
  std::size_t n = 0;
  piece_of.assign(organ.triangulation().n_active_cells(), 0);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
    {
      const std::size_t index = cell->active_cell_index(), root = groups.root(index);
      piece_of[index] = root == index ? n++ : piece_of[root];
    }
  return n;
}
/// For each pair of a piece of this rank and one of another rank that touch, both global numbers, one after the other.
template <int dim>
std::vector<std::size_t> joints_to_others(const Organ<dim> &organ, const std::vector<std::size_t> &piece_of,
                                          const std::size_t first)
{
  using Cell = typename dealii::Triangulation<dim>::active_cell_iterator;
  std::vector<std::size_t> ghost_piece(organ.triangulation().n_active_cells(), 0);
  dealii::GridTools::exchange_cell_data_to_ghosts<std::size_t>(
      organ.triangulation(),
      [&](const Cell &cell) -> std::optional<std::size_t> { return first + piece_of[cell->active_cell_index()]; },
      [&](const Cell &cell, const std::size_t &piece) { ghost_piece[cell->active_cell_index()] = piece; });
  std::set<std::pair<std::size_t, std::size_t>> joints;
  for_each_joint(organ, [&](const auto &cell, const auto &neighbour) {
    if (neighbour->is_ghost())
      joints.emplace(first + piece_of[cell->active_cell_index()], ghost_piece[neighbour->active_cell_index()]);
  });
  std::vector<std::size_t> numbers;
  for (const auto &[a, b] : joints)
    numbers.insert(numbers.end(), {a, b});
  return numbers;
}

template <typename Number>
std::vector<Number> gathered(const MPI_Comm comm, const std::vector<Number> &part)
{
  std::vector<Number> all;
  for (const auto &of_rank : dealii::Utilities::MPI::all_gather(comm, part))
    all.insert(all.end(), of_rank.begin(), of_rank.end());
  return all;
}
} // namespace

template <int dim>
std::vector<RegionPieces> count_pieces(const Organ<dim> &organ)
{
  const MPI_Comm comm = organ.communicator();
  std::vector<std::size_t> piece_of;
  const std::size_t n_local = number_local_pieces(organ, piece_of);
  const auto n_of_ranks = dealii::Utilities::MPI::all_gather(comm, n_local);
  const auto rank = dealii::Utilities::MPI::this_mpi_process(comm);
  const std::size_t first = std::accumulate(n_of_ranks.begin(), n_of_ranks.begin() + rank, std::size_t(0));

  std::vector<double> local_volume(n_local, 0.0);
  std::vector<unsigned int> local_region(n_local, 0);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
    {
      local_volume[piece_of[cell->active_cell_index()]] += cell->measure();
      local_region[piece_of[cell->active_cell_index()]] = cell->material_id();
    }

  // Pieces are few, so each rank puts all of them together.
  const auto volume = gathered(comm, local_volume);
  const auto region = gathered(comm, local_region);
  const auto joints = gathered(comm, joints_to_others(organ, piece_of, first));
  Groups groups(volume.size());
  for (std::size_t j = 0; j < joints.size(); j += 2)
    groups.join(joints[j], joints[j + 1]);
  std::vector<double> whole(volume.size(), 0.0);
  for (std::size_t i = 0; i < volume.size(); ++i)
    whole[groups.root(i)] += volume[i];
  std::vector<RegionPieces> result(organ.regions().size());
  for (std::size_t i = 0; i < whole.size(); ++i)
    if (groups.root(i) == i)
    {
      RegionPieces &pieces = result[region[i]];
      ++pieces.number;
      pieces.largest_share = std::max(pieces.largest_share, whole[i] / organ.region_volumes()[region[i]]);
    }
  return result;
}

template <int dim>
std::vector<std::string> region_warnings(const Organ<dim> &organ)
{
  std::vector<std::string> warnings;
  const auto pieces = count_pieces(organ);
  for (std::size_t r = 0; r < pieces.size(); ++r)
    if (pieces[r].number == 0 && organ.regions()[r].name != "outside")
      warnings.push_back("the region " + organ.regions()[r].name +
                         " has no cell: cells are larger than it (Organ/Cell size, Organ/Wall refinements)");
    else if (organ.regions()[r].tissue && pieces[r].number > 1)
    {
      std::ostringstream text;
      text << "the region " << organ.regions()[r].name << " falls into " << pieces[r].number
           << " pieces that share no face; the largest has " << std::setprecision(4) << 100.0 * pieces[r].largest_share
           << " % of its volume";
      warnings.push_back(text.str());
    }
  return warnings;
}

template std::vector<RegionPieces> count_pieces<2>(const Organ<2> &);
template std::vector<RegionPieces> count_pieces<3>(const Organ<3> &);
template std::vector<std::string> region_warnings<2>(const Organ<2> &);
template std::vector<std::string> region_warnings<3>(const Organ<3> &);
} // namespace nidus
