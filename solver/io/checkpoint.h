#pragma once

#include "agents/agent_parameters.h"
#include "agents/agent_population.h"
#include "fields/field_set.h"
#include "io/checkpoint_store.h"
#include "io/output_folder.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/// What a checkpoint holds, as bytes, the same on all ranks but for the agents.
struct CheckpointFiles
{
  std::string name; ///< of its folder
  std::uint64_t step = 0;
  std::string run;                  ///< which run wrote it
  std::vector<std::string> skipped; ///< newer ones that are not whole, and why
  nlohmann::json contents;          ///< what the bytes are made of, and "state"
  std::string parameters;           ///< parameters.json of the run that wrote it
  std::string nodes;
  std::string agents; ///< on rank 0
  std::string leaves; ///< for Organ::become; empty: the mesh is the one that follows from the parameters
};

/// What a checkpoint says besides fields and agents.
struct CheckpointState
{
  std::string run;        ///< identity of the run
  std::string parameters; ///< as JSON
  nlohmann::json state;
};

/**
 * The state of a run in checkpoint/step_NNNNNNNN (CheckpointStore): fields by place of their node, agents by key,
 * everything else as JSON, the parameters, and the cells of a mesh that has been adapted. Nothing in it depends on the
 * number of ranks.
 */
template <int dim>
class Checkpoint
{
public:
  /// @p folder must outlive this.
  explicit Checkpoint(const OutputFolder &folder) : folder(folder), store(folder.path("checkpoint")) {}

  /// Writes one and keeps the last @p kept; returns its bytes. Collective. Throws SharedFault; the older ones are as
  /// they were then.
  std::uint64_t write(std::uint64_t step, const CheckpointState &state, unsigned int kept, const FieldSet<dim> &fields,
                      const AgentPopulation<dim> &agents) const;

  /**
   * Fills the fields (ghosts too) and gives each rank a share of the agents, which AgentMigration::settle() then brings
   * to their places; returns the JSON. Collective. Throws InputError for other fields, another mesh, or agents that
   * @p parameters do not know.
   */
  nlohmann::json restore(const CheckpointFiles &files, const AgentParameters &parameters, FieldSet<dim> &fields,
                         AgentPopulation<dim> &agents) const;

private:
  const OutputFolder &folder;
  CheckpointStore store;
};

/// Reads the newest checkpoint in @p folder that is whole and of the run that the folder belongs to. Collective. Throws
/// InputError, with the faults of all, when there is none.
CheckpointFiles read_checkpoint(const OutputFolder &folder);
} // namespace nidus
