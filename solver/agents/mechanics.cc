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

/// The direction from b to a. Two agents at one place have none, so their keys give one, opposite for the other.
template <int dim>
dealii::Tensor<1, dim> separation(const dealii::Tensor<1, dim> &offset, const double distance, const double contact,
                                  const std::uint64_t a, const std::uint64_t b)
{
  constexpr double coincident = 1e-10;
  if (distance > coincident * contact)
    return offset / distance;
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
  for (const auto &a : parameters.types)
  {
    takes_part.push_back(a.repulsion > 0.0);
    displaced.push_back(a.is_displaced());
    for (const auto &b : parameters.types)
    {
      PairLaw law;
      law.contact_distance = a.radius + b.radius;
      law.range = parameters.adhesion_range * law.contact_distance;
      law.repulsion = std::sqrt(a.repulsion * b.repulsion);
      if (law.repulsion > 0.0)
      {
        law.adhesion = pair_adhesion(a, b);
        greatest_contact = std::max(greatest_contact, law.contact_distance);
      }
      pairs.push_back(law);
    }
  }
}

template <int dim>
std::vector<dealii::Tensor<1, dim>> Mechanics::velocities(const Neighbourhood<dim> &neighbourhood) const
{
  std::vector<dealii::Tensor<1, dim>> velocity(neighbourhood.n_owned());
  for (const auto &entry : neighbourhood.grid().entries())
  {
    const std::size_t i = entry.index;
    if (i >= neighbourhood.n_owned() || !displaced[neighbourhood.type(i)])
      continue;
    dealii::Tensor<1, dim> sum;
    const auto add = [&](const std::size_t j, const dealii::Tensor<1, dim> &offset, const double distance_square) {
      const auto &law = pair(neighbourhood.type(i), neighbourhood.type(j));
      if (j == i || distance_square >= law.range * law.range)
        return;
      const double distance = std::sqrt(distance_square);
      double speed = -law.adhesion * square(1.0 - distance / law.range);
      if (distance < law.contact_distance)
        speed += law.repulsion * square(1.0 - distance / law.contact_distance);
      sum += speed * separation(offset, distance, law.contact_distance, neighbourhood.key(i), neighbourhood.key(j));
    };
    neighbourhood.grid().for_each_neighbour(entry.position, greatest_reach, add);
    velocity[i] = sum;
  }
  return velocity;
}

template <int dim>
double Mechanics::pressure(const Neighbourhood<dim> &neighbourhood, const std::size_t agent) const
{
  const auto type = neighbourhood.type(agent);
  if (!takes_part[type])
    return 0.0;
  double sum = 0.0;
  const auto add = [&](const std::size_t j, const dealii::Tensor<1, dim> &, const double distance_square) {
    const auto &law = pair(type, neighbourhood.type(j));
    const double contact = law.contact_distance;
    if (j != agent && law.repulsion > 0.0 && distance_square < contact * contact)
      sum += square(1.0 - std::sqrt(distance_square) / contact);
  };
  neighbourhood.grid().for_each_neighbour(neighbourhood.agents().position[agent], greatest_contact, add);
  return sum;
}

#define NIDUS_INSTANTIATE(dim)                                                                                         \
  template std::vector<dealii::Tensor<1, dim>> Mechanics::velocities<dim>(const Neighbourhood<dim> &) const;           \
  template double Mechanics::pressure<dim>(const Neighbourhood<dim> &, std::size_t) const;

NIDUS_INSTANTIATE(2)
NIDUS_INSTANTIATE(3)
#undef NIDUS_INSTANTIATE
} // namespace nidus
