#include "coupling/vessel_walls.h"

#include "control/input_error.h"
#include "coupling/lattice_radius.h"
#include "organ/multilinear.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace nidus
{
namespace
{
constexpr double pieces_per_edge = 3.0;   ///< of the shortest cell
constexpr double points_per_edge = 4.0;   ///< around a wall
constexpr unsigned int fewest_points = 4; ///< around a wall: exact for linear shape functions

/// Diffusivity of a field in a region, phi D, um^2/min, the mean of its directions.
template <int dim>
double conductivity(const FieldParameters &field, const RegionParameters &region)
{
  const double fraction = field.interstitial ? region.interstitial_fraction : 1.0;
  const double tensor = std::pow(dealii::determinant(region.template diffusion_tensor<dim>()), 1.0 / dim);
  return fraction * field.diffusivity_by_region.at(region.name) * tensor;
}

/// What a node exchanges per area when the tissue between @p radius and @p effective is in series with the wall.
double permeability_at_node(const double wall, const double conductivity, const double radius, const double effective)
{
  if (wall == 0.0 || conductivity == 0.0)
    return wall;
  return 1.0 / (1.0 / wall + radius / conductivity * std::log(effective / radius));
}
} // namespace

std::array<dealii::Tensor<1, 3>, 2> normals(const dealii::Tensor<1, 3> &direction)
{
  unsigned int least = 0;
  for (unsigned int d = 1; d < 3; ++d)
    if (std::abs(direction[d]) < std::abs(direction[least]))
      least = d;
  dealii::Tensor<1, 3> axis;
  axis[least] = 1.0;
  auto first = dealii::cross_product_3d(direction, axis);
  first /= first.norm();
  return {{first, dealii::cross_product_3d(direction, first)}};
}

bool touches(const VesselNetwork &network, const std::size_t segment,
             const std::pair<dealii::Point<3>, dealii::Point<3>> &box)
{
  const double radius = network.segments[segment].radius;
  const auto &from = network.points[network.segments[segment].first],
             &to = network.points[network.segments[segment].second];
  for (unsigned int d = 0; d < 3; ++d)
    if (std::min(from[d], to[d]) - radius > box.second[d] || std::max(from[d], to[d]) + radius < box.first[d])
      return false;
  return true;
}

template <int dim>
VesselWalls<dim>::VesselWalls(std::shared_ptr<const VesselSystem> vessels, const CellLocator<dim> &locator,
                              const CellNodes<dim> &nodes, FieldSet<dim> &fields)
    : vessels(std::move(vessels)), locator(locator), step(fields.organ.smallest_edge()),
      areas(fields.organ.regions().size(), 0.0)
{
  if (this->vessels == nullptr)
    return;
  find_parts();
  auto resolved = exchange_at_nodes(nodes, fields);
  fields.set_exchange(unresolved_rates(fields), std::move(resolved));
}

template <int dim>
template <typename Visit>
void VesselWalls<dim>::for_each_wall_point(const Visit &visit) const
{
  if constexpr (dim == 3)
  {
    const auto &network = vessels->network;
    const auto &box = locator.rank_boxes()[dealii::Utilities::MPI::this_mpi_process(locator.communicator())];
    std::uint32_t hint = CellLocator<3>::nowhere;
    for (std::size_t s = 0; s < network.segments.size(); ++s)
    {
      const auto &segment = network.segments[s];
      const auto &from = network.points[segment.first], &to = network.points[segment.second];
      if (!touches(network, s, box))
        continue;
      const double length = from.distance(to);
      const auto direction = (to - from) / length;
      const auto across = normals(direction);
      const auto n_pieces = static_cast<unsigned int>(std::ceil(pieces_per_edge * length / step));
      const auto n_points = std::max(
          fewest_points, static_cast<unsigned int>(std::ceil(points_per_edge * 2.0 * M_PI * segment.radius / step)));
      const double area = network.wall(s) / (static_cast<double>(n_pieces) * n_points);
      for (unsigned int piece = 0; piece < n_pieces; ++piece)
        for (unsigned int point = 0; point < n_points; ++point)
        {
          const double angle = 2.0 * M_PI * (point + 0.5) / n_points;
          const auto axis = from + (piece + 0.5) / n_pieces * (to - from);
          const auto wall = axis + segment.radius * (std::cos(angle) * across[0] + std::sin(angle) * across[1]);
          const auto place = locator.locate(wall, hint);
          if (!place.found())
            continue;
          hint = place.cell;
          if (locator.is_owned(place.cell))
            visit(WallPoint{s, place, area, wall, axis, direction});
        }
    }
  }
  else
  {
    (void)visit;
  }
}

template <int dim>
void VesselWalls<dim>::find_parts()
{
  const auto &network = vessels->network;
  std::vector<double> here(network.segments.size(), 0.0);
  for_each_wall_point([&](const WallPoint &point) { here[point.segment] += point.area; });
  found.resize(here.size());
  dealii::Utilities::MPI::sum(here, locator.communicator(), found);
  for (std::size_t s = 0; s < found.size(); ++s)
    found[s] /= network.wall(s);
}

template <int dim>
double VesselWalls<dim>::effective_radius(const WallPoint &point, const double radius, LatticeRadius &lattice) const
{
  // Coordinates in the lattice of the cell at hand, which goes on beyond it.
  const auto inverse = locator.inverse_jacobian(point.place.cell, point.place.reference);
  const auto place = point.place.reference + inverse * (point.axis - point.wall);
  dealii::Tensor<1, dim> edge;
  for (unsigned int d = 0; d < dim; ++d)
    edge[d] = 1.0 / inverse[d].norm();
  const auto along = inverse * point.direction;
  // The plane of nodes that the vessel passes most steeply.
  unsigned int axis = 0;
  for (unsigned int d = 1; d < dim; ++d)
    if (std::abs(along[d]) * edge[d] > std::abs(along[axis]) * edge[axis])
      axis = d;
  const unsigned int first = (axis + 1) % dim, second = (axis + 2) % dim;
  const std::array<double, 2> in_plane = {{place[first], place[second]}};
  const std::array<double, 2> radii = {{radius / edge[first], radius / edge[second]}};
  return std::sqrt(edge[first] * edge[second]) * lattice.at(in_plane, radii);
}

template <int dim>
std::vector<double> VesselWalls<dim>::exchange_at_nodes(const CellNodes<dim> &nodes, const FieldSet<dim> &fields)
{
  const unsigned int n = fields.n_fields();
  Vec rates = fields.create_interlaced(), form = nullptr;
  double *values = nullptr;
  VecGhostGetLocalForm(rates, &form);
  VecGetArray(form, &values);
  LatticeRadius lattice;
  std::vector<double> here(areas.size(), 0.0);
  for_each_wall_point([&](const WallPoint &point) {
    const double radius = vessels->network.segments[point.segment].radius;
    const double area = point.area / found[point.segment];
    const auto &region = fields.organ.region(locator.cell(point.place.cell));
    here[locator.cell(point.place.cell)->material_id()] += area;
    const double effective = effective_radius(point, radius, lattice);
    for (unsigned int s = 0; s < n; ++s)
    {
      const auto &field = fields.parameters.fields[s];
      if (field.vessel_permeability == 0.0)
        continue;
      const double rate =
          area * permeability_at_node(field.vessel_permeability, conductivity<dim>(field, region), radius, effective);
      for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
      {
        const double share = rate * shape_value<dim>(v, point.place.reference);
        nodes.distribute(point.place.cell, v, [&](const std::uint32_t node, const double weight) {
          values[static_cast<std::size_t>(node) * n + s] += weight * share;
        });
      }
    }
  });
  dealii::Utilities::MPI::sum(here, locator.communicator(), areas);
  VecRestoreArray(form, &values);
  VecGhostRestoreLocalForm(rates, &form);
  VecGhostUpdateBegin(rates, ADD_VALUES, SCATTER_REVERSE);
  VecGhostUpdateEnd(rates, ADD_VALUES, SCATTER_REVERSE);
  const double *sums = nullptr;
  VecGetArrayRead(rates, &sums);
  std::vector<double> result(sums, sums + static_cast<std::size_t>(fields.n_owned_nodes()) * n);
  VecRestoreArrayRead(rates, &sums);
  VecDestroy(&rates);
  return result;
}

template <int dim>
std::vector<std::vector<double>> VesselWalls<dim>::unresolved_rates(const FieldSet<dim> &fields) const
{
  constexpr double rounding = 1e-12;
  auto rates = fields.exchange_of_regions();
  const auto &regions = fields.organ.regions();
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
    for (std::size_t r = 0; r < regions.size(); ++r)
    {
      if (!(rates[s][r] > 0.0))
        continue;
      const auto &field = fields.parameters.fields[s];
      const double resolved = field.vessel_permeability * areas[r] / fields.organ.region_volumes()[r];
      std::ostringstream allowed;
      allowed << "0 in region '" << regions[r].name << "' (resolved vessels only), or at least " << resolved
              << " there: 'Vessel permeability' times the wall of resolved vessels per tissue volume";
      if (rates[s][r] < resolved * (1.0 - rounding))
        throw input_error("Fields/" + field.name + "/Vascular exchange rate", rates[s][r], allowed.str(),
                          "the rate is that of all vessels together; raise it, or lower 'Vessel permeability'");
      rates[s][r] = std::max(rates[s][r] - resolved, 0.0);
    }
  return rates;
}

template class VesselWalls<2>;
template class VesselWalls<3>;
} // namespace nidus
