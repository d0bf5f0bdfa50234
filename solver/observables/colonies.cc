#include "observables/colonies.h"

#include "control/quantile.h"
#include "control/random.h"
#include "observables/colony_pieces.h"
#include "observables/disjoint_sets.h"
#include "observables/gathered.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
/// A new id for a colony that is seen first in the macro step @p step. An older id may be the key of the same agent in
/// another step, so the key alone would not do.
std::uint64_t new_id(const std::uint64_t smallest_key, const std::uint64_t step)
{
  return std::max<std::uint64_t>(random::mix(smallest_key, step) >> 1, 1);
}

/// The colony that most members were in, and their number.
std::pair<std::uint64_t, std::uint64_t> most_common(const Colony &colony)
{
  std::pair<std::uint64_t, std::uint64_t> best{0, 0};
  for (const auto &[id, number] : colony.former)
    if (number > best.second)
      best = {id, number};
  return best;
}

void add(Colony &colony, const ColonyPiece &piece)
{
  const double before = static_cast<double>(colony.agents), more = static_cast<double>(piece.agents);
  const double share = more / (before + more);
  double distance_square = 0.0;
  for (unsigned int d = 0; d < 3; ++d)
  {
    const double offset = piece.centre[d] - colony.centre[d];
    distance_square += offset * offset;
    colony.centre[d] = colony.agents == 0 ? piece.centre[d] : colony.centre[d] + share * offset;
  }
  colony.square_sum += piece.square_sum + (colony.agents == 0 ? 0.0 : before * share * distance_square);
  colony.smallest_key = colony.agents == 0 ? piece.smallest_key : std::min(colony.smallest_key, piece.smallest_key);
  colony.agents += piece.agents;
}

/// What all ranks have sent to rank 0.
struct Puzzle
{
  Gathered<ColonyPiece> pieces;
  Gathered<PieceCount> kinds, former;
  Gathered<PieceJoin> joins;
};

/// Calls visit(number of the piece among all, count) for the counts of all ranks.
template <typename Visit>
void for_each_count(const Gathered<PieceCount> &counts, const std::vector<int> &first_piece, const Visit &visit)
{
  std::size_t next = 0;
  for (std::size_t rank = 0; rank < counts.numbers.size(); ++rank)
    for (int i = 0; i < counts.numbers[rank]; ++i, ++next)
      visit(first_piece[rank] + counts.all[next].piece, counts.all[next]);
}

/// The colonies, and for each piece the number of its colony.
std::vector<Colony> assembled(const Puzzle &puzzle, std::vector<std::uint32_t> &colony_of)
{
  const auto &pieces = puzzle.pieces.all;
  DisjointSets sets(pieces.size());
  for (const auto &join : puzzle.joins.all)
    sets.join(static_cast<std::uint32_t>(join.one), static_cast<std::uint32_t>(join.other));
  std::vector<Colony> colonies;
  colony_of.assign(pieces.size(), 0);
  for (std::uint32_t p = 0; p < pieces.size(); ++p)
  {
    const std::uint32_t set = sets.find(p);
    if (set == p)
    {
      colony_of[p] = static_cast<std::uint32_t>(colonies.size());
      colonies.emplace_back();
    }
    colony_of[p] = colony_of[set];
    add(colonies[colony_of[p]], pieces[p]);
  }
  const auto first_piece = gathering::starts(puzzle.pieces.numbers);
  for_each_count(puzzle.kinds, first_piece, [&](const std::size_t piece, const PieceCount &count) {
    colonies[colony_of[piece]].by_state[static_cast<int>(count.what)] += count.number;
  });
  for_each_count(puzzle.former, first_piece, [&](const std::size_t piece, const PieceCount &count) {
    colonies[colony_of[piece]].former[count.what] += count.number;
  });
  return colonies;
}
} // namespace

const char *name_of(const ColonyClass kind)
{
  constexpr const char *names[] = {"solitary", "cluster", "micro", "macro"};
  return names[static_cast<int>(kind)];
}

double Colony::gyration_radius() const
{
  return std::sqrt(square_sum / static_cast<double>(agents));
}

Colonies::Colonies(const ColonyParameters &parameters, const AgentParameters &agents)
    : parameters(parameters), agents(agents), states(parameters.members.list())
{
  for (const auto &type : agents.types)
    state_index.emplace_back(type.states.size(), -1);
  for (std::size_t k = 0; k < states.size(); ++k)
    state_index[states[k].first][states[k].second] = static_cast<int>(k);
}

void Colonies::measure(Colony &colony, const int dim) const
{
  double volume = 0.0; // over that of a ball with diameter one
  for (const auto &[kind, number] : colony.by_state)
  {
    const auto &type = agents.types[states[kind].first];
    const double cells = static_cast<double>(number) * type.cells_represented;
    colony.cells += cells;
    volume += cells * std::pow(2.0 * type.radius, dim);
  }
  colony.diameter = dim == 2 ? std::sqrt(volume) : std::cbrt(volume);
  colony.kind = colony.diameter >= parameters.macro_diameter ? ColonyClass::macro
                : colony.cells >= parameters.micro_from      ? ColonyClass::micro
                : colony.cells > 1.0                         ? ColonyClass::cluster
                                                             : ColonyClass::solitary;
}

