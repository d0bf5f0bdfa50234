#include "observables/colony_pieces.h"

#include "agents/neighbour_grid.h"
#include "observables/disjoint_sets.h"
#include "observables/gathered.h"

#include <algorithm>
#include <tuple>

namespace nidus
{
namespace
{
/// Members of this rank, then those of its halo.
template <int dim>
struct Members
{
  std::vector<typename NeighbourGrid<dim>::Entry> entries; ///< their index is their place here
  std::vector<std::uint64_t> keys;
  std::vector<std::uint32_t> agent; ///< of the first ones: their places in the population
  std::size_t n_owned() const { return agent.size(); }
};

template <int dim>
Members<dim> members_of(const AgentPopulation<dim> &population, const Halo<dim> &halo,
                        const std::vector<std::vector<int>> &kind)
{
  Members<dim> members;
  const auto add = [&](const auto &agents, const std::size_t i) {
    if (kind[agents.type[i]][agents.state[i]] < 0)
      return false;
    members.entries.push_back({agents.position[i], static_cast<std::uint32_t>(members.keys.size())});
    members.keys.push_back(agents.key[i]);
    return true;
  };
  for (std::size_t i = 0; i < population.size(); ++i)
    if (add(population, i))
      members.agent.push_back(static_cast<std::uint32_t>(i));
  for (std::size_t h = 0; h < halo.size(); ++h)
    add(halo, h);
  return members;
}

template <int dim>
void measure(ColonyPieces &result, const Members<dim> &members, const AgentPopulation<dim> &population)
{
  for (const auto i : members.agent)
  {
    auto &piece = result.pieces[result.piece_of[i]];
    piece.smallest_key = piece.agents == 0 ? population.key[i] : std::min(piece.smallest_key, population.key[i]);
    ++piece.agents;
    for (unsigned int d = 0; d < dim; ++d)
      piece.centre[d] += population.position[i][d];
  }
  for (auto &piece : result.pieces)
    for (double &x : piece.centre)
      x /= static_cast<double>(piece.agents);
  for (const auto i : members.agent)
  {
    auto &piece = result.pieces[result.piece_of[i]];
    for (unsigned int d = 0; d < dim; ++d)
      piece.square_sum += (population.position[i][d] - piece.centre[d]) * (population.position[i][d] - piece.centre[d]);
  }
}

/// Numbers of equal pairs (piece, what).
std::vector<PieceCount> counted(std::vector<std::pair<std::uint32_t, std::uint64_t>> pairs)
{
  std::sort(pairs.begin(), pairs.end());
  std::vector<PieceCount> counts;
  for (const auto &[piece, what] : pairs)
    if (!counts.empty() && counts.back().piece == piece && counts.back().what == what)
      ++counts.back().number;
    else
      counts.push_back({piece, 0, what, 1});
  return counts;
}

/// An agent of the halo, and the piece of all ranks that it belongs to.
struct Link
{
  std::uint64_t key, piece;
};

/// The rank that owns an agent of a halo tells in which piece it has it.
template <int dim>
std::vector<PieceJoin> joined(MPI_Comm comm, const std::vector<Link> &links, const std::uint64_t first_piece,
                              const Members<dim> &members, const std::vector<std::uint32_t> &piece_of)
{
  auto all = gather_everywhere(comm, links).all;
  std::sort(all.begin(), all.end(), [](const Link &a, const Link &b) { return a.key < b.key; });
  std::vector<PieceJoin> joins;
  if (all.empty())
    return joins;
  for (std::size_t m = 0; m < members.n_owned(); ++m)
  {
    const std::uint64_t key = members.keys[m];
    auto link =
        std::lower_bound(all.begin(), all.end(), key, [](const Link &a, const std::uint64_t b) { return a.key < b; });
    for (; link != all.end() && link->key == key; ++link)
      joins.push_back({first_piece + piece_of[members.agent[m]], link->piece});
  }
  std::sort(joins.begin(), joins.end(),
            [](const PieceJoin &a, const PieceJoin &b) { return std::tie(a.one, a.other) < std::tie(b.one, b.other); });
  const auto same = [](const PieceJoin &a, const PieceJoin &b) { return a.one == b.one && a.other == b.other; };
  joins.erase(std::unique(joins.begin(), joins.end(), same), joins.end());
  return joins;
}
} // namespace

template <int dim>
ColonyPieces colony_pieces(const AgentMigration<dim> &migration, MPI_Comm comm,
                           const std::vector<std::vector<int>> &kind, const double distance,
                           const AgentPopulation<dim> &population)
{
  std::vector<char> types;
  types.reserve(kind.size());
  for (const auto &states : kind)
    types.push_back(std::any_of(states.begin(), states.end(), [](const int k) { return k >= 0; }));
  const Halo<dim> halo = migration.exchange_halo(population, distance, types);
  const auto members = members_of(population, halo, kind);
  DisjointSets sets(members.keys.size());
  {
    const NeighbourGrid<dim> grid(distance, members.entries, members.keys);
    grid.for_each_pair(distance, [&](const std::uint32_t a, const std::uint32_t b, const auto &, double) {
      sets.join(grid.entries()[a].index, grid.entries()[b].index);
    });
  }

  // A set is named by its smallest number, so one with members of this rank is met first at such a member.
  ColonyPieces result;
  result.piece_of.assign(population.size(), ColonyPieces::no_piece);
  std::vector<std::uint32_t> piece_of_set(members.n_owned(), ColonyPieces::no_piece);
  std::vector<std::pair<std::uint32_t, std::uint64_t>> kinds, former;
  for (std::uint32_t m = 0; m < members.n_owned(); ++m)
  {
    auto &piece = piece_of_set[sets.find(m)];
    if (piece == ColonyPieces::no_piece)
    {
      piece = static_cast<std::uint32_t>(result.pieces.size());
      result.pieces.push_back({});
    }
    const auto i = members.agent[m];
    result.piece_of[i] = piece;
    kinds.emplace_back(piece, kind[population.type[i]][population.state[i]]);
    if (population.colony[i] != 0)
      former.emplace_back(piece, population.colony[i]);
  }
  result.kinds = counted(std::move(kinds));
  result.former = counted(std::move(former));
  measure(result, members, population);

  std::uint64_t first_piece = 0, n_pieces = result.pieces.size();
  MPI_Scan(&n_pieces, &first_piece, 1, MPI_UINT64_T, MPI_SUM, comm);
  first_piece -= n_pieces;
  std::vector<Link> links;
  for (std::uint32_t m = members.n_owned(); m < members.keys.size(); ++m)
    if (const auto set = sets.find(m); set < members.n_owned())
      links.push_back({members.keys[m], first_piece + piece_of_set[set]});
  result.joins = joined(comm, links, first_piece, members, result.piece_of);
  return result;
}

template ColonyPieces colony_pieces<2>(const AgentMigration<2> &, MPI_Comm, const std::vector<std::vector<int>> &,
                                       double, const AgentPopulation<2> &);
template ColonyPieces colony_pieces<3>(const AgentMigration<3> &, MPI_Comm, const std::vector<std::vector<int>> &,
                                       double, const AgentPopulation<3> &);
} // namespace nidus
