#pragma once

#include "agents/agent_event.h"
#include "agents/agent_migration.h"
#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "coupling/cell_nodes.h"
#include "coupling/sampling.h"
#include "observables/colonies.h"
#include "observables/fates.h"
#include "observables/niche_index.h"
#include "observables/observable_parameters.h"
#include "observables/observed.h"
#include "observables/pair_correlations.h"
#include "observables/receptor_occupancy.h"
#include "observables/sections.h"
#include "observables/tumour_cells.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace nidus
{
/**
 * Everything that a run measures of itself at its outputs (model 3.2, 5 and 7.1): the section `Observables`.
 *
 * The occupancy of receptors is for the output of agents, without being asked for. Nothing else that is not asked for
 * costs anything. Tables and rows are the same on any number of ranks, sums but for their
 * rounding. All functions are collective.
 */
template <int dim>
class Observables
{
public:
  /// What is looked at, as of one moment.
  struct Scene
  {
    std::uint64_t step;
    double time; ///< min
    const FieldSet<dim> &fields;
    const CellLocator<dim> &locator;
    const CellNodes<dim> &nodes;
    Sampling<dim> &sampling;
    const AgentMigration<dim> &migration;
    const std::vector<double> &blood; ///< levels, nM
    AgentPopulation<dim> &population; ///< is told its colonies
  };

  /// At the start of a run. @p vessels: null if none are resolved. All but the locator are referred to.
  Observables(const ObservablesParameters &parameters, const FieldSet<dim> &fields, const AgentRules &rules,
              const CellLocator<dim> &locator, const VesselNetwork *vessels);

  /// Columns of the statistics, tables, and point arrays beside the fields.
  const std::vector<ObservedColumn> &columns() const { return column_list; }
  const std::vector<TableHead> &tables() const { return table_list; }
  std::vector<ObservedColumn> nodal_arrays() const;
  /// Whether agents have colonies.
  bool has_colonies() const { return parameters.colonies.any(); }

  /// Events of a macro step that ended at @p time (min).
  void take(const std::vector<AgentEvent> &events, double time);

  Observed look(const Scene &scene);

  /// What was noted in time, for checkpoints; what rank 0 has counts.
  nlohmann::json state() const;
  void restore(const nlohmann::json &state);

private:
  const ObservablesParameters &parameters;
  MPI_Comm comm;
  ReceptorOccupancy<dim> occupancy;
  NicheIndex<dim> niche_index;
  Colonies colonies;
  Fates fates;
  TumourCells<dim> tumour_cells;
  std::unique_ptr<Sections<dim>> sections; ///< null: off
  std::vector<PairCorrelation<dim>> pair_correlations;
  std::vector<ObservedColumn> column_list;
  std::vector<TableHead> table_list;
};
} // namespace nidus
