#include "coupling/seeding.h"

#include "control/random.h"
#include "organ/multilinear.h"

namespace nidus
{
namespace
{
template <typename Cell>
std::uint64_t hash_of(const Cell &cell)
{
  std::uint64_t hash = 0;
  for (const unsigned int word : cell->id().template to_binary<Cell::AccessorType::dimension>())
    hash = random::mix(hash, word);
  return hash;
}
} // namespace

template <int dim>
std::vector<AgentEvent> seed_agents(const Organ<dim> &organ, const CellLocator<dim> &locator, const AgentRules &rules,
                                    const DecisionStep &step, AgentPopulation<dim> &population)
{
  using random::Purpose;
  std::vector<AgentEvent> events;
  for (std::uint32_t c = 0; c < locator.n_cells(); ++c)
  {
    if (!locator.is_owned(c))
      continue;
    const auto &cell = locator.cell(c);
    const auto &region = organ.region(cell);
    const std::uint64_t cell_hash = hash_of(cell);
    for (std::size_t t = 0; t < rules.parameters.types.size(); ++t)
    {
      const auto &type = rules.parameters.types[t];
      const auto found = type.initial_density.find(region.name);
      const double plain = found == type.initial_density.end() ? 0.0 : found->second;
      const double lining = type.initial_lining_density;
      if (plain + lining == 0.0)
        continue;
      // Candidates at the sum of both densities; away from a lumen only the share of the plain one is kept.
      const std::uint64_t key = random::mix(cell_hash, t);
      const auto candidates =
          random::poisson({rules.seed, key, 0, Purpose::seeding}, (plain + lining) * cell->measure());
      for (std::uint64_t number = 0; number < candidates; ++number)
      {
        const auto u = random::uniform({rules.seed, key, number, Purpose::seeding_position});
        dealii::Point<dim> reference;
        for (unsigned int d = 0; d < dim; ++d)
          reference[d] = u[d];
        const auto position = Multilinear<dim>(reference).point(locator.corners(c));
        if (u[3] * (plain + lining) > plain && !organ.lines_lumen(position, type.lining_distance))
          continue;
        const std::uint64_t agent = lineage::seeded_key(rules.seed, cell_hash, t, number);
        population.append(lineage::founder<dim>(rules, agent, t, type.initial_state_index, position, step));
        AgentEvent event;
        event.key = agent;
        event.step = step.number;
        event.kind = EventKind::seeded;
        event.type = event.new_type = static_cast<std::int32_t>(t);
        event.to = type.initial_state_index;
        events.push_back(event);
      }
    }
  }
  return events;
}

template std::vector<AgentEvent> seed_agents<2>(const Organ<2> &, const CellLocator<2> &, const AgentRules &,
                                                const DecisionStep &, AgentPopulation<2> &);
template std::vector<AgentEvent> seed_agents<3>(const Organ<3> &, const CellLocator<3> &, const AgentRules &,
                                                const DecisionStep &, AgentPopulation<3> &);
} // namespace nidus
