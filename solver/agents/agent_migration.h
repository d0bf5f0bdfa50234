#pragma once

#include "agents/agent_population.h"

#include <deal.II/base/tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
template <int dim>
class CellLocator;

/// What happens to an agent that would leave the tissue. In both cases it stays where it is.
enum class WallRule
{
  stay,            ///< displaced by forces: its active velocity is its own affair
  reverse_velocity ///< crawling: refusing the move and reversing the velocity is the no-flux wall of a persistent
                   ///< walk, since it keeps uniformly distributed agents uniformly distributed
};

/**
 * Agents move through the mesh and from rank to rank. All functions are collective; none loses an agent.
 *
 * The locator is referred to and may be rebuilt between calls; then settle() has to be called.
 */
template <int dim>
class AgentMigration
{
public:
  explicit AgentMigration(const CellLocator<dim> &locator) : locator(locator) {}

  /// Of the agents that were on this rank at the start.
  struct Tally
  {
    std::uint64_t refused = 0;     ///< stayed, because the move ends outside of the tissue
    std::uint64_t handed_over = 0; ///< went to another rank
  };

  /// Moves each owned agent by its displacement, um, if that ends in tissue, and hands it over to the rank it is then
  /// on.
  Tally relocate(const std::vector<dealii::Tensor<1, dim>> &displacement, WallRule rule,
                 AgentPopulation<dim> &population) const;

  /// The same for some agents, given by their places in the population; the others stay.
  Tally relocate(const std::vector<std::pair<std::size_t, dealii::Tensor<1, dim>>> &displacement, WallRule rule,
                 AgentPopulation<dim> &population) const;

  /// Finds the mesh cell of every agent anew, wherever it is, hands it over, and sorts: after seeding, arrivals, a
  /// restart or a repartition. Throws std::runtime_error if an agent is outside of the tissue.
  Tally settle(AgentPopulation<dim> &population) const;

  /// The agents of other ranks that may be within @p radius of an agent of this rank. @p types: which types are wanted,
  /// empty: all.
  Halo<dim> exchange_halo(const AgentPopulation<dim> &population, double radius,
                          const std::vector<char> &types = {}) const;

  /// Whether @p here holds on any rank.
  bool anywhere(bool here) const;

private:
  struct Departures;

  /// Takes agent @p i along, or notes it among the departures.
  void displace(std::size_t i, const dealii::Tensor<1, dim> &displacement, AgentPopulation<dim> &population,
                Departures &departures) const;
  /// Collective. What is left to do when all agents have been displaced.
  Tally depart(Departures &departures, WallRule rule, AgentPopulation<dim> &population) const;
  /// Collective. Asks other ranks for the places that are not known here, and says what is refused.
  void resolve(Departures &departures, AgentPopulation<dim> &population) const;
  /// Collective. Throws on all ranks if there is an offending agent on any.
  void refuse_everywhere(const std::vector<std::size_t> &offending, const AgentPopulation<dim> &population,
                         const std::string &why) const;
  void hand_over(const Departures &departures, AgentPopulation<dim> &population) const;

  const CellLocator<dim> &locator;
};
} // namespace nidus
