#include "observables/tumour_cells.h"

#include "agents/receptor_kinetics.h"
#include "agents/receptors.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
std::vector<Box> boxes_of(const VesselNetwork &network)
{
  std::vector<Box> boxes;
  for (const auto &segment : network.segments)
  {
    Box box;
    for (unsigned int d = 0; d < 3; ++d)
    {
      const double a = network.points[segment.first][d], b = network.points[segment.second][d];
      box.lower[d] = std::min(a, b) - segment.radius;
      box.upper[d] = std::max(a, b) + segment.radius;
    }
    boxes.push_back(box);
  }
  return boxes;
}

Box around(const dealii::Point<3> &point, const double reach)
{
  Box box;
  for (unsigned int d = 0; d < 3; ++d)
  {
    box.lower[d] = point[d] - reach;
    box.upper[d] = point[d] + reach;
  }
  return box;
}
} // namespace

VesselDistance::VesselDistance(const VesselNetwork &network) : network(network), tree(boxes_of(network))
{
  double volume = 1.0, farthest = 0.0;
  for (unsigned int d = 0; d < 3; ++d)
  {
    const double edge = tree.hull().upper[d] - tree.hull().lower[d];
    volume *= edge;
    farthest = std::max(farthest, edge);
  }
  // As far as a segment is from the next, were they spread evenly.
  first_reach = std::max(std::cbrt(volume / static_cast<double>(tree.size())), 1e-6 * farthest);
}

double VesselDistance::from_wall(const dealii::Point<3> &point, const std::uint32_t segment) const
{
  const auto &ends = network.segments[segment];
  const auto &first = network.points[ends.first];
  const auto along = network.points[ends.second] - first;
  const double square = along.norm_square();
  const double part = square > 0.0 ? std::clamp(((point - first) * along) / square, 0.0, 1.0) : 0.0;
  return std::max((first + part * along).distance(point) - ends.radius, 0.0);
}

double VesselDistance::operator()(const dealii::Point<3> &point) const
{
  // The box is doubled until nothing outside of it can be nearer than what was found in it.
  for (double reach = first_reach;; reach *= 2.0)
  {
    double nearest = std::numeric_limits<double>::infinity();
    tree.any_in(around(point, reach), [&](const std::uint32_t segment) {
      nearest = std::min(nearest, from_wall(point, segment));
      return nearest <= 0.0;
    });
    if (nearest <= reach)
      return nearest;
  }
}

template <int dim>
TumourCells<dim>::TumourCells(const TumourCellParameters &parameters, const FieldsParameters &fields,
                              const AgentRules &rules, const Organ<dim> &organ, const VesselNetwork *vessels)
    : parameters(parameters), rules(rules)
{
  if (!parameters.any())
    return;
  if (!parameters.field.empty())
    column_list.push_back(
        {"tumour cells " + parameters.field + " gradient", fields.fields[parameters.field_index].unit + "/um"});
  if (!parameters.receptor.empty())
    column_list.push_back({"tumour cells " + parameters.receptor + " occupancy", "1"});
  if (vessels != nullptr && !vessels->empty())
  {
    distance = std::make_unique<VesselDistance>(*vessels);
    column_list.push_back({"tumour cells distance to vessels", "um"});
  }
  for (const auto &name : parameters.surfaces)
  {
    surfaces.push_back(std::make_unique<SurfaceDistance<dim>>(organ, name, "Observables/Tumour cells/Distance to"));
    column_list.push_back({"tumour cells distance to " + name, "um"});
  }
}

template <int dim>
double TumourCells<dim>::gradient_length(const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
                                         const typename Sampling<dim>::Reader &reader,
                                         const AgentPopulation<dim> &population, const std::size_t i) const
{
  const std::uint32_t cell = population.cell[i];
  const auto &place = population.reference_position[i];
  dealii::Tensor<1, dim> slope;
  for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
    slope +=
        reader.state()[static_cast<std::size_t>(nodes.nodes(cell)[v]) * reader.n_fields() + parameters.field_index] *
        dealii::GeometryInfo<dim>::d_linear_shape_function_gradient(place, v);
  return (slope * locator.inverse_jacobian(cell, place)).norm();
}

template <int dim>
double TumourCells<dim>::occupancy_of(const AgentPopulation<dim> &population, const std::size_t i,
                                      const double *values) const
{
  const auto type = population.type[i];
  const int receptor = parameters.receptor_of[type];
  const auto &kind = rules.type(type).receptors[receptor];
  if (kind.is_full())
    return receptor_numbers(rules, population, i, receptor, values).occupancy();
  return occupancy(effective_receptor(rules, type, receptor, population.key[i]), sensed_concentration(kind, values));
}

template <int dim>
std::vector<double> TumourCells<dim>::look(MPI_Comm comm, const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
                                           const Sampling<dim> &sampling, const AgentPopulation<dim> &population) const
{
  const typename Sampling<dim>::Reader reader(sampling);
  std::vector<double> sums(column_list.size() + 1, 0.0), values(reader.n_fields());
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    if (!parameters.agents(population.type[i], population.state[i]))
      continue;
    std::size_t column = 0;
    if (!parameters.field.empty())
      sums[column++] += gradient_length(locator, nodes, reader, population, i);
    if (!parameters.receptor.empty())
    {
      reader.at(population.cell[i], population.reference_position[i], values.data());
      sums[column++] += occupancy_of(population, i, values.data());
    }
    if (distance != nullptr)
    {
      dealii::Point<3> place;
      for (unsigned int d = 0; d < dim; ++d)
        place[d] = population.position[i][d];
      sums[column++] += (*distance)(place);
    }
    for (const auto &surface : surfaces)
      sums[column++] += (*surface)(population.position[i]);
    sums.back() += 1.0;
  }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM, comm);
  const double number = sums.back();
  sums.pop_back();
  for (double &sum : sums)
    sum = number > 0.0 ? sum / number : std::numeric_limits<double>::quiet_NaN();
  return sums;
}

template class TumourCells<2>;
template class TumourCells<3>;
} // namespace nidus
