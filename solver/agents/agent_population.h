#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>

#include <cstdint>
#include <vector>

namespace nidus
{
/// One agent as it travels between ranks, into a checkpoint and into the events that create it.
template <int dim>
struct AgentRecord
{
  std::uint64_t key = 0;           ///< lineage key, unique, never reused, never 0
  std::uint64_t mother = 0;        ///< key of the mother; 0 for seeded and arrived agents
  std::uint64_t founder = 0;       ///< key of the seeded or arrived agent it descends from; 0: itself
  std::uint64_t colony = 0;        ///< colony that it was in when colonies were last looked for; 0: none
  std::uint32_t divisions = 0;     ///< number of divisions of this agent as a mother (numbers its daughters)
  std::uint32_t generation = 0;    ///< divisions behind it since it became its type
  std::uint32_t stage = 0;         ///< stages passed in this state, of the transition that has several
  std::int32_t type = 0;           ///< index into AgentParameters::types
  std::int32_t state = 0;          ///< index into the states of the type
  double state_since = 0.0;        ///< min
  double born = 0.0;               ///< min
  dealii::Point<dim> position;     ///< um
  dealii::Tensor<1, dim> velocity; ///< active velocity, um/min
  std::vector<double> receptors;   ///< as in AgentPopulation; empty: none are set
};

/// What stands for numbers of receptors that are not known yet.
constexpr double unset_receptor = -1.0;

/**
 * The agents whose position lies in mesh cells of this rank, as a structure of arrays.
 *
 * sort() puts them in the order of mesh cells, which is an order of space, and in each cell in the order of keys: loops
 * find what they need in the cache, and sums over the agents of a cell are the same on any number of ranks.
 */
template <int dim>
class AgentPopulation
{
public:
  /// Of an agent that has not been located in the mesh yet; the same number as CellLocator::nowhere.
  static constexpr std::uint32_t no_cell = 0xFFFFFFFFu;

  /// @p receptor_doubles: AgentParameters::receptor_doubles().
  explicit AgentPopulation(const unsigned int receptor_doubles = 0) : n_receptor_doubles(receptor_doubles) {}

  std::size_t size() const { return key.size(); }

  unsigned int receptor_doubles() const { return n_receptor_doubles; }
  /// The numbers of all full receptors of an agent (agents/receptor_kinetics).
  double *receptors_of(const std::size_t i) { return receptors.data() + i * n_receptor_doubles; }
  const double *receptors_of(const std::size_t i) const { return receptors.data() + i * n_receptor_doubles; }

  /// Those of all agents after each other.
  const std::vector<double> &receptor_numbers() const { return receptors; }
  void set_receptor_numbers(const std::vector<double> &numbers) { receptors = numbers; }

  AgentRecord<dim> record(std::size_t i) const;

  /// Adds an agent at the end; the order is restored by sort().
  void append(const AgentRecord<dim> &record, std::uint32_t in_cell = no_cell,
              const dealii::Point<dim> &at = dealii::Point<dim>());

  /// Removes the agents with remove[i] != 0; the order of the others stays.
  void remove(const std::vector<char> &remove);

  /// Restores the order by (cell, key); agents without a cell are the last. Cheap when few have changed their cell.
  void sort();

  /// Before cells get new numbers.
  void forget_cells();

  std::vector<std::uint64_t> key, mother, founder;
  std::vector<std::uint64_t> colony; ///< at the last look (observables/colonies); 0: none
  std::vector<std::uint32_t> divisions, generation, stage;
  std::vector<std::int32_t> type, state;
  std::vector<double> state_since, born;
  std::vector<dealii::Point<dim>> position;
  std::vector<dealii::Tensor<1, dim>> velocity;
  /// Where the agent is in the mesh: index of the cell in the CellLocator and reference position in it.
  std::vector<std::uint32_t> cell;
  std::vector<dealii::Point<dim>> reference_position;

private:
  std::vector<std::uint32_t> sorted_cell; ///< the cell by which the agent was sorted last

  /// The one list of all arrays, so that none is forgotten when agents are reordered: calls visit(array, entries per
  /// agent).
  template <typename Visitor>
  void for_each_array(const Visitor &visit);

  unsigned int n_receptor_doubles;
  std::vector<double> receptors;
};

/// Agents of other ranks within the interaction radius; all as of the last exchange.
template <int dim>
struct Halo
{
  std::vector<std::uint64_t> key;
  std::vector<std::int32_t> type, state;
  std::vector<dealii::Point<dim>> position;

  std::size_t size() const { return key.size(); }
};
} // namespace nidus
