#include "observables/receptor_occupancy.h"

#include "agents/receptor_kinetics.h"

#include <algorithm>
#include <limits>

namespace nidus
{
template <int dim>
ReceptorOccupancy<dim>::ReceptorOccupancy(const AgentRules &rules) : rules(rules)
{
  for (const auto &type : rules.parameters.types)
    for (const auto &receptor : type.receptors)
      if (std::find(names.begin(), names.end(), receptor.name) == names.end())
        names.push_back(receptor.name);
  for (const auto &type : rules.parameters.types)
  {
    receptor_of.emplace_back(names.size(), -1);
    for (std::size_t r = 0; r < type.receptors.size(); ++r)
      receptor_of.back()[std::find(names.begin(), names.end(), type.receptors[r].name) - names.begin()] =
          static_cast<int>(r);
  }
}

template <int dim>
ObservedArray ReceptorOccupancy<dim>::look(const Sampling<dim> &sampling, const AgentPopulation<dim> &population) const
{
  constexpr std::size_t at_once = 4096;
  ObservedArray array{"occupancy", "1", {}, names};
  array.values.assign(population.size() * names.size(), std::numeric_limits<double>::quiet_NaN());
  Surroundings<dim> surroundings;
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    if (i % at_once == 0)
      sampling.look(population, i, std::min(i + at_once, population.size()), Question::what_is_here, surroundings);
    const auto &receptors = receptor_of[population.type[i]];
    for (std::size_t r = 0; r < names.size(); ++r)
      if (receptors[r] >= 0)
        array.values[i * names.size() + r] =
            agent_occupancy(rules, population, i, receptors[r], surroundings.values_of(i));
  }
  return array;
}

template class ReceptorOccupancy<2>;
template class ReceptorOccupancy<3>;
} // namespace nidus
