#pragma once

#include "agents/agent_migration.h"
#include "agents/agent_population.h"
#include "observables/observable_parameters.h"
#include "observables/observed.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nidus
{
enum class ColonyClass
{
  solitary, ///< one cell
  cluster,  ///< fewer cells than a micro colony
  micro,
  macro
};

const char *name_of(ColonyClass kind);

/// Members that are connected: each is closer than the distance to another one.
struct Colony
{
  std::uint64_t id = 0;
  std::uint64_t smallest_key = 0;        ///< of a member
  std::uint64_t agents = 0;              ///< members
  std::map<int, std::uint64_t> by_state; ///< members by their place in the list of the selection
  std::array<double, 3> centre{{0, 0, 0}};
  double square_sum = 0.0; ///< of distances to the centre, um^2
  double cells = 0.0;      ///< that the members represent
  double diameter = 0.0;   ///< um, of the ball with the volume of all cells
  ColonyClass kind = ColonyClass::solitary;
  double first_seen = 0.0;                       ///< min
  std::map<std::uint64_t, std::uint64_t> former; ///< colonies that members were in at the last look, with their number
  std::uint64_t split_from = 0;                  ///< the colony of most members, which another part goes on as; 0: none

  double gyration_radius() const;
};

/**
 * Colonies and their names in time.
 *
 * Members carry the colony of the last look (AgentPopulation::colony; daughters inherit it). A component goes on as the
 * colony that most of its members were in, of equals the one with the smaller id. When several components would go on
 * as one colony, the one with most members from it does, of equals the one with the smallest key; the others, and
 * components without former members, get a new id, a hash of their smallest key and the macro step. Ids are below 2^63
 * and never 0. Nothing depends on the number of ranks; sums of places do by their rounding.
 */
class Colonies
{
public:
  /// Both are referred to.
  Colonies(const ColonyParameters &parameters, const AgentParameters &agents);

  /// Finds the colonies, and notes their ids in the population (0 at agents that are no members). The colonies on rank
  /// 0, in the order of their smallest keys; nothing on other ranks. Collective.
  template <int dim>
  std::vector<Colony> look(const AgentMigration<dim> &migration, MPI_Comm comm, std::uint64_t step, double time,
                           AgentPopulation<dim> &population);

  /// Columns of the statistics, and their values.
  std::vector<ObservedColumn> columns() const;
  std::vector<double> row(const std::vector<Colony> &colonies) const;

  TableHead table() const;
  std::vector<TableRow> rows(const std::vector<Colony> &colonies, double time) const;

  /// First times of the living colonies, on rank 0, for checkpoints.
  std::map<std::uint64_t, double> first_seen;

private:
  void measure(Colony &colony, int dim) const;
  void identify(std::vector<Colony> &colonies, std::uint64_t step, double time);

  const ColonyParameters &parameters;
  const AgentParameters &agents;
  std::vector<std::pair<int, int>> states;   ///< (type, state) of members
  std::vector<std::vector<int>> state_index; ///< [type][state] -> place in states, -1: no member
};
} // namespace nidus
