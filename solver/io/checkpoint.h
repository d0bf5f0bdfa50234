#pragma once

#include "agents/agent_population.h"
#include "fields/field_set.h"
#include "io/output_folder.h"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace nidus
{
/**
 * The state of a run in checkpoint/step_NNNNNNNN: fields by place of their node, agents by key, and everything else as
 * JSON. Nothing in it depends on the number of ranks. The mesh is not stored: it follows from the parameters.
 */
template <int dim>
class Checkpoint
{
public:
  explicit Checkpoint(const OutputFolder &folder) : folder(folder) {}

  /// Writes aside, renames, and then removes older ones. Collective. Throws std::runtime_error on all ranks.
  void write(std::uint64_t step, const nlohmann::json &state, const FieldSet<dim> &fields,
             const AgentPopulation<dim> &agents) const;

  /**
   * Reads the newest one: returns its JSON, fills the fields (ghosts too) and gives each rank a share of the agents,
   * which AgentMigration::settle() then brings to their places. Collective.
   * Throws InputError when there is none, or when it belongs to other fields or another mesh.
   */
  nlohmann::json read(FieldSet<dim> &fields, AgentPopulation<dim> &agents) const;

private:
  const OutputFolder &folder;
};
} // namespace nidus
