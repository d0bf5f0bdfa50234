#include "agents/agent_migration.h"

#include "agents/packed_agent.h"
#include "agents/rank_exchange.h"
#include "organ/cell_locator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace nidus
{
namespace
{
/// What neighbours need to know of an agent.
template <int dim>
struct HaloAgent
{
  std::uint64_t key;
  std::int32_t type, state;
  std::array<double, dim> position;
};

template <int dim>
std::runtime_error lost(const std::uint64_t key, const dealii::Point<dim> &position, const std::string &why)
{
  std::ostringstream text;
  text.precision(17);
  text << "agent " << std::hex << key << std::dec << " at (" << position << ") um " << why;
  return std::runtime_error(text.str());
}

/// 0 inside of the box; infinite for the box {max, min} of a rank without tissue.
template <int dim>
double distance_square(const dealii::Point<dim> &point, const std::pair<dealii::Point<dim>, dealii::Point<dim>> &box)
{
  double sum = 0.0;
  for (unsigned int d = 0; d < dim; ++d)
  {
    if (box.first[d] > box.second[d])
      return std::numeric_limits<double>::infinity();
    const double outside = std::max({box.first[d] - point[d], point[d] - box.second[d], 0.0});
    sum += outside * outside;
  }
  return sum;
}

/// Whether the boxes are closer than @p radius in every direction.
template <int dim>
bool near(const std::pair<dealii::Point<dim>, dealii::Point<dim>> &a,
          const std::pair<dealii::Point<dim>, dealii::Point<dim>> &b, const double radius)
{
  for (unsigned int d = 0; d < dim; ++d)
    if (a.first[d] > a.second[d] || b.first[d] > b.second[d] || a.first[d] > b.second[d] + radius ||
        b.first[d] > a.second[d] + radius)
      return false;
  return true;
}

int n_ranks_of(const MPI_Comm comm)
{
  int n_ranks = 1;
  MPI_Comm_size(comm, &n_ranks);
  return n_ranks;
}

int rank_of(const MPI_Comm comm)
{
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}
} // namespace

/// Where agents want to go that do not stay in cells of this rank.
template <int dim>
struct AgentMigration<dim>::Departures
{
  std::vector<std::pair<std::size_t, int>> leaving; ///< agent, and the rank that owns its new place
  std::vector<std::size_t> unresolved;              ///< agents whose new place is not in any cell known here
  std::vector<dealii::Point<dim>> targets;          ///< their new places
  std::vector<std::size_t> undefined;               ///< agents with a displacement that is not a number
  std::vector<std::size_t> refused;
  bool anyone_leaves = false; ///< on any rank
};

template <int dim>
bool AgentMigration<dim>::anywhere(const bool here) const
{
  int any = here;
  MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, locator.communicator());
  return any != 0;
}

template <int dim>
void AgentMigration<dim>::refuse_everywhere(const std::vector<std::size_t> &offending,
                                            const AgentPopulation<dim> &population, const std::string &why) const
{
  const MPI_Comm comm = locator.communicator();
  int first = offending.empty() ? n_ranks_of(comm) : rank_of(comm);
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm);
  if (first == n_ranks_of(comm))
    return;
  // All ranks throw the same, so that the program ends with one message and no rank waits for another.
  PackedAgent<dim> agent{};
  if (first == rank_of(comm))
    agent = packed(population.record(offending.front()));
  MPI_Bcast(&agent, sizeof(agent), MPI_BYTE, first, comm);
  throw lost(agent.key, unpacked(agent).position, why);
}

