#include "observables/niche_index.h"

#include "agents/neighbourhood.h"
#include "agents/receptors.h"
#include "agents/signals.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

/// Sum over all ranks of (value, weight), as a mean; not a number without weight.
double mean_of(double value, double weight, MPI_Comm comm)
{
  double sums[] = {value, weight};
  MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, comm);
  return sums[1] > 0.0 ? sums[0] / sums[1] : std::numeric_limits<double>::quiet_NaN();
}
} // namespace

/// Counts agents for the signals of neighbours.
template <int dim>
class NicheIndex<dim>::Counter
{
public:
  Counter(const NicheIndex &niche, const Place &place)
      : niche(niche), wanted(niche.rules.parameters.types.size(), niche.reach() > 0.0),
        halo(place.migration.exchange_halo(place.population, niche.reach(), wanted)),
        neighbourhood(place.population, halo, std::max(niche.reach(), 1.0), wanted),
        searches(niche.parameters.signals.size(), typename NeighbourGrid<dim>::Search(neighbourhood.grid()))
  {
  }

  /// For weighted signal @p k; agent @p self of this rank does not count.
  double operator()(const std::size_t k, const dealii::Point<dim> &point, const std::size_t self)
  {
    const auto &signal = niche.rules.parameters.signals[niche.parameters.signals[k].first];
    double count = 0.0;
    searches[k].for_each_neighbour(point, signal.radius, [&](const auto &other, const auto &, double) {
      if (other.index == self)
        return;
      const auto matches = [&other](const std::pair<int, int> &kind) {
        return other.type == kind.first && (kind.second < 0 || other.state == kind.second);
      };
      count += std::any_of(signal.neighbour_states.begin(), signal.neighbour_states.end(), matches);
    });
    return count;
  }

private:
  const NicheIndex &niche;
  const std::vector<char> wanted;
  const Halo<dim> halo;
  const Neighbourhood<dim> neighbourhood;
  std::vector<typename NeighbourGrid<dim>::Search> searches; ///< one for each radius
};

template <int dim>
std::vector<ObservedColumn> NicheIndex<dim>::columns()
{
  return {{"niche index mean", "1"}, {"niche index mean at tumour agents", "1"}};
}

template <int dim>
std::vector<ObservedColumn> NicheIndex<dim>::arrays() const
{
  std::vector<ObservedColumn> names = {{"niche_index", "1"}};
  for (const auto &[signal, weight] : parameters.signals)
    names.push_back({"signal_" + rules.parameters.signals[signal].name, "1"});
  return names;
}

template <int dim>
double NicheIndex<dim>::reach() const
{
  double radius = 0.0;
  for (const auto &[index, weight] : parameters.signals)
    if (const auto &signal = rules.parameters.signals[index]; signal.kind_id == SignalKind::neighbours)
      radius = std::max(radius, signal.radius);
  return radius;
}

template <int dim>
double NicheIndex<dim>::occupancy_at(const int signal, const double *values) const
{
  const auto &type = rules.type(parameters.of_type);
  const int index = type.receptor_of_signal[signal];
  const auto &receptor = type.receptors[index];
  const double affinity = receptor.affinity() * rules.modifiers.dissociation(parameters.of_type, index);
  const double number = rules.modifiers.number(parameters.of_type, index);
  return occupancy({affinity, receptor.number * number, number}, sensed_concentration(receptor, values));
}

template <int dim>
double NicheIndex<dim>::index(const std::vector<ObservedArray> &arrays, const std::size_t i) const
{
  double sum = 0.0;
  for (std::size_t k = 0; k < parameters.signals.size(); ++k)
    sum += std::max(parameters.signals[k].second, 0.0) * arrays[k + 1].values[i];
  return -std::expm1(-sum);
}

template <int dim>
double NicheIndex<dim>::look_at_nodes(const Place &place, Counter &counter, std::vector<ObservedArray> &arrays) const
{
  for (const auto &name : this->arrays())
    arrays.push_back({name.name, name.unit, std::vector<double>(place.nodes.n_local_nodes(), 0.0)});
  const typename Sampling<dim>::Reader reader(place.sampling);
  std::vector<char> seen(place.nodes.n_local_nodes(), 0);
  double sum = 0.0, volume = 0.0;
  for (std::uint32_t cell = 0; cell < place.locator.n_cells(); ++cell)
  {
    if (!place.locator.is_owned(cell))
      continue;
    for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
    {
      const std::uint32_t node = place.nodes.nodes(cell)[v];
      if (!seen[node])
      {
        const double *values = reader.state() + static_cast<std::size_t>(node) * reader.n_fields();
        for (std::size_t k = 0; k < parameters.signals.size(); ++k)
        {
          const int index = parameters.signals[k].first;
          const auto &signal = rules.parameters.signals[index];
          const double x = signal.kind_id == SignalKind::field ? values[signal.of_index]
                           : signal.kind_id == SignalKind::neighbours
                               ? counter(k, place.locator.corner(cell, v), nobody)
                           : signal.kind_id == SignalKind::blood ? place.blood[signal.of_index]
                                                                 : occupancy_at(index, values);
          arrays[k + 1].values[node] = response(signal, x);
        }
        arrays[0].values[node] = index(arrays, node);
        seen[node] = 1;
      }
      const auto corner = dealii::GeometryInfo<dim>::unit_cell_vertex(v);
      const double share =
          1.0 / (CellNodes<dim>::n_vertices * dealii::determinant(place.locator.inverse_jacobian(cell, corner)));
      sum += share * arrays[0].values[node];
      volume += share;
    }
  }
  return mean_of(sum, volume, place.locator.communicator());
}

template <int dim>
double NicheIndex<dim>::look_at_agents(const Place &place, Counter &counter, std::vector<ObservedArray> &arrays) const
{
  const auto &population = place.population;
  for (const auto &name : this->arrays())
    arrays.push_back({name.name, name.unit, std::vector<double>(population.size(), 0.0)});
  constexpr std::size_t at_once = 4096;
  Surroundings<dim> surroundings;
  double sum = 0.0, number = 0.0;
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    if (i % at_once == 0)
      place.sampling.look(population, i, std::min(i + at_once, population.size()), Question::what_is_here,
                          surroundings);
    const auto &type = rules.type(population.type[i]);
    for (std::size_t k = 0; k < parameters.signals.size(); ++k)
    {
      const int index = parameters.signals[k].first;
      const auto &signal = rules.parameters.signals[index];
      const bool through_other = signal.kind_id == SignalKind::occupancy && type.receptor_of_signal[index] < 0;
      const double x = signal.kind_id == SignalKind::neighbours ? counter(k, population.position[i], i)
                       : through_other                          ? occupancy_at(index, surroundings.values_of(i))
                                       : measured_alone(rules, population, i, surroundings, place.time, index);
      arrays[k + 1].values[i] = response(signal, x);
    }
    arrays[0].values[i] = index(arrays, i);
    sum += type.is_tumour() ? arrays[0].values[i] : 0.0;
    number += type.is_tumour();
  }
  return mean_of(sum, number, place.locator.communicator());
}

template <int dim>
void NicheIndex<dim>::look(const Place &place, Observed &observed) const
{
  Counter counter(*this, place);
  observed.row.push_back(look_at_nodes(place, counter, observed.at_nodes));
  observed.row.push_back(look_at_agents(place, counter, observed.at_agents));
}

template class NicheIndex<2>;
template class NicheIndex<3>;
} // namespace nidus
