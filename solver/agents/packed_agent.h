#pragma once

#include "agents/agent_population.h"

#include <array>
#include <cstdint>

namespace nidus
{
/// An agent as bytes, for messages and checkpoints; numbers of receptors go beside it. The record itself is not
/// trivially copyable, because deal.II's tensors are not.
template <int dim>
struct PackedAgent
{
  std::uint64_t key, mother, founder, colony;
  std::uint32_t divisions, generation, stage;
  std::uint32_t none; ///< zero: without gaps equal agents are equal bytes
  std::int32_t type, state;
  double state_since, born;
  std::array<double, dim> position, velocity;
};

template <int dim>
PackedAgent<dim> packed(const AgentRecord<dim> &record)
{
  PackedAgent<dim> agent{record.key,
                         record.mother,
                         record.founder,
                         record.colony,
                         record.divisions,
                         record.generation,
                         record.stage,
                         0,
                         record.type,
                         record.state,
                         record.state_since,
                         record.born,
                         {},
                         {}};
  for (unsigned int d = 0; d < dim; ++d)
  {
    agent.position[d] = record.position[d];
    agent.velocity[d] = record.velocity[d];
  }
  return agent;
}

template <int dim>
AgentRecord<dim> unpacked(const PackedAgent<dim> &agent)
{
  AgentRecord<dim> record;
  record.key = agent.key;
  record.mother = agent.mother;
  record.founder = agent.founder;
  record.colony = agent.colony;
  record.divisions = agent.divisions;
  record.generation = agent.generation;
  record.stage = agent.stage;
  record.type = agent.type;
  record.state = agent.state;
  record.state_since = agent.state_since;
  record.born = agent.born;
  for (unsigned int d = 0; d < dim; ++d)
  {
    record.position[d] = agent.position[d];
    record.velocity[d] = agent.velocity[d];
  }
  return record;
}
} // namespace nidus
