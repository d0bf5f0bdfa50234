#pragma once

#include "control/random.h"

#include <deal.II/base/tensor.h>

namespace nidus
{
/// A unit vector with no preferred direction, a function of the stream.
template <int dim>
dealii::Tensor<1, dim> random_direction(const random::Stream &stream);

/// The same of two numbers that are uniform in (0, 1); in 2-D the second is not used.
template <int dim>
dealii::Tensor<1, dim> direction_from(double u, double v);
} // namespace nidus
