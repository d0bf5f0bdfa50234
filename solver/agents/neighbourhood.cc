#include "agents/neighbourhood.h"

namespace nidus
{
namespace
{
/// Types and states are numbers of subsections in a file.
std::int16_t short_of(const std::int32_t number)
{
  return static_cast<std::int16_t>(number);
}

template <int dim>
NeighbourGrid<dim> grid_of(const AgentPopulation<dim> &population, const Halo<dim> &halo, const double bin_size,
                           const std::vector<char> &takes_part)
{
  const auto wanted = [&takes_part](const std::int32_t type) { return takes_part.empty() || takes_part[type]; };
  std::vector<typename NeighbourGrid<dim>::Entry> entries;
  std::vector<std::uint64_t> keys;
  entries.reserve(population.size() + halo.size());
  keys.reserve(population.size() + halo.size());
  const auto add = [&](const auto &agents, const std::size_t first_index) {
    for (std::size_t i = 0; i < agents.size(); ++i)
      if (wanted(agents.type[i]))
      {
        entries.push_back({agents.position[i], static_cast<std::uint32_t>(first_index + i), short_of(agents.type[i]),
                           short_of(agents.state[i])});
        keys.push_back(agents.key[i]);
      }
  };
  add(population, 0);
  add(halo, population.size());
  return {bin_size, entries, keys};
}
} // namespace

template <int dim>
Neighbourhood<dim>::Neighbourhood(const AgentPopulation<dim> &population, const Halo<dim> &halo, const double bin_size,
                                  const std::vector<char> &takes_part)
    : population(population), halo(halo), neighbour_grid(grid_of(population, halo, bin_size, takes_part))
{
}

template class Neighbourhood<2>;
template class Neighbourhood<3>;
} // namespace nidus