template <int dim>
void AgentMigration<dim>::resolve(Departures &departures, AgentPopulation<dim> &population) const
{
  const MPI_Comm comm = locator.communicator();
  std::array<int, 3> flags{
      {!departures.unresolved.empty(), !departures.leaving.empty(), !departures.undefined.empty()}};
  MPI_Allreduce(MPI_IN_PLACE, flags.data(), 3, MPI_INT, MPI_MAX, comm);
  const auto [unresolved, leaving, undefined] = flags;
  if (undefined)
    refuse_everywhere(departures.undefined, population, "is displaced by an infinite or undefined length");

  // One rank alone knows every cell.
  std::vector<int> owners(departures.unresolved.size(), -1);
  if (unresolved && n_ranks_of(comm) > 1)
    owners = locator.find_owners(departures.targets);
  for (std::size_t u = 0; u < owners.size(); ++u)
  {
    const auto i = departures.unresolved[u];
    if (owners[u] < 0)
      departures.refused.push_back(i);
    else
    {
      population.position[i] = departures.targets[u];
      departures.leaving.emplace_back(i, owners[u]);
    }
  }
  departures.anyone_leaves = leaving || (unresolved && n_ranks_of(comm) > 1);
}

template <int dim>
void AgentMigration<dim>::hand_over(const Departures &departures, AgentPopulation<dim> &population) const
{
  const MPI_Comm comm = locator.communicator();
  const int n_ranks = n_ranks_of(comm);
  if (!departures.anyone_leaves)
    return;

  // Numbers of receptors follow in a message of their own, in the same order.
  const unsigned int width = population.receptor_doubles();
  std::vector<std::vector<PackedAgent<dim>>> to_send(n_ranks);
  std::vector<std::vector<double>> receptors_to_send(n_ranks);
  const auto send = [&](const int rank, const PackedAgent<dim> &agent, const double *receptors) {
    to_send[rank].push_back(agent);
    receptors_to_send[rank].insert(receptors_to_send[rank].end(), receptors, receptors + width);
  };
  std::vector<char> gone(population.size(), 0);
  for (const auto &[i, rank] : departures.leaving)
  {
    send(rank, packed(population.record(i)), population.receptors_of(i));
    gone[i] = 1;
  }
  if (!departures.leaving.empty())
    population.remove(gone);

  // The sender knows one cell at the new place. On a vertex at the far side of its ghost layer there may be others, of
  // which one has the agent; the owner of the first cell knows all of them and passes the agent on.
  constexpr unsigned int most_rounds = 3;
  bool passed_on = true;
  for (unsigned int round = 0; passed_on; ++round)
  {
    const auto received = send_to_ranks(comm, to_send);
    const auto receptors = width > 0 ? send_to_ranks(comm, receptors_to_send) : std::vector<double>();
    to_send.assign(n_ranks, {});
    receptors_to_send.assign(n_ranks, {});
    bool pass_on = false;
    for (std::size_t a = 0; a < received.size(); ++a)
    {
      const auto &agent = received[a];
      const double *numbers = receptors.data() + a * width;
      auto record = unpacked(agent);
      record.receptors.assign(numbers, numbers + width);
      const auto place = locator.locate(record.position);
      if (!place.found() || (round == most_rounds && !locator.is_owned(place.cell)))
        throw lost(record.key, record.position, "was handed over to a rank that does not own its place");
      if (locator.is_owned(place.cell))
      {
        population.append(record, place.cell, place.reference);
        continue;
      }
      send(static_cast<int>(locator.owner(place.cell)), agent, numbers);
      pass_on = true;
    }
    passed_on = anywhere(pass_on);
  }
}

template <int dim>
void AgentMigration<dim>::displace(const std::size_t i, const dealii::Tensor<1, dim> &displacement,
                                   AgentPopulation<dim> &population, Departures &departures) const
{
  const double length_square = displacement.norm_square();
  if (length_square == 0.0)
    return;
  if (!std::isfinite(length_square))
  {
    departures.undefined.push_back(i);
    return;
  }
  const auto target = population.position[i] + displacement;
  const auto place = locator.locate(target, population.cell[i]);
  if (!place.found())
  {
    departures.unresolved.push_back(i);
    departures.targets.push_back(target);
    return;
  }
  population.position[i] = target;
  population.cell[i] = place.cell;
  population.reference_position[i] = place.reference;
  if (!locator.is_owned(place.cell))
    departures.leaving.emplace_back(i, static_cast<int>(locator.owner(place.cell)));
}

