#include "coupling/arrivals.h"

#include "agents/signals.h"
#include "control/input_error.h"
#include "control/random.h"
#include "coupling/arrival_step.h"
#include "coupling/cluster.h"

#include <deal.II/base/patterns.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
template <int dim>
Arrived<dim> &Arrived<dim>::operator+=(const Arrived &other)
{
  events.insert(events.end(), other.events.begin(), other.events.end());
  apart.insert(apart.end(), other.apart.begin(), other.apart.end());
  for (std::size_t p = 0; p < arrested.size(); ++p)
  {
    arrested[p] += other.arrested[p];
    agents[p] += other.agents[p];
  }
  return *this;
}

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
  source.cells_per_cluster = population.cells_per_cluster;
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
  const double arrested =
      source.greatest * population.greatest_intervention * sites.exposure_per_inflow(source.trapping);
  if (arrested > 1.0)
    throw input_error(path + "Arrest length", population.arrest_length,
                      "at least " + std::to_string(population.arrest_length * arrested) +
                          " here: with 'Arrest probability' and all 'Arrest weights' more cells would arrest than pass",
                      "raise it, or lower the probabilities");
}

template <int dim>
double Arrivals<dim>::greatest(const std::size_t p, const ArrestModifiers &modifiers) const
{
  const auto &source = sources[p];
  double sum = source.basal;
  for (std::size_t w = 0; w < source.weights.size(); ++w)
    sum += modifiers.of(p, w) * source.weights[w].second;
  // Where drugs lower it, the candidates stay those of a run without them.
  return std::max(source.greatest, modifiers.of(p) * sum);
}

template <int dim>
double Arrivals<dim>::probability(const std::size_t p, const Step &at) const
{
  const auto &source = sources[p];
  double sum = source.basal;
  for (std::size_t w = 0; w < source.weights.size(); ++w)
  {
    const auto &[signal, weight] = source.weights[w];
    const auto &parameters = at.rules.parameters.signals[signal];
    sum += at.modifiers.of(p, w) * weight * response(parameters, at.values[parameters.of_index]);
  }
  return at.modifiers.of(p) * sum;
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
bool Arrivals<dim>::any_clusters() const
{
  return std::any_of(sources.begin(), sources.end(), [](const Source &source) { return source.cells_per_cluster > 1; });
}

template <int dim>
void Arrivals<dim>::admit(const Candidate &candidate, const double greatest, const double ratio, Step &at) const
{
  at.reader.at(candidate.place.cell, candidate.place.reference, at.values.data());
  const auto v = random::uniform({at.rules.seed, candidate.key, at.step.number, random::Purpose::arrival_kind});
  if (v[0] * greatest < ratio * probability(candidate.source, at))
    append(candidate, v[1], at);
}

template <int dim>
void Arrivals<dim>::append(const Candidate &candidate, const double kind_draw, Step &at) const
{
  const auto &source = sources[candidate.source];
  const auto &rules = at.rules;
  // Places and radii of those of the cluster that are there already; the first is at its place.
  std::vector<std::pair<dealii::Tensor<1, dim>, double>> members;
  for (std::uint64_t member = 0; member < source.cells_per_cluster; ++member)
  {
    const std::uint64_t key = member == 0 ? candidate.key : random::mix(candidate.key, member),
                        number = member == 0 ? candidate.number : random::mix(candidate.number, member);
    const double draw =
        member == 0 ? kind_draw : random::uniform({rules.seed, key, at.step.number, random::Purpose::arrival_kind})[1];
    const auto kind = std::find_if(source.kinds.begin(), source.kinds.end() - 1,
                                   [draw](const auto &entry) { return draw < entry.second; });
    const auto [type, state] = kind->first;
    const std::uint64_t agent = lineage::arrival_key(rules.seed, candidate.site, type, at.step.number, number);
    members.emplace_back(
        touching<dim>(members, rules.type(type).radius, {rules.seed, key, at.step.number, random::Purpose::cluster}),
        rules.type(type).radius);
    at.population.append(lineage::founder<dim>(rules, agent, type, state, candidate.position, at.step),
                         candidate.place.cell, candidate.place.reference);
    at.arrived.events.push_back(appearance(EventKind::arrived, agent, at.step.number, type, state));
    if (member > 0)
      at.arrived.apart.emplace_back(at.population.size() - 1, members.back().first);
  }
  at.arrived.arrested[candidate.source] += 1.0;
  at.arrived.agents[candidate.source] += source.cells_per_cluster;
}

template <int dim>
dealii::Point<dim> Arrivals<dim>::in_box(const std::array<double, 4> &u) const
{
  dealii::Point<dim> position = lower;
  for (unsigned int d = 0; d < dim; ++d)
    position[d] += u[d] * extent[d];
  return position;
}

template <int dim>
double Arrivals<dim>::flow_at(const typename CellLocator<dim>::Place &place) const
{
  return organ.region(locator.cell(place.cell)).blood_flow;
}

template <int dim>
void Arrivals<dim>::arrive_in_tissue(const std::size_t p, Step &at) const
{
  using random::Purpose;
  const auto seed = at.rules.seed;
  const double greatest_probability = greatest(p, at.modifiers);
  const double greatest_rate = greatest_flow * at.per_um3(p) * greatest_probability; // per um^3 and min
  const auto candidates =
      random::poisson({seed, p, at.step.number, Purpose::arrival_count}, greatest_rate * box_volume * at.step.length);
  for (std::uint64_t number = 0; number < candidates; ++number)
  {
    const std::uint64_t key = random::mix(p, number);
    const auto position = in_box(random::uniform({seed, key, at.step.number, Purpose::arrival_position}));
    const auto place = locator.locate(position);
    if (place.found() && locator.is_owned(place.cell))
      admit({p, p, key, number, position, place}, greatest_probability, flow_at(place) / greatest_flow, at);
  }
}

template <int dim>
void Arrivals<dim>::arrive_in_vessels(const std::size_t p, Step &at) const
{
  const double greatest_probability = greatest(p, at.modifiers);
  const double rate = at.per_um3(p) * greatest_probability * at.step.length;
  sites.draw(
      at.rules.seed, p, at.step.number, sources[p].trapping, rate,
      [&](const std::uint64_t key, const dealii::Point<dim> &position, const typename CellLocator<dim>::Place &place) {
        admit({p, p, key, key, position, place}, greatest_probability, 1.0, at);
      });
}

template <int dim>
Arrived<dim> Arrivals<dim>::arrive(const AgentRules &rules, const std::vector<double> &concentration,
                                   const DecisionStep &step, AgentPopulation<dim> &population,
                                   const ArrestModifiers &modifiers) const
{
  const typename Sampling<dim>::Reader reader(sampling);
  Step at(rules, concentration, step, population, reader, modifiers, sources.size());
  for (std::size_t p = 0; p < sources.size(); ++p)
    sources[p].in_vessels ? arrive_in_vessels(p, at) : arrive_in_tissue(p, at);
  return std::move(at.arrived);
}

template struct Arrived<2>;
template struct Arrived<3>;
template class Arrivals<2>;
template class Arrivals<3>;
} // namespace nidus
