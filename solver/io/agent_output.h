#pragma once

#include "agents/agent_parameters.h"
#include "agents/agent_population.h"
#include "io/output_folder.h"
#include "io/pvd.h"
#include "io/rank_groups.h"
#include "observables/observed.h"

#include <cstdint>
#include <vector>

namespace nidus
{
/**
 * The agents as points, for ParaView: agents/agents_NNNNNN.vtp, or .pvtp with a piece for each group of ranks, and
 * agents.pvd.
 *
 * Point arrays, sorted by key in each piece: `key` and `mother` (64-bit unsigned integers), `type` and `state` (numbers
 * as in legend.json), `generation`, `radius` [um], `age` [min], `velocity` [um/min] (three components in 2-D too);
 * `colony` (64-bit signed integer, 0: none) if colonies are looked for, and further arrays of observables; field data
 * `TimeValue` [min], `type_names` and `state_names` ("TYPE: STATE", the states of one type after those of another).
 */
template <int dim>
class AgentOutput
{
public:
  /// Makes the folder "agents". @p groups: those with a piece each. Collective. Throws std::runtime_error on all ranks.
  /// Folder and parameters must outlive this.
  AgentOutput(const OutputFolder &folder, const AgentParameters &parameters, const RankGroups &groups,
              bool has_colonies = false);

  /// Writes the agents of all ranks as output number @p number at @p time (min). Collective. Throws std::runtime_error
  /// on all ranks; the collection does not name the new file then. @p more: further arrays, as many on all ranks.
  void write(std::uint64_t number, double time, const AgentPopulation<dim> &agents,
             const std::vector<ObservedArray> &more = {});

  /// To be saved in and restored from checkpoints.
  TimeCollection &collection() { return times; }
  const TimeCollection &collection() const { return times; }

private:
  const OutputFolder &folder;
  const AgentParameters &parameters;
  RankGroups groups;
  bool has_colonies;
  TimeCollection times;
};
} // namespace nidus