template <int dim>
typename AgentMigration<dim>::Tally AgentMigration<dim>::depart(Departures &departures, const WallRule rule,
                                                                AgentPopulation<dim> &population) const
{
  resolve(departures, population);
  if (rule == WallRule::reverse_velocity)
    for (const auto i : departures.refused)
      population.velocity[i] *= -1.0;
  hand_over(departures, population);
  return {departures.refused.size(), departures.leaving.size()};
}

template <int dim>
typename AgentMigration<dim>::Tally
AgentMigration<dim>::relocate(const std::vector<dealii::Tensor<1, dim>> &displacement, const WallRule rule,
                              AgentPopulation<dim> &population) const
{
  Departures departures;
  for (std::size_t i = 0; i < population.size(); ++i)
    displace(i, displacement[i], population, departures);
  return depart(departures, rule, population);
}

template <int dim>
typename AgentMigration<dim>::Tally
AgentMigration<dim>::relocate(const std::vector<std::pair<std::size_t, dealii::Tensor<1, dim>>> &displacement,
                              const WallRule rule, AgentPopulation<dim> &population) const
{
  Departures departures;
  for (const auto &[i, length] : displacement)
    displace(i, length, population, departures);
  return depart(departures, rule, population);
}

template <int dim>
typename AgentMigration<dim>::Tally AgentMigration<dim>::settle(AgentPopulation<dim> &population) const
{
  Departures departures;
  population.forget_cells();
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const auto place = locator.locate(population.position[i]);
    if (!place.found())
    {
      departures.unresolved.push_back(i);
      departures.targets.push_back(population.position[i]);
      continue;
    }
    population.cell[i] = place.cell;
    population.reference_position[i] = place.reference;
    if (!locator.is_owned(place.cell))
      departures.leaving.emplace_back(i, static_cast<int>(locator.owner(place.cell)));
  }
  resolve(departures, population);
  refuse_everywhere(departures.refused, population, "is outside of the tissue");
  hand_over(departures, population);
  population.sort();
  return {0, departures.leaving.size()};
}

template <int dim>
Halo<dim> AgentMigration<dim>::exchange_halo(const AgentPopulation<dim> &population, const double radius,
                                             const std::vector<char> &types) const
{
  Halo<dim> halo;
  const MPI_Comm comm = locator.communicator();
  const int n_ranks = n_ranks_of(comm), me = rank_of(comm);
  if (n_ranks == 1 || radius <= 0.0)
    return halo;

  // A little more than the radius: an agent may be a rounding error outside of its rank's box.
  const double reach = radius * (1.0 + 1e-9);
  const auto &boxes = locator.rank_boxes();
  std::vector<std::vector<HaloAgent<dim>>> to_send(n_ranks);
  for (int rank = 0; rank < n_ranks; ++rank)
  {
    if (rank == me || !near<dim>(boxes[me], boxes[rank], reach))
      continue;
    for (std::size_t i = 0; i < population.size(); ++i)
      if ((types.empty() || types[population.type[i]]) &&
          distance_square<dim>(population.position[i], boxes[rank]) <= reach * reach)
      {
        to_send[rank].push_back({population.key[i], population.type[i], population.state[i], {}});
        for (unsigned int d = 0; d < dim; ++d)
          to_send[rank].back().position[d] = population.position[i][d];
      }
  }

  const auto received = send_to_ranks(comm, to_send);
  for (const auto &agent : received)
  {
    halo.key.push_back(agent.key);
    halo.type.push_back(agent.type);
    halo.state.push_back(agent.state);
    halo.position.emplace_back();
    for (unsigned int d = 0; d < dim; ++d)
      halo.position.back()[d] = agent.position[d];
  }
  return halo;
}

template class AgentMigration<2>;
template class AgentMigration<3>;
} // namespace nidus
