#pragma once

#include "control/random.h"

#include <deal.II/base/tensor.h>

namespace nidus
{
/// A unit vector with no preferred direction, a function of the stream.
template <int dim>
dealii::Tensor<1, dim> random_direction(const random::Stream &stream);
} // namespace nidus
