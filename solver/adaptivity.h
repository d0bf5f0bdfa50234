#pragma once

#include "agents/agent_population.h"
#include "fields/field_set.h"
#include "organ/cell_locator.h"
#include "organ/organ.h"
#include "parameters.h"

#include <string>

namespace nidus
{
/// What has been asked for, over all ranks.
struct RefinementPlan
{
  std::uint64_t refined = 0;   ///< cells with too great an error or too many agents
  std::uint64_t coarsened = 0; ///< children that may go up in their parents
  bool room = true;            ///< false: the mesh would have more cells than 'Most cells', and nothing is refined

  bool any() const { return (room && refined > 0) || coarsened > 0; }
};

/**
 * Flags cells of the mesh for refinement and coarsening by what fields and agents do now.
 *
 * A cell is refined when the estimated error of any chosen field (fields/gradient_jumps, over the greatest value of the
 * field) is above 'Error', or when more agents of the chosen types are in it than 'Most agents in a cell'; cells go up
 * in their parent when all of them are far below both. Sizes stay between the bounds of the parameters, and no cell
 * becomes coarser than in the first mesh unless 'Largest cell size' allows it. Neighbours of refined cells follow
 * (Organ::adapt), so that more are refined in the end. Collective.
 */
template <int dim>
RefinementPlan plan_refinement(const AdaptivityParameters &parameters, Organ<dim> &organ, const FieldSet<dim> &fields,
                               const CellLocator<dim> &locator, const AgentPopulation<dim> &population);
} // namespace nidus
