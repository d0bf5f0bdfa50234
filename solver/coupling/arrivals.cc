#include "coupling/arrivals.h"

#include "agents/signals.h"
#include "control/input_error.h"
#include "control/random.h"
#include "control/units.h"

#include <deal.II/base/patterns.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
template <int dim>
Arrivals<dim>::Arrivals(const Organ<dim> &organ, const CellLocator<dim> &locator, const Sampling<dim> &sampling,
                        const VesselWalls<dim> &walls, const BloodParameters &blood, const AgentParameters &agents)
    : organ(organ), locator(locator), sampling(sampling), sites(walls, locator)
{
  for (const auto &population : blood.circulating)
  {
    sources.push_back(resolve(population, agents));
    check_vessels(population, sources.back());
  }
  dealii::Point<dim> upper;
  for (unsigned int d = 0; d < dim; ++d)
  {
    lower[d] = 1e300;
    upper[d] = -1e300;
    for (const auto &box : locator.rank_boxes())
    {
      lower[d] = std::min(lower[d], box.first[d]);
      upper[d] = std::max(upper[d], box.second[d]);
    }
    extent[d] = upper[d] - lower[d];
    box_volume *= extent[d];
  }
  for (const auto &region : organ.regions())
    if (region.tissue)
      greatest_flow = std::max(greatest_flow, region.blood_flow);
}

template <int dim>
typename Arrivals<dim>::Source Arrivals<dim>::resolve(const CirculatingParameters &population,
                                                      const AgentParameters &agents) const
{
  const std::string path = "Blood/Circulating/" + population.name + "/";
  Source source;
  source.basal = source.greatest = population.arrest_probability;
  source.in_vessels = population.in_vessels();
  source.trapping = {population.arrest_length, population.trapping_radius, population.trapping_exponent};
  for (const auto &[name, weight] : population.arrest_weights)
  {
    const int signal = agents.signal_index(name);
    if (signal < 0 || agents.signals[signal].kind_id != SignalKind::field)
      throw InputError(path + "Arrest weights", name, "a name of 'Signals' with 'Kind = field'",
                       "a cell in the blood can only sense fields; add such a signal");
    source.weights.emplace_back(signal, weight);
    source.greatest += weight;
  }
  if (source.greatest > 1.0)
    throw input_error(path + "Arrest weights", source.greatest,
                      "a sum with 'Arrest probability' of at most 1: it is a probability", "lower the weights");

  const auto pattern = allowed::named_numbers(0.0, 1.0);
  if (!pattern.match(population.arrives_as))
    throw InputError(path + "Arrives as", population.arrives_as, "'type.state: fraction, ...' with fractions in [0, 1]",
                     "for example 'csc.arrested: 0.1, tum.arrested: 0.9'");
  double sum = 0.0;
  for (const auto &[kind, fraction] :
       dealii::Patterns::Tools::Convert<std::map<std::string, double>>::to_value(population.arrives_as, pattern))
  {
    const auto parsed = parse_type_and_state(agents, kind, path + "Arrives as");
    if (parsed.second < 0)
      throw InputError(path + "Arrives as", kind, "'type.state'", "name the state in which the agent arrives");
    sum += fraction;
    source.kinds.emplace_back(parsed, sum);
  }
  if (std::abs(sum - 1.0) > 1e-9)
    throw input_error(path + "Arrives as", sum, "fractions that sum to 1", "correct the fractions");
  return source;
}

template <int dim>
void Arrivals<dim>::check_vessels(const CirculatingParameters &population, const Source &source) const
{
  const std::string path = "Blood/Circulating/" + population.name + "/";
  if (!source.in_vessels)
    return;
  if (!sites.any())
    throw InputError(path + "Place", population.place, "tissue without resolved vessels",
                     "set 'Vessels/Source', or 'Place = tissue'");
  const double arrested = source.greatest * sites.exposure_per_inflow(source.trapping);
  if (arrested > 1.0)
    throw input_error(path + "Arrest length", population.arrest_length,
                      "at least " + std::to_string(population.arrest_length * arrested) +
                          " here: with 'Arrest probability' and all 'Arrest weights' more cells would arrest than pass",
                      "raise it, or lower the probabilities");
}

