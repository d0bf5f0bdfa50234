#include "observables/pair_correlations.h"

#include "agents/neighbour_grid.h"
#include "control/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
template <int dim>
using Span = std::pair<dealii::Point<dim>, dealii::Point<dim>>;

template <int dim>
Span<dim> hull(const std::vector<Span<dim>> &boxes)
{
  auto box = boxes.front();
  for (const auto &[lower, upper] : boxes)
    for (unsigned int d = 0; d < dim; ++d)
    {
      box.first[d] = std::min(box.first[d], lower[d]);
      box.second[d] = std::max(box.second[d], upper[d]);
    }
  return box;
}

/// Whether the point is in a tissue cell of this rank.
template <int dim>
bool is_here(const CellLocator<dim> &locator, const Span<dim> &mine, const dealii::Point<dim> &point)
{
  for (unsigned int d = 0; d < dim; ++d)
    if (point[d] < mine.first[d] || point[d] > mine.second[d])
      return false;
  const auto place = locator.locate(point);
  return place.found() && locator.is_owned(place.cell);
}

int rank_of(MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

/// Of this rank and its halo.
template <int dim>
NeighbourGrid<dim> grid_of(const AgentSelection &selection, const AgentPopulation<dim> &population,
                           const Halo<dim> &halo, const double bin_size)
{
  std::vector<typename NeighbourGrid<dim>::Entry> entries;
  std::vector<std::uint64_t> keys;
  const auto add = [&](const auto &agents, const std::size_t first) {
    for (std::size_t i = 0; i < agents.size(); ++i)
      if (selection(agents.type[i], agents.state[i]))
      {
        entries.push_back({agents.position[i], static_cast<std::uint32_t>(first + i)});
        keys.push_back(agents.key[i]);
      }
  };
  add(population, 0);
  add(halo, population.size());
  return {bin_size, entries, keys};
}
} // namespace

template <int dim>
PairCorrelation<dim>::PairCorrelation(const PairCorrelationParameters &parameters, const std::uint32_t number,
                                      const CellLocator<dim> &locator, const double tissue_volume,
                                      const std::uint64_t seed)
    : parameters(parameters)
{
  const MPI_Comm comm = locator.communicator();
  const Span<dim> box = hull<dim>(locator.rank_boxes()), mine = locator.rank_boxes()[rank_of(comm)];
  double volume = 1.0;
  for (unsigned int d = 0; d < dim; ++d)
    volume *= box.second[d] - box.first[d];
  // Uniform in the box; those in tissue are kept.
  const auto n_tries = static_cast<std::uint64_t>(std::ceil(parameters.reference_points * volume / tissue_volume));
  std::vector<dealii::Point<dim>> tried(n_tries);
  std::vector<char> kept(n_tries);
  for (std::uint64_t i = 0; i < n_tries; ++i)
  {
    const auto u = random::uniform({seed, i, number, random::Purpose::reference_point});
    for (unsigned int d = 0; d < dim; ++d)
      tried[i][d] = box.first[d] + u[d] * (box.second[d] - box.first[d]);
    kept[i] = is_here(locator, mine, tried[i]);
  }
  MPI_Allreduce(MPI_IN_PLACE, kept.data(), static_cast<int>(n_tries), MPI_CHAR, MPI_MAX, comm);
  for (std::uint64_t i = 0; i < n_tries; ++i)
    if (kept[i])
      points.push_back(tried[i]);
}

template <int dim>
std::vector<typename PairCorrelation<dim>::Bin> PairCorrelation<dim>::look(const AgentMigration<dim> &migration,
                                                                           const CellLocator<dim> &locator,
                                                                           const AgentPopulation<dim> &population) const
{
  const MPI_Comm comm = locator.communicator();
  const auto halo = migration.exchange_halo(population, parameters.radius, parameters.from_agents.types());
  const auto grid = grid_of(parameters.from_agents, population, halo, 0.5 * parameters.radius);
  typename NeighbourGrid<dim>::Search search(grid);

  // Pairs, pairs with points, then agents at the centre, agents that are counted, and agents that are both.
  const std::size_t n_bins = parameters.bins;
  std::vector<std::uint64_t> counts(2 * n_bins + 3, 0);
  constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
  const auto count = [&](const dealii::Point<dim> &place, const std::uint32_t self, std::uint64_t *bins) {
    search.for_each_neighbour(place, parameters.radius, [&](const auto &from, const auto &, const double square) {
      if (from.index != self)
        ++bins[std::min(static_cast<std::size_t>(std::sqrt(square) / parameters.radius * n_bins), n_bins - 1)];
    });
  };
  for (std::uint32_t i = 0; i < population.size(); ++i)
  {
    const bool is_from = parameters.from_agents(population.type[i], population.state[i]);
    const bool is_to = parameters.to_agents(population.type[i], population.state[i]);
    counts[2 * n_bins] += is_from;
    counts[2 * n_bins + 1] += is_to;
    counts[2 * n_bins + 2] += is_from && is_to;
    if (is_to)
      count(population.position[i], i, counts.data());
  }
  const Span<dim> mine = locator.rank_boxes()[rank_of(comm)];
  for (const auto &point : points)
    if (is_here(locator, mine, point))
      count(point, nobody, counts.data() + n_bins);
  MPI_Allreduce(MPI_IN_PLACE, counts.data(), static_cast<int>(counts.size()), MPI_UINT64_T, MPI_SUM, comm);

  const auto n_from = static_cast<double>(counts[2 * n_bins]), n_to = static_cast<double>(counts[2 * n_bins + 1]);
  const double n_pairs = n_from * n_to - static_cast<double>(counts[2 * n_bins + 2]);
  const double n_with_points = n_from * static_cast<double>(points.size());
  std::vector<Bin> bins;
  for (std::size_t b = 0; b < n_bins; ++b)
  {
    const double pairs = static_cast<double>(counts[b]), with_points = static_cast<double>(counts[n_bins + b]);
    bins.push_back({(b + 0.5) * parameters.radius / n_bins,
                    with_points > 0.0 && n_pairs > 0.0 ? pairs / n_pairs * n_with_points / with_points
                                                       : std::numeric_limits<double>::quiet_NaN(),
                    counts[b], counts[n_bins + b]});
  }
  return bins;
}

template <int dim>
TableHead PairCorrelation<dim>::table()
{
  return {"pair_correlations.csv",
          {{"time", "min"},
           {"name", "name"},
           {"distance", "um"},
           {"g", "1"},
           {"pairs", "1"},
           {"pairs with reference points", "1"}}};
}

template <int dim>
void PairCorrelation<dim>::append_rows(const std::vector<Bin> &bins, const double time,
                                       std::vector<TableRow> &rows) const
{
  for (const auto &bin : bins)
    rows.push_back({time, parameters.name, bin.middle, bin.g, bin.pairs, bin.points});
}

template class PairCorrelation<2>;
template class PairCorrelation<3>;
} // namespace nidus
