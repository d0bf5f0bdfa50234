#pragma once

#include "agents/agent_population.h"
#include "agents/agent_rules.h"

#include <cstdint>

/**
 * Who an agent is. A key is a hash of what made the agent, never a count, so that it is the same on any number of
 * ranks, and is not given out again when the agent is dead. Keys are never 0, which stands for "no agent".
 */
namespace nidus::lineage
{
/// Key of the daughter of the mother's division number @p division (1, 2, ...).
std::uint64_t daughter_key(std::uint64_t mother, std::uint32_t division);

/// Key of agent @p number of the type @p type seeded at the start in the mesh cell with hash @p cell_hash.
std::uint64_t seeded_key(std::uint64_t seed, std::uint64_t cell_hash, std::int32_t type, std::uint64_t number);

/// Key of agent @p number of the type @p type that the file puts at a place.
std::uint64_t placed_key(std::uint64_t seed, std::int32_t type, std::uint64_t number);

/// Key of arrival @p number of the type @p type at the vessel site with hash @p site_hash in the macro step @p step.
std::uint64_t arrival_key(std::uint64_t seed, std::uint64_t site_hash, std::int32_t type, std::uint64_t step,
                          std::uint64_t number);

/// A seeded or arrived agent: no mother, no divisions, its active velocity drawn from the stationary distribution.
template <int dim>
AgentRecord<dim> founder(const AgentRules &rules, std::uint64_t key, std::int32_t type, std::int32_t state,
                         const dealii::Point<dim> &position, const DecisionStep &step);
} // namespace nidus::lineage
