#include "coupling/vessel_sites.h"

#include "control/random.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
template <int dim>
VesselSites<dim>::VesselSites(const VesselWalls<dim> &walls, const CellLocator<dim> &locator)
    : walls(walls), locator(locator)
{
  if (!any())
    return;
  thin = 0.5 * walls.shortest_edge();
  if constexpr (dim == 3)
  {
    const auto &network = walls.system()->network;
    const auto &box = locator.rank_boxes()[dealii::Utilities::MPI::this_mpi_process(locator.communicator())];
    for (std::size_t s = 0; s < network.segments.size(); ++s)
      if (touches(network, s, box))
        near.push_back(s);
  }
}

template <int dim>
double VesselSites<dim>::Trapping::weight(const double vessel_radius) const
{
  return radius > 0.0 ? 1.0 / (1.0 + std::pow(vessel_radius / radius, exponent)) : 1.0;
}

template <int dim>
double VesselSites<dim>::exposure(const std::size_t segment, const Trapping &trapping) const
{
  const auto &system = *walls.system();
  return std::abs(system.flow.flow[segment]) * system.network.length(segment) / trapping.length *
         trapping.weight(system.network.segments[segment].radius);
}

template <int dim>
double VesselSites<dim>::exposure_per_inflow(const Trapping &trapping) const
{
  const auto &system = *walls.system();
  double sum = 0.0;
  for (std::size_t s = 0; s < system.network.segments.size(); ++s)
    sum += exposure(s, trapping);
  return system.flow.inflow > 0.0 ? sum / system.flow.inflow : 0.0;
}

template <int dim>
std::vector<double> VesselSites<dim>::cumulative_exposure(const Trapping &trapping) const
{
  std::vector<double> sums(walls.system()->network.segments.size());
  double sum = 0.0;
  for (std::size_t s = 0; s < sums.size(); ++s)
    sums[s] = sum += exposure(s, trapping);
  return sums;
}

template <int dim>
dealii::Point<dim> VesselSites<dim>::on_wall(const std::size_t segment, const double along, const double around,
                                             const double distance) const
{
  if constexpr (dim == 3)
  {
    const auto &network = walls.system()->network;
    const auto &from = network.points[network.segments[segment].first],
               &to = network.points[network.segments[segment].second];
    const auto across = normals((to - from) / from.distance(to));
    const double angle = 2.0 * M_PI * around;
    return from + along * (to - from) + distance * (std::cos(angle) * across[0] + std::sin(angle) * across[1]);
  }
  else
  {
    (void)segment, (void)along, (void)around, (void)distance;
    return {};
  }
}

template <int dim>
bool VesselSites<dim>::find(const std::size_t segment, const double along, const double around,
                            dealii::Point<dim> &point, typename CellLocator<dim>::Place &place) const
{
  constexpr double rounding = 1e-9;
  const double radius = walls.system()->network.segments[segment].radius;
  // Where the wall is not in tissue the axis is taken. In a thin vessel the rank of the axis can tell for each place;
  // in a thick one it is decided for the segment.
  if (radius <= thin || walls.part_in_tissue()[segment] > 1.0 - rounding)
  {
    point = on_wall(segment, along, around, radius);
    place = locator.locate(point);
    if (place.found() || radius > thin)
      return place.found() && locator.is_owned(place.cell);
  }
  point = on_wall(segment, along, around, 0.0);
  place = locator.locate(point);
  return place.found() && locator.is_owned(place.cell);
}

template <int dim>
void VesselSites<dim>::draw(const std::uint64_t seed, const std::uint64_t population, const std::uint64_t step,
                            const Trapping &trapping, const double rate, const Visit &visit) const
{
  using random::Purpose;
  for (const std::size_t segment : near)
  {
    const std::uint64_t site = random::mix(population, segment);
    const auto count =
        random::poisson({seed, site, step, Purpose::vessel_arrival_count}, rate * exposure(segment, trapping));
    for (std::uint64_t number = 0; number < count; ++number)
    {
      const std::uint64_t key = random::mix(site, number);
      const auto u = random::uniform({seed, key, step, Purpose::vessel_arrival_position});
      dealii::Point<dim> point;
      typename CellLocator<dim>::Place place;
      if (find(segment, u[0], u[1], point, place))
        visit(key, point, place);
    }
  }
}

template class VesselSites<2>;
template class VesselSites<3>;
} // namespace nidus
