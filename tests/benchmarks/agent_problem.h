#pragma once

#include "agents/agent_migration.h"
#include "agents/mechanics.h"
#include "coupling/deposition.h"
#include "coupling/sampling.h"
#include "fields/source_terms.h"

#include <cstdint>
#include <string>

/// Agents in a cube of tissue with four fields, for measurements of speed.
namespace nidus::benchmark
{
/// How the agents of a problem lie.
enum class Packing
{
  random, ///< anywhere in the cube
  dense   ///< on a face-centred lattice with the distance at which adhesion and repulsion balance
};

struct AgentChoice
{
  std::uint64_t agents = 100000;
  unsigned int cells = 46; ///< along an edge of the cube
  double cell_size = 20.0; ///< um; a dense packing that needs more room makes the cells larger
  Packing packing = Packing::random;
};

/// One type that crawls up a gradient through one receptor, secretes one field, takes up another, rests, divides and
/// dies; one agent in some thousands does any of the last three in a step.
AgentParameters benchmark_agents();

class AgentProblem
{
public:
  explicit AgentProblem(const AgentChoice &choice);

  std::uint64_t n_agents() const { return choice.agents; }

  const AgentChoice choice;
  const AgentParameters parameters;
  const AgentModifiers modifiers;
  const AgentRules rules;
  const OrganParameters organ_parameters;
  const FieldsParameters field_parameters;
  Organ<3> organ;
  FieldSet<3> fields;
  SourceTerms<3> sources;
  CellLocator<3> locator;
  CellNodes<3> nodes;
  Sampling<3> sampling;
  ReceptorExchange<3> receptor_exchange;
  Deposition<3> deposition;
  AgentMigration<3> migration;
  Mechanics mechanics;
  AgentPopulation<3> population;
};
} // namespace nidus::benchmark
