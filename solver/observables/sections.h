#pragma once

#include "agents/agent_population.h"
#include "observables/observable_parameters.h"
#include "observables/observed.h"
#include "organ/cell_locator.h"

#include <cstdint>
#include <vector>

namespace nidus
{
/**
 * Sections as a microtome cuts them, and what a pathologist counts in them.
 *
 * Their planes are normal to the axes in turn, at keyed places that are uniform in the box around the tissue and the
 * same at each look, so that a time series is one of the same places. An agent is in a section when its body touches
 * the slab: |distance of its centre from the plane| < (thickness + diameter) / 2. Agents of density n are thus seen
 * n (thickness + diameter) times per area (Abercrombie 1946). Area is the volume of tissue in the slab over its
 * thickness, as of the start of the run.
 */
template <int dim>
class Sections
{
public:
  struct Plane
  {
    unsigned int axis;
    double position; ///< um
    double area;     ///< of tissue, um^2
  };

  /// The parameters are referred to. Collective.
  Sections(const SectionParameters &parameters, const AgentParameters &agents, const CellLocator<dim> &locator,
           std::uint64_t seed);

  const std::vector<Plane> &planes() const { return plane_list; }

  static std::vector<ObservedColumn> columns();
  static TableHead table();

  /// Appends the values of the columns and the rows of the table, on rank 0. Collective.
  void look(MPI_Comm comm, double time, const AgentPopulation<dim> &population, std::vector<double> &row,
            std::vector<TableRow> &rows) const;

private:
  const SectionParameters &parameters;
  const AgentParameters &agents;
  std::vector<Plane> plane_list;
};

/// Volume of the part of cell @p cell with |x_axis - @p position| < @p half_thickness, um^dim: exact for boxes, by the
/// midpoints of eight parts along each reference axis for others.
template <int dim>
double volume_in_slab(const CellLocator<dim> &locator, std::uint32_t cell, unsigned int axis, double position,
                      double half_thickness);
} // namespace nidus
