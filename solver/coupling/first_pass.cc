#include "control/random.h"
#include "coupling/arrival_step.h"

#include <deal.II/base/mpi.h>

#include <algorithm>

namespace nidus
{
template <int dim>
double Arrivals<dim>::tissue_flow() const
{
  double sum = 0.0;
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned() && organ.region(cell).tissue)
      sum += cell->measure() * organ.region(cell).blood_flow;
  return dealii::Utilities::MPI::sum(sum, organ.communicator());
}

template <int dim>
void Arrivals<dim>::inject_in_tissue(const Bolus &bolus, const std::vector<std::uint64_t> &keys, Step &at) const
{
  // Places are uniform in the box, and are taken in proportion to the flow there; only the rank that owns a place can
  // tell, so all go on with those that have none yet.
  std::vector<std::uint64_t> waiting(keys.size());
  for (std::size_t i = 0; i < waiting.size(); ++i)
    waiting[i] = i;
  if (tissue_flow() <= 0.0)
    return;
  for (std::uint32_t block = 0; !waiting.empty(); ++block)
  {
    std::vector<unsigned int> found(waiting.size(), 0), anywhere(waiting.size(), 0);
    for (std::size_t i = 0; i < waiting.size(); ++i)
    {
      const std::uint64_t key = keys[waiting[i]];
      const auto u = random::uniform({at.rules.seed, key, at.step.number, random::Purpose::first_pass_place}, block);
      const auto position = in_box(u);
      const auto place = locator.locate(position);
      if (!place.found() || !locator.is_owned(place.cell) || u[3] * greatest_flow >= flow_at(place))
        continue;
      found[i] = 1;
      admit({bolus.population, bolus.key, key, waiting[i], position, place}, 1.0, 1.0, at);
    }
    dealii::Utilities::MPI::max(found, organ.communicator(), anywhere);
    std::size_t left = 0;
    for (std::size_t i = 0; i < waiting.size(); ++i)
      if (anywhere[i] == 0)
        waiting[left++] = waiting[i];
    waiting.resize(left);
  }
}

template <int dim>
void Arrivals<dim>::inject_in_vessels(const Bolus &bolus, const std::vector<std::uint64_t> &keys, Step &at) const
{
  // A cell that arrests does so somewhere along its way, in proportion to the exposures of segments.
  const auto &trapping = sources[bolus.population].trapping;
  const auto cumulative = sites.cumulative_exposure(trapping);
  const double passages = sites.exposure_per_inflow(trapping);
  if (cumulative.empty() || cumulative.back() <= 0.0)
    return;
  for (std::size_t i = 0; i < keys.size(); ++i)
  {
    const auto u = random::uniform({at.rules.seed, keys[i], at.step.number, random::Purpose::first_pass_place});
    const auto segment = std::upper_bound(cumulative.begin(), cumulative.end() - 1, u[0] * cumulative.back());
    dealii::Point<dim> position;
    typename CellLocator<dim>::Place place;
    if (sites.find(static_cast<std::size_t>(segment - cumulative.begin()), u[1], u[2], position, place))
      admit({bolus.population, bolus.key, keys[i], i, position, place}, 1.0, passages, at);
  }
}

template <int dim>
Arrived<dim> Arrivals<dim>::inject(const AgentRules &rules, const Bolus &bolus, const DecisionStep &step,
                                   AgentPopulation<dim> &population, const ArrestModifiers &modifiers) const
{
  const typename Sampling<dim>::Reader reader(sampling);
  const std::vector<double> unused;
  Step at(rules, unused, step, population, reader, modifiers, sources.size());
  std::vector<std::uint64_t> keys;
  for (std::uint64_t number = 0; number < bolus.number; ++number)
  {
    const std::uint64_t key = random::mix(bolus.key, number);
    if (random::uniform({rules.seed, key, step.number, random::Purpose::first_pass})[0] < bolus.first_pass_fraction)
      keys.push_back(key);
  }
  if (sources[bolus.population].in_vessels)
    inject_in_vessels(bolus, keys, at);
  else
    inject_in_tissue(bolus, keys, at);
  return std::move(at.arrived);
}

template Arrived<2> Arrivals<2>::inject(const AgentRules &, const Bolus &, const DecisionStep &, AgentPopulation<2> &,
                                        const ArrestModifiers &) const;
template Arrived<3> Arrivals<3>::inject(const AgentRules &, const Bolus &, const DecisionStep &, AgentPopulation<3> &,
                                        const ArrestModifiers &) const;
} // namespace nidus
