#include "coupling/seeding.h"

#include "control/input_error.h"
#include "control/random.h"
#include "organ/multilinear.h"

#include <deal.II/base/mpi.h>

namespace nidus
{
namespace
{
template <int dim>
dealii::Point<dim> place_of(const PlacedAgent &agent)
{
  dealii::Point<dim> place;
  for (unsigned int d = 0; d < dim; ++d)
    place[d] = agent.position[d];
  return place;
}

/// Whether this rank has the place; of the ranks exactly one has a place in the tissue.
template <int dim>
bool is_here(const CellLocator<dim> &locator, const PlacedAgent &agent)
{
  const auto place = locator.locate(place_of<dim>(agent));
  return place.found() && locator.is_owned(place.cell);
}

/// Appends a founder and notes the event.
template <int dim>
void add_founder(const AgentRules &rules, const std::uint64_t key, const std::int32_t type, const std::int32_t state,
                 const dealii::Point<dim> &position, const DecisionStep &step, AgentPopulation<dim> &population,
                 std::vector<AgentEvent> &events)
{
  population.append(lineage::founder<dim>(rules, key, type, state, position, step));
  events.push_back(appearance(EventKind::seeded, key, step.number, type, state));
}

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
void check_positions(const CellLocator<dim> &locator, const AgentParameters &agents)
{
  for (const auto &type : agents.types)
  {
    std::vector<unsigned int> found;
    for (const auto &agent : type.placed)
      found.push_back(is_here(locator, agent));
    dealii::Utilities::MPI::max(found, locator.communicator(), found);
    for (std::size_t number = 0; number < found.size(); ++number)
      if (found[number] == 0)
        throw InputError(type.placed[number].origin, type.placed[number].text, "positions in the tissue, in um",
                         "move this agent of the type " + type.name + " into a region with 'Tissue = true'");
  }
}

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
        add_founder(rules, lineage::seeded_key(rules.seed, cell_hash, t, number), t, type.initial_state_index, position,
                    step, population, events);
      }
    }
  }
  for (std::size_t t = 0; t < rules.parameters.types.size(); ++t)
  {
    const auto &placed = rules.type(t).placed;
    for (std::size_t number = 0; number < placed.size(); ++number)
      if (is_here(locator, placed[number]))
        add_founder(rules, lineage::placed_key(rules.seed, t, number), t, placed[number].state,
                    place_of<dim>(placed[number]), step, population, events);
  }
  return events;
}

template void check_positions<2>(const CellLocator<2> &, const AgentParameters &);
template void check_positions<3>(const CellLocator<3> &, const AgentParameters &);
template std::vector<AgentEvent> seed_agents<2>(const Organ<2> &, const CellLocator<2> &, const AgentRules &,
                                                const DecisionStep &, AgentPopulation<2> &);
template std::vector<AgentEvent> seed_agents<3>(const Organ<3> &, const CellLocator<3> &, const AgentRules &,
                                                const DecisionStep &, AgentPopulation<3> &);
} // namespace nidus
