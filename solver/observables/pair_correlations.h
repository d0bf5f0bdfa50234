#pragma once

#include "agents/agent_migration.h"
#include "agents/agent_population.h"
#include "observables/observable_parameters.h"
#include "observables/observed.h"
#include "organ/cell_locator.h"

#include <cstdint>
#include <vector>

namespace nidus
{
/**
 * Pair correlation g(r) of two kinds of agents in tissue of any shape.
 *
 * Random points of the tissue take the place of the agents that are counted: where no pair has any order,
 *   g = (pairs / ordered pairs there are) / (pairs with points / (agents at the centre * points))
 * is 1 at every distance, at borders too, without any volume being measured. The points are keyed and stay the same
 * during the run. An agent makes no pair with itself.
 */
template <int dim>
class PairCorrelation
{
public:
  /// The parameters are referred to. @p number among the pair correlations keys the points. Collective.
  PairCorrelation(const PairCorrelationParameters &parameters, std::uint32_t number, const CellLocator<dim> &locator,
                  double tissue_volume, std::uint64_t seed);

  struct Bin
  {
    double middle;               ///< um
    double g;                    ///< not a number where no point is met
    std::uint64_t pairs, points; ///< ordered pairs of agents, and of agents and points
  };

  /// The same on all ranks. @p locator: of the mesh as it is now. Collective.
  std::vector<Bin> look(const AgentMigration<dim> &migration, const CellLocator<dim> &locator,
                        const AgentPopulation<dim> &population) const;

  static TableHead table();
  void append_rows(const std::vector<Bin> &bins, double time, std::vector<TableRow> &rows) const;

private:
  const PairCorrelationParameters &parameters;
  std::vector<dealii::Point<dim>> points; ///< on every rank
};
} // namespace nidus
