#include "agents/random_direction.h"

#include <cmath>

namespace nidus
{
template <int dim>
dealii::Tensor<1, dim> random_direction(const random::Stream &stream)
{
  const auto u = random::uniform(stream);
  return direction_from<dim>(u[0], u[1]);
}

template <int dim>
dealii::Tensor<1, dim> direction_from(const double u, [[maybe_unused]] const double v)
{
  constexpr double two_pi = 6.283185307179586;
  const double angle = two_pi * u;
  dealii::Tensor<1, dim> direction;
  if constexpr (dim == 2)
  {
    direction[0] = std::cos(angle);
    direction[1] = std::sin(angle);
  }
  else
  {
    // Archimedes: the height of a point of the sphere is uniform.
    const double height = 2.0 * v - 1.0;
    const double around = std::sqrt((1.0 - height) * (1.0 + height));
    direction[0] = around * std::cos(angle);
    direction[1] = around * std::sin(angle);
    direction[2] = height;
  }
  return direction;
}

template dealii::Tensor<1, 2> random_direction<2>(const random::Stream &);
template dealii::Tensor<1, 3> random_direction<3>(const random::Stream &);
template dealii::Tensor<1, 2> direction_from<2>(double, double);
template dealii::Tensor<1, 3> direction_from<3>(double, double);
} // namespace nidus
