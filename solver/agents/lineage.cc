#include "agents/lineage.h"

#include "agents/motility.h"
#include "control/random.h"

namespace nidus::lineage
{
namespace
{
// The sources of agents hash different first words, so that their keys do not meet.
constexpr std::uint64_t seeding_word = 0x73656564ull, arrival_word = 0x61727276ull, placing_word = 0x706c6163ull;

std::uint64_t never_zero(const std::uint64_t key)
{
  return key != 0 ? key : 1;
}
} // namespace

std::uint64_t daughter_key(const std::uint64_t mother, const std::uint32_t division)
{
  return never_zero(random::mix(mother, division));
}

std::uint64_t seeded_key(const std::uint64_t seed, const std::uint64_t cell_hash, const std::int32_t type,
                         const std::uint64_t number)
{
  const auto place = random::mix(random::mix(seed, seeding_word), cell_hash);
  return never_zero(random::mix(random::mix(place, static_cast<std::uint64_t>(type)), number));
}

std::uint64_t placed_key(const std::uint64_t seed, const std::int32_t type, const std::uint64_t number)
{
  const auto kind = random::mix(random::mix(seed, placing_word), static_cast<std::uint64_t>(type));
  return never_zero(random::mix(kind, number));
}

std::uint64_t arrival_key(const std::uint64_t seed, const std::uint64_t site_hash, const std::int32_t type,
                          const std::uint64_t step, const std::uint64_t number)
{
  const auto place = random::mix(random::mix(seed, arrival_word), site_hash);
  const auto kind = random::mix(place, static_cast<std::uint64_t>(type));
  return never_zero(random::mix(random::mix(kind, step), number));
}

template <int dim>
AgentRecord<dim> founder(const AgentRules &rules, const std::uint64_t key, const std::int32_t type,
                         const std::int32_t state, const dealii::Point<dim> &position, const DecisionStep &step)
{
  AgentRecord<dim> record;
  record.key = key;
  record.type = type;
  record.state = state;
  record.state_since = step.time;
  record.born = step.time;
  record.position = position;
  record.velocity = initial_velocity<dim>(rules, type, state, key, step.number);
  return record;
}

template AgentRecord<2> founder<2>(const AgentRules &, std::uint64_t, std::int32_t, std::int32_t,
                                   const dealii::Point<2> &, const DecisionStep &);
template AgentRecord<3> founder<3>(const AgentRules &, std::uint64_t, std::int32_t, std::int32_t,
                                   const dealii::Point<3> &, const DecisionStep &);
} // namespace nidus::lineage
