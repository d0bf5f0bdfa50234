#pragma once

#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "coupling/cell_nodes.h"
#include "coupling/sampling.h"
#include "observables/observable_parameters.h"
#include "observables/observed.h"
#include "observables/surface_distance.h"
#include "organ/box_tree.h"
#include "organ/cell_locator.h"
#include "organ/vessel_network.h"

#include <memory>
#include <vector>

namespace nidus
{
/// Distances from the walls of resolved vessels.
class VesselDistance
{
public:
  /// The network is referred to, and must have a segment.
  explicit VesselDistance(const VesselNetwork &network);

  /// From the nearest wall, um; 0 in a vessel.
  double operator()(const dealii::Point<3> &point) const;

private:
  double from_wall(const dealii::Point<3> &point, std::uint32_t segment) const;

  const VesselNetwork &network;
  BoxTree tree;       ///< of segments with their walls
  double first_reach; ///< um, the half edge of the first box that is looked through
};

/// Means over chosen agents of what they meet: gradient of a field, occupancy of a receptor, distance from resolved
/// vessels and from named surfaces.
/// The gradient is that in the mesh cell of the agent (not smoothed as the one that agents follow).
template <int dim>
class TumourCells
{
public:
  /// @p vessels: null if none are resolved. All but the organ are referred to. Collective.
  TumourCells(const TumourCellParameters &parameters, const FieldsParameters &fields, const AgentRules &rules,
              const Organ<dim> &organ, const VesselNetwork *vessels);

  const std::vector<ObservedColumn> &columns() const { return column_list; }

  /// The values of the columns, not numbers without agents. Collective.
  std::vector<double> look(MPI_Comm comm, const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
                           const Sampling<dim> &sampling, const AgentPopulation<dim> &population) const;

private:
  double gradient_length(const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
                         const typename Sampling<dim>::Reader &reader, const AgentPopulation<dim> &population,
                         std::size_t i) const;
  double occupancy_of(const AgentPopulation<dim> &population, std::size_t i, const double *values) const;

  const TumourCellParameters &parameters;
  const AgentRules &rules;
  std::vector<ObservedColumn> column_list;
  std::unique_ptr<VesselDistance> distance; ///< null: no vessels
  std::vector<std::unique_ptr<SurfaceDistance<dim>>> surfaces;
};
} // namespace nidus
