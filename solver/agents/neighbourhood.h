#pragma once

#include "agents/agent_population.h"
#include "agents/neighbour_grid.h"

namespace nidus
{
/**
 * The agents of this rank and those of the halo under one index: i < population.size() is owned, the others follow in
 * the order of the halo. Refers to both, and is valid until one of them changes.
 */
template <int dim>
class Neighbourhood
{
public:
  /// @p takes_part: per type, whether its agents are in the grid; empty: all are.
  Neighbourhood(const AgentPopulation<dim> &population, const Halo<dim> &halo, double bin_size,
                const std::vector<char> &takes_part = {});

  const AgentPopulation<dim> &agents() const { return population; }
  const NeighbourGrid<dim> &grid() const { return neighbour_grid; }

  std::size_t n_owned() const { return population.size(); }
  std::uint64_t key(std::size_t i) const { return i < n_owned() ? population.key[i] : halo.key[i - n_owned()]; }

private:
  const AgentPopulation<dim> &population;
  const Halo<dim> &halo;
  NeighbourGrid<dim> neighbour_grid;
};
} // namespace nidus