template <int dim>
double Arrivals<dim>::probability(const Source &source, const AgentRules &rules,
                                  const std::vector<double> &values) const
{
  double sum = source.basal;
  for (const auto &[signal, weight] : source.weights)
  {
    const auto &parameters = rules.parameters.signals[signal];
    sum += weight * response(parameters, values[parameters.of_index]);
  }
  return sum;
}

template <int dim>
std::vector<std::pair<int, int>> Arrivals<dim>::arriving() const
{
  std::vector<std::pair<int, int>> states;
  for (const auto &source : sources)
    for (const auto &kind : source.kinds)
      states.push_back(kind.first);
  return states;
}

template <int dim>
struct Arrivals<dim>::Step
{
  const AgentRules &rules;
  const std::vector<double> &concentration;
  const DecisionStep &step;
  AgentPopulation<dim> &population;
  const typename Sampling<dim>::Reader &reader;
  std::vector<AgentEvent> events;
  std::vector<double> values; ///< of all fields at a candidate

  double per_um3(const std::size_t source) const { return concentration[source] / units::millilitre_in_um3; }
};

template <int dim>
void Arrivals<dim>::admit(const std::size_t p, const std::uint64_t key, const std::uint64_t number,
                          const dealii::Point<dim> &position, const typename CellLocator<dim>::Place &place,
                          const double ratio, Step &at) const
{
  const Source &source = sources[p];
  const auto &rules = at.rules;
  at.reader.at(place.cell, place.reference, at.values.data());
  const auto v = random::uniform({rules.seed, key, at.step.number, random::Purpose::arrival_kind});
  if (v[0] * source.greatest >= ratio * probability(source, rules, at.values))
    return;
  const auto kind = std::find_if(source.kinds.begin(), source.kinds.end() - 1,
                                 [&](const auto &entry) { return v[1] < entry.second; });
  const auto [type, state] = kind->first;
  const std::uint64_t agent = lineage::arrival_key(rules.seed, p, type, at.step.number, number);
  at.population.append(lineage::founder<dim>(rules, agent, type, state, position, at.step), place.cell,
                       place.reference);
  at.events.push_back(appearance(EventKind::arrived, agent, at.step.number, type, state));
}

template <int dim>
void Arrivals<dim>::arrive_in_tissue(const std::size_t p, Step &at) const
{
  using random::Purpose;
  const auto seed = at.rules.seed;
  const double greatest_rate = greatest_flow * at.per_um3(p) * sources[p].greatest; // per um^3 and min
  const auto candidates =
      random::poisson({seed, p, at.step.number, Purpose::arrival_count}, greatest_rate * box_volume * at.step.length);
  for (std::uint64_t number = 0; number < candidates; ++number)
  {
    const std::uint64_t key = random::mix(p, number);
    const auto u = random::uniform({seed, key, at.step.number, Purpose::arrival_position});
    dealii::Point<dim> position = lower;
    for (unsigned int d = 0; d < dim; ++d)
      position[d] += u[d] * extent[d];
    const auto place = locator.locate(position);
    if (place.found() && locator.is_owned(place.cell))
      admit(p, key, number, position, place, organ.region(locator.cell(place.cell)).blood_flow / greatest_flow, at);
  }
}

template <int dim>
void Arrivals<dim>::arrive_in_vessels(const std::size_t p, Step &at) const
{
  const double rate = at.per_um3(p) * sources[p].greatest * at.step.length;
  sites.draw(at.rules.seed, p, at.step.number, sources[p].trapping, rate,
             [&](const std::uint64_t key, const dealii::Point<dim> &position,
                 const typename CellLocator<dim>::Place &place) { admit(p, key, key, position, place, 1.0, at); });
}

template <int dim>
std::vector<AgentEvent> Arrivals<dim>::arrive(const AgentRules &rules, const std::vector<double> &concentration,
                                              const DecisionStep &step, AgentPopulation<dim> &population) const
{
  const typename Sampling<dim>::Reader reader(sampling);
  Step at = {rules, concentration, step, population, reader, {}, std::vector<double>(reader.n_fields())};
  for (std::size_t p = 0; p < sources.size(); ++p)
    sources[p].in_vessels ? arrive_in_vessels(p, at) : arrive_in_tissue(p, at);
  return std::move(at.events);
}

template class Arrivals<2>;
template class Arrivals<3>;
} // namespace nidus
