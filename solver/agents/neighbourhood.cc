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

/// Owned and halo agents merged by key: inside a bin, an agent's place must not depend on who owns it.
template <int dim>
std::vector<typename NeighbourGrid<dim>::Entry>
entries_by_key(const AgentPopulation<dim> &population, const Halo<dim> &halo, const std::vector<char> &takes_part)
{
  const auto wanted = [&takes_part](const std::int32_t type) { return takes_part.empty() || takes_part[type]; };
  std::vector<typename NeighbourGrid<dim>::Entry> entries;
  entries.reserve(population.size() + halo.size());
  std::size_t i = 0, h = 0;
  while (i < population.size() || h < halo.size())
    if (h == halo.size() || (i < population.size() && population.key[i] < halo.key[h]))
    {
      if (wanted(population.type[i]))
        entries.push_back({population.position[i], static_cast<std::uint32_t>(i), short_of(population.type[i]),
                           short_of(population.state[i])});
      ++i;
    }
    else
    {
      if (wanted(halo.type[h]))
        entries.push_back({halo.position[h], static_cast<std::uint32_t>(population.size() + h), short_of(halo.type[h]),
                           short_of(halo.state[h])});
      ++h;
    }
  return entries;
}
} // namespace

template <int dim>
Neighbourhood<dim>::Neighbourhood(const AgentPopulation<dim> &population, const Halo<dim> &halo, const double bin_size,
                                  const std::vector<char> &takes_part)
    : population(population), halo(halo), neighbour_grid(bin_size, entries_by_key(population, halo, takes_part))
{
}

template class Neighbourhood<2>;
template class Neighbourhood<3>;
} // namespace nidus
