#pragma once

#include "agents/agent_population.h"
#include "organ/cell_locator.h"
#include "organ/organ.h"
#include "parameters.h"

#include <string>
#include <vector>

namespace nidus
{
/// Of a load over the ranks.
struct Spread
{
  double least = 0.0, mean = 0.0, greatest = 0.0;
};

/// Wall time of a macro step that one unit of load causes, s.
struct UnitCosts
{
  double cell = 0.0;  ///< a mesh cell with tissue
  double agent = 0.0; ///< zero while there is none
};

/// Number of agents in each active cell of the mesh, by its active index. @p types: for each whether its agents count;
/// empty: all.
template <int dim>
std::vector<unsigned int> agents_in_cells(const Organ<dim> &organ, const CellLocator<dim> &locator,
                                          const AgentPopulation<dim> &population, const std::vector<char> &types = {});

/**
 * Costs of cells and agents from the time that a macro step took on this rank, @p field_seconds and @p agent_seconds.
 *
 * Ranks wait for each other in both kinds of work, so each takes as long as it does on the rank with the most of it:
 * the greatest time over the greatest load. Collective.
 */
template <int dim>
UnitCosts unit_costs(const Organ<dim> &organ, const std::vector<unsigned int> &agents, double field_seconds,
                     double agent_seconds);

/// The best partition that is known, and what it is good for. The same on all ranks, but for the weights.
struct RepartitionPlan
{
  Spread fields, agents;             ///< time of the ranks as the mesh is partitioned now, s per macro step
  double now = 0.0, then = 0.0;      ///< time of a macro step, s, now and after the repartition
  std::vector<unsigned int> weights; ///< for Organ::repartition
};

/**
 * Looks for the partition that makes a macro step shortest. Fields and agents take their turns and each ends with its
 * slowest rank, so its time is the greatest time for cells plus the greatest for agents, and weights that make the sums
 * of both equal need not be the best: cuts are foreseen for several weights of an agent against a cell. Collective.
 */
template <int dim>
RepartitionPlan plan_repartition(const Organ<dim> &organ, const std::vector<unsigned int> &agents,
                                 const UnitCosts &costs);

/// Whether to do it, and a line that says why.
struct Verdict
{
  bool repartition = false;
  std::string reason;
};

/// @p steps: macro steps until the next check; @p cost: of a repartition, s.
Verdict judge(const BalanceParameters &parameters, const RepartitionPlan &plan, double steps, double cost);
} // namespace nidus