void Colonies::identify(std::vector<Colony> &colonies, const std::uint64_t step, const double time)
{
  struct Claim
  {
    std::uint64_t members;
    std::size_t colony;
  };
  std::map<std::uint64_t, Claim> claims;
  // In the order of smallest keys: of equals the first stays.
  for (std::size_t c = 0; c < colonies.size(); ++c)
    if (const auto [id, members] = most_common(colonies[c]); id != 0)
    {
      const auto [claim, first] = claims.insert({id, {members, c}});
      if (!first && members > claim->second.members)
        claim->second = {members, c};
    }
  std::map<std::uint64_t, double> seen;
  for (std::size_t c = 0; c < colonies.size(); ++c)
  {
    auto &colony = colonies[c];
    const std::uint64_t id = most_common(colony).first;
    const bool goes_on = id != 0 && claims.at(id).colony == c;
    colony.id = goes_on ? id : new_id(colony.smallest_key, step);
    colony.split_from = goes_on ? 0 : id;
    const auto known = first_seen.find(colony.id);
    colony.first_seen = known == first_seen.end() ? time : known->second;
    seen[colony.id] = colony.first_seen;
  }
  first_seen = std::move(seen);
}

template <int dim>
std::vector<Colony> Colonies::look(const AgentMigration<dim> &migration, MPI_Comm comm, const std::uint64_t step,
                                   const double time, AgentPopulation<dim> &population)
{
  const ColonyPieces mine = colony_pieces(migration, comm, state_index, parameters.distance, population);
  const Puzzle puzzle{gather_on_first(comm, mine.pieces), gather_on_first(comm, mine.kinds),
                      gather_on_first(comm, mine.former), gather_on_first(comm, mine.joins)};
  std::vector<std::uint32_t> colony_of;
  auto found = assembled(puzzle, colony_of);
  std::vector<std::uint32_t> order(found.size()), place(found.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](const std::uint32_t a, const std::uint32_t b) {
    return found[a].smallest_key < found[b].smallest_key;
  });
  std::vector<Colony> colonies;
  for (std::uint32_t c = 0; c < order.size(); ++c)
  {
    place[order[c]] = c;
    colonies.push_back(std::move(found[order[c]]));
    measure(colonies.back(), dim);
  }
  identify(colonies, step, time);

  Gathered<std::uint64_t> ids{{}, puzzle.pieces.numbers};
  for (const auto c : colony_of)
    ids.all.push_back(colonies[place[c]].id);
  const auto my_ids = scatter_from_first(comm, ids, mine.pieces.size());
  for (std::size_t i = 0; i < population.size(); ++i)
    population.colony[i] = mine.piece_of[i] == ColonyPieces::no_piece ? 0 : my_ids[mine.piece_of[i]];
  return colonies;
}

std::vector<ObservedColumn> Colonies::columns() const
{
  std::vector<ObservedColumn> columns;
  for (const auto kind : {ColonyClass::solitary, ColonyClass::cluster, ColonyClass::micro, ColonyClass::macro})
    columns.push_back({std::string("colonies ") + name_of(kind), "1"});
  for (const char *part : {"10 %", "50 %", "90 %"})
    columns.push_back({std::string("cells per colony ") + part, "1"});
  return columns;
}

std::vector<double> Colonies::row(const std::vector<Colony> &colonies) const
{
  std::vector<double> row(4, 0.0), cells;
  for (const auto &colony : colonies)
  {
    row[static_cast<int>(colony.kind)] += 1.0;
    cells.push_back(colony.cells);
  }
  std::sort(cells.begin(), cells.end());
  for (const double fraction : {0.1, 0.5, 0.9})
    row.push_back(quantile(cells, fraction));
  return row;
}

TableHead Colonies::table() const
{
  TableHead head{"colonies.csv",
                 {{"time", "min"}, {"colony", "id"}, {"class", "name"}, {"cells", "1"}, {"agents", "1"}}};
  for (const auto &[type, state] : states)
    head.columns.push_back({"agents " + agents.types[type].name + " " + agents.types[type].states[state].name, "1"});
  for (const char *axis : {"x", "y", "z"})
    head.columns.push_back({std::string("centre ") + axis, "um"});
  head.columns.push_back({"radius of gyration", "um"});
  head.columns.push_back({"equivalent diameter", "um"});
  head.columns.push_back({"age", "min"});
  head.columns.push_back({"former colonies", "1"});
  head.columns.push_back({"split from", "id"});
  return head;
}

std::vector<TableRow> Colonies::rows(const std::vector<Colony> &colonies, const double time) const
{
  std::vector<TableRow> rows;
  for (const auto &colony : colonies)
  {
    TableRow row = {time, colony.id, std::string(name_of(colony.kind)), colony.cells, colony.agents};
    for (std::size_t k = 0; k < states.size(); ++k)
    {
      const auto number = colony.by_state.find(static_cast<int>(k));
      row.emplace_back(number == colony.by_state.end() ? std::uint64_t(0) : number->second);
    }
    for (const double x : colony.centre)
      row.emplace_back(x);
    row.emplace_back(colony.gyration_radius());
    row.emplace_back(colony.diameter);
    row.emplace_back(time - colony.first_seen);
    row.emplace_back(std::uint64_t(colony.former.size()));
    row.emplace_back(colony.split_from);
    rows.push_back(std::move(row));
  }
  return rows;
}

template std::vector<Colony> Colonies::look<2>(const AgentMigration<2> &, MPI_Comm, std::uint64_t, double,
                                               AgentPopulation<2> &);
template std::vector<Colony> Colonies::look<3>(const AgentMigration<3> &, MPI_Comm, std::uint64_t, double,
                                               AgentPopulation<3> &);
} // namespace nidus
