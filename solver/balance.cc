#include "balance.h"

#include "organ/partition_forecast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace nidus
{
namespace
{
/// Weights of agents that are tried, relative to their measured cost.
constexpr std::array<double, 9> trial_factors = {{0.0, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0}};

/// p4est adds weights as integers: of a cell with tissue, and the greatest, which leaves room for their sums.
constexpr double tissue_weight = 1000.0, greatest_weight = 1 << 30;

/// Loads of the cells of this rank, by the rank that is to own them: cells, then agents.
template <int dim>
std::vector<double> loads_by_owner(const Organ<dim> &organ, const std::vector<unsigned int> &agents,
                                   const std::vector<unsigned int> &owner)
{
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(organ.communicator());
  std::vector<double> loads(2 * n_ranks, 0.0), total(2 * n_ranks, 0.0);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
    {
      const unsigned int number = cell->active_cell_index();
      loads[owner[number]] += organ.bare_work(cell);
      loads[n_ranks + owner[number]] += agents[number];
    }
  dealii::Utilities::MPI::sum(loads, organ.communicator(), total);
  return total;
}

/// The loads as the mesh is partitioned now.
template <int dim>
std::vector<double> present_loads(const Organ<dim> &organ, const std::vector<unsigned int> &agents)
{
  const unsigned int me = dealii::Utilities::MPI::this_mpi_process(organ.communicator());
  return loads_by_owner(organ, agents, std::vector<unsigned int>(organ.triangulation().n_active_cells(), me));
}

/// Of the first or second half of @p loads, times @p cost.
Spread spread(const std::vector<double> &loads, const unsigned int half, const double cost)
{
  const std::size_t n = loads.size() / 2;
  const auto begin = loads.begin() + half * n, end = begin + n;
  Spread result{*std::min_element(begin, end) * cost, 0.0, *std::max_element(begin, end) * cost};
  for (auto load = begin; load != end; ++load)
    result.mean += *load * cost / n;
  return result;
}

/// Weights of the cells when an agent counts as much as @p ratio cells with tissue.
template <int dim>
std::vector<unsigned int> weights(const Organ<dim> &organ, const std::vector<unsigned int> &agents, const double ratio)
{
  const auto &mesh = organ.triangulation();
  std::vector<double> load(mesh.n_active_cells(), 0.0);
  double greatest = 1.0;
  for (const auto &cell : mesh.active_cell_iterators())
    if (cell->is_locally_owned())
    {
      double &own = load[cell->active_cell_index()];
      own = organ.bare_work(cell) + ratio * agents[cell->active_cell_index()];
      greatest = std::max(greatest, own);
    }
  greatest = dealii::Utilities::MPI::max(greatest, organ.communicator());
  const double scale = std::min(tissue_weight, greatest_weight / greatest);
  std::vector<unsigned int> result(load.size());
  for (std::size_t i = 0; i < load.size(); ++i)
    result[i] = static_cast<unsigned int>(std::max(1.0, std::round(scale * load[i])));
  return result;
}
} // namespace

template <int dim>
std::vector<unsigned int> agents_in_cells(const Organ<dim> &organ, const CellLocator<dim> &locator,
                                          const AgentPopulation<dim> &population, const std::vector<char> &types)
{
  std::vector<unsigned int> number(organ.triangulation().n_active_cells(), 0);
  for (std::size_t i = 0; i < population.size(); ++i)
    if (types.empty() || types[population.type[i]])
      ++number[locator.cell(population.cell[i])->active_cell_index()];
  return number;
}

template <int dim>
UnitCosts unit_costs(const Organ<dim> &organ, const std::vector<unsigned int> &agents, const double field_seconds,
                     const double agent_seconds)
{
  const auto loads = present_loads(organ, agents);
  const double most_cells = spread(loads, 0, 1.0).greatest, most_agents = spread(loads, 1, 1.0).greatest;
  UnitCosts costs;
  costs.cell = dealii::Utilities::MPI::max(field_seconds, organ.communicator()) / most_cells;
  const double longest = dealii::Utilities::MPI::max(agent_seconds, organ.communicator());
  costs.agent = most_agents > 0.0 ? longest / most_agents : 0.0;
  return costs;
}

template <int dim>
RepartitionPlan plan_repartition(const Organ<dim> &organ, const std::vector<unsigned int> &agents,
                                 const UnitCosts &costs)
{
  AssertThrow(costs.cell > 0.0, dealii::ExcMessage("Cells that cost nothing cannot be weighed."));
  RepartitionPlan plan;
  const auto present = present_loads(organ, agents);
  plan.fields = spread(present, 0, costs.cell);
  plan.agents = spread(present, 1, costs.agent);
  plan.now = plan.fields.greatest + plan.agents.greatest;
  for (const double factor : trial_factors)
  {
    auto trial = weights(organ, agents, factor * costs.agent / costs.cell);
    const auto loads = loads_by_owner(organ, agents, forecast_owners(organ, trial));
    const double then = spread(loads, 0, costs.cell).greatest + spread(loads, 1, costs.agent).greatest;
    if (plan.weights.empty() || then < plan.then)
    {
      plan.then = then;
      plan.weights = std::move(trial);
    }
  }
  return plan;
}

Verdict judge(const BalanceParameters &parameters, const RepartitionPlan &plan, const double steps, const double cost)
{
  const double gain = plan.now - plan.then;
  const bool pays = gain >= parameters.smallest_gain * plan.now && gain * steps > cost;
  Verdict verdict;
  verdict.repartition = parameters.always() || pays;
  char text[400];
  std::snprintf(text, sizeof text,
                "balance: s per macro step on a rank (min/mean/max): fields %.3g/%.3g/%.3g, agents %.3g/%.3g/%.3g; a "
                "repartition would save %.1f %%, %.3g s until the next check, and cost %.3g s: %s",
                plan.fields.least, plan.fields.mean, plan.fields.greatest, plan.agents.least, plan.agents.mean,
                plan.agents.greatest, 100.0 * gain / plan.now, gain * steps, cost,
                verdict.repartition ? "done" : "not done");
  verdict.reason = text;
  return verdict;
}

template std::vector<unsigned int> agents_in_cells(const Organ<2> &, const CellLocator<2> &, const AgentPopulation<2> &,
                                                   const std::vector<char> &);
template std::vector<unsigned int> agents_in_cells(const Organ<3> &, const CellLocator<3> &, const AgentPopulation<3> &,
                                                   const std::vector<char> &);
template UnitCosts unit_costs(const Organ<2> &, const std::vector<unsigned int> &, double, double);
template UnitCosts unit_costs(const Organ<3> &, const std::vector<unsigned int> &, double, double);
template RepartitionPlan plan_repartition(const Organ<2> &, const std::vector<unsigned int> &, const UnitCosts &);
template RepartitionPlan plan_repartition(const Organ<3> &, const std::vector<unsigned int> &, const UnitCosts &);
} // namespace nidus
