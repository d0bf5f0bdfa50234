#pragma once

#include "control/shared_fault.h"
#include "fields/field_set.h"

#include <string>

namespace nidus
{
/// The fields could not be advanced even with the smallest step. Thrown on all ranks with the same text.
class FieldFailure : public SharedFault
{
public:
  using SharedFault::SharedFault;
};

/// A candidate of this rank for the node at fault; the one with the greatest @p badness of all ranks is named.
struct Culprit
{
  double badness = -1.0; ///< below zero: no candidate
  unsigned int node = 0; ///< owned
  unsigned int field = 0;
};

/// "field 'sdf1' at (10, 20, 30) um in region 'parenchyma'". Collective.
template <int dim>
std::string place_of(const FieldSet<dim> &fields, const Culprit &mine);
} // namespace nidus
