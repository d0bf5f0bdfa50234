#include "coupling/cluster.h"

#include "agents/random_direction.h"

namespace nidus
{
template <int dim>
dealii::Tensor<1, dim> touching(const std::vector<std::pair<dealii::Tensor<1, dim>, double>> &members,
                                const double radius, const random::Stream &stream)
{
  constexpr std::uint32_t tries = 4;
  dealii::Tensor<1, dim> nearest;
  if (members.empty())
    return nearest;
  for (std::uint32_t block = 0; block < tries; ++block)
  {
    const auto u = random::uniform(stream, block);
    const auto &[centre, other] = members[static_cast<std::size_t>(u[0] * static_cast<double>(members.size()))];
    const auto place = centre + (radius + other) * direction_from<dim>(u[1], u[2]);
    if (block == 0 || place.norm_square() < nearest.norm_square())
      nearest = place;
  }
  return nearest;
}

template dealii::Tensor<1, 2> touching<2>(const std::vector<std::pair<dealii::Tensor<1, 2>, double>> &, double,
                                          const random::Stream &);
template dealii::Tensor<1, 3> touching<3>(const std::vector<std::pair<dealii::Tensor<1, 3>, double>> &, double,
                                          const random::Stream &);
} // namespace nidus
