#pragma once

#include "control/random.h"

#include <deal.II/base/tensor.h>

#include <utility>
#include <vector>

namespace nidus
{
/**
 * Where a ball of @p radius (um) touches one of @p members (centre and radius, um), as close to the origin as the best
 * of a few keyed tries; the origin when there is none. It may overlap the others, until they push each other apart.
 */
template <int dim>
dealii::Tensor<1, dim> touching(const std::vector<std::pair<dealii::Tensor<1, dim>, double>> &members, double radius,
                                const random::Stream &stream);
} // namespace nidus
