#pragma once

#include "agents/agent_event.h"
#include "agents/agent_rules.h"
#include "agents/lineage.h"
#include "organ/cell_locator.h"
#include "organ/organ.h"

#include <vector>

namespace nidus
{
/// Refuses positions of the file that are not in the tissue. Collective. Throws InputError on all ranks.
template <int dim>
void check_positions(const CellLocator<dim> &locator, const AgentParameters &agents);

/**
 * Places the agents of time zero. Those that the file puts at a place, keyed by their number; and in each mesh cell of
 * tissue a Poisson number with the density of the region, and the lining density more along lumina. Draws are keyed by
 * the identifier of the mesh cell, so the number of ranks has no effect. Returns the events. In distorted cells agents
 * are uniform in the reference cell.
 */
template <int dim>
std::vector<AgentEvent> seed_agents(const Organ<dim> &organ, const CellLocator<dim> &locator, const AgentRules &rules,
                                    const DecisionStep &step, AgentPopulation<dim> &population);
} // namespace nidus
