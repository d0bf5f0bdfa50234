#pragma once

#include "agents/agent_population.h"
#include "fields/field_set.h"
#include "io/output_folder.h"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace nidus
{
/// What the files of a checkpoint hold, as bytes, the same on all ranks but for the agents.
struct CheckpointFiles
{
  nlohmann::json manifest;
  std::string nodes;
  std::string agents; ///< on rank 0
  std::string leaves; ///< for Organ::become; empty: the mesh is the one that follows from the parameters
};

/**
 * The state of a run in checkpoint/step_NNNNNNNN: fields by place of their node, agents by key, everything else as
 * JSON, and the cells of a mesh that has been adapted. Nothing in it depends on the number of ranks.
 */
template <int dim>
class Checkpoint
{
public:
  explicit Checkpoint(const OutputFolder &folder) : folder(folder) {}

  /// Writes aside, renames, and then removes older ones. Collective. Throws std::runtime_error on all ranks.
  void write(std::uint64_t step, const nlohmann::json &state, const FieldSet<dim> &fields,
             const AgentPopulation<dim> &agents) const;

  /// Reads the newest one. Throws InputError when there is none. Collective.
  CheckpointFiles read() const;

  /**
   * Fills the fields (ghosts too) and gives each rank a share of the agents, which AgentMigration::settle() then brings
   * to their places; returns the JSON. Collective. Throws InputError for other fields or another mesh.
   */
  nlohmann::json restore(const CheckpointFiles &files, FieldSet<dim> &fields, AgentPopulation<dim> &agents) const;

private:
  const OutputFolder &folder;
};
} // namespace nidus
