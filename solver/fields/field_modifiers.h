#pragma once

#include <vector>

namespace nidus
{
/// What drugs and antibodies do to the fields during one macro step. An empty list means: nothing.
struct FieldModifiers
{
  std::vector<double> reaction_factor; ///< per reaction: its 'Rate' is multiplied by this
  std::vector<double> loss;            ///< per field: added to its decay rate, 1/min
};
} // namespace nidus
