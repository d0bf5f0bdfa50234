#include "agents/mechanics.h"

#include "agents/random_direction.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// um/min; speeds that types give to each other by name go before the general ones.
double pair_adhesion(const AgentTypeParameters &a, const AgentTypeParameters &b)
{
  const auto from_a = a.adhesion_with.find(b.name), from_b = b.adhesion_with.find(a.name);
  if (from_a == a.adhesion_with.end() && from_b == b.adhesion_with.end())
    return std::sqrt(a.adhesion * b.adhesion);
  return std::max(from_a == a.adhesion_with.end() ? 0.0 : from_a->second,
                  from_b == b.adhesion_with.end() ? 0.0 : from_b->second);
}

/// Closer than this, over the contact distance, agents have no direction from one to the other.
constexpr double coincident = 1e-10;

/// Two agents at one place: their keys say in which direction a moves away from b, and b in the opposite one.
template <int dim>
dealii::Tensor<1, dim> separation(const std::uint64_t a, const std::uint64_t b)
{
  const auto direction = random_direction<dim>({std::min(a, b), std::max(a, b), 0, random::Purpose::division_axis});
  return a < b ? direction : -direction;
}

double square(const double x)
{
  return x * x;
}
} // namespace

Mechanics::Mechanics(const AgentParameters &parameters) : greatest_reach(parameters.mechanical_reach())
{
  std::vector<std::pair<const AgentTypeParameters *, const StateParameters *>> kinds;
  for (const auto &type : parameters.types)
  {
    takes_part.push_back(type.repulsion > 0.0);
    displaced.push_back(type.is_displaced());
    first_kind.push_back(static_cast<int>(kinds.size()));
    for (const auto &state : type.states)
      kinds.emplace_back(&type, &state);
  }
  n_kinds = static_cast<int>(kinds.size());
  for (const auto &[a, state_a] : kinds)
    for (const auto &[b, state_b] : kinds)
    {
      PairLaw law;
      law.contact_distance = a->radius + b->radius;
      law.range = parameters.adhesion_range * law.contact_distance;
      law.repulsion = std::sqrt(a->repulsion * b->repulsion);
      if (law.repulsion > 0.0)
      {
        law.adhesion = state_a->adhesion_factor * state_b->adhesion_factor * pair_adhesion(*a, *b);
        greatest_contact = std::max(greatest_contact, law.contact_distance);
      }
      pairs.push_back(law);
    }
}

template <int dim>
std::vector<dealii::Tensor<1, dim>> Mechanics::velocities(const Neighbourhood<dim> &neighbourhood) const
{
  const auto &entries = neighbourhood.grid().entries();
  const std::size_t n_owned = neighbourhood.n_owned();
  // Each pair once. An agent's terms are added in the order of its partners in space, whoever owns them.
  std::vector<dealii::Tensor<1, dim>> sum(entries.size());
  const auto add = [&](const std::uint32_t a, const std::uint32_t b, const dealii::Tensor<1, dim> &offset,
                       const double distance_square) {
    const auto &first = entries[a], &second = entries[b];
    const auto &law = laws_of(first.type, first.state)[first_kind[second.type] + second.state];
    const bool matters =
        (first.index < n_owned && displaced[first.type]) || (second.index < n_owned && displaced[second.type]);
    if (!matters || distance_square >= law.range * law.range)
      return;
    const double distance = std::sqrt(distance_square);
    double speed = -law.adhesion * square(1.0 - distance / law.range);
    if (distance < law.contact_distance)
      speed += law.repulsion * square(1.0 - distance / law.contact_distance);
    const auto velocity =
        distance > coincident * law.contact_distance
            ? (speed / distance) * offset
            : speed * separation<dim>(neighbourhood.key(first.index), neighbourhood.key(second.index));
    sum[a] += velocity;
    sum[b] -= velocity;
  };
  neighbourhood.grid().for_each_pair(greatest_reach, add);

  std::vector<dealii::Tensor<1, dim>> velocities(n_owned);
  for (std::size_t e = 0; e < entries.size(); ++e)
    if (entries[e].index < n_owned && displaced[entries[e].type])
      velocities[entries[e].index] = sum[e];
  return velocities;
}

template <int dim>
double Mechanics::pressure(const Neighbourhood<dim> &neighbourhood, const std::size_t agent,
                           typename NeighbourGrid<dim>::Search &search) const
{
  const auto type = neighbourhood.agents().type[agent];
  if (!takes_part[type])
    return 0.0;
  const PairLaw *laws = laws_of(type, neighbourhood.agents().state[agent]);
  double sum = 0.0;
  const auto add = [&](const auto &other, const dealii::Tensor<1, dim> &, const double distance_square) {
    const auto &law = laws[first_kind[other.type] + other.state];
    const double contact = law.contact_distance;
    if (other.index != agent && law.repulsion > 0.0 && distance_square < contact * contact)
      sum += square(1.0 - std::sqrt(distance_square) / contact);
  };
  search.for_each_neighbour(neighbourhood.agents().position[agent], greatest_contact, add);
  return sum;
}

template std::vector<dealii::Tensor<1, 2>> Mechanics::velocities<2>(const Neighbourhood<2> &) const;
template double Mechanics::pressure<2>(const Neighbourhood<2> &, std::size_t, NeighbourGrid<2>::Search &) const;
template std::vector<dealii::Tensor<1, 3>> Mechanics::velocities<3>(const Neighbourhood<3> &) const;
template double Mechanics::pressure<3>(const Neighbourhood<3> &, std::size_t, NeighbourGrid<3>::Search &) const;
} // namespace nidus
