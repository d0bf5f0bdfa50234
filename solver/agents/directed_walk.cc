#include "agents/directed_walk.h"

#include "agents/random_direction.h"

#include <cmath>

namespace nidus
{
template <int dim>
dealii::Tensor<1, dim> DirectedWalk<dim>::direction(const double u, const double v) const
{
  // A sum of opposite vectors has no direction: then, as without a drift, the turn is at random.
  constexpr double opposite = 1e-12;
  const auto random = direction_from<dim>(u, v);
  const double strength = drift.norm();
  if (strength <= 0.0)
    return random;
  const auto sum = (1.0 - bias) * random + (bias / strength) * drift;
  const double length = sum.norm();
  return length > opposite ? sum / length : random;
}

template <int dim>
dealii::Tensor<1, dim> DirectedWalk<dim>::advance(const random::Stream &stream, const double length,
                                                  dealii::Tensor<1, dim> &velocity) const
{
  dealii::Tensor<1, dim> displacement;
  const double before = velocity.norm();
  double left = length;
  for (std::uint32_t block = 0;; ++block)
  {
    const auto u = random::uniform(stream, block);
    if (block > 0 || before <= 0.0)
      velocity = speed * direction(u[1], u[2]);
    else
      velocity *= speed / before;
    const double run = -persistence_time * std::log(u[0]);
    if (run >= left)
      return displacement + left * velocity;
    displacement += run * velocity;
    left -= run;
  }
}

template struct DirectedWalk<2>;
template struct DirectedWalk<3>;
} // namespace nidus
