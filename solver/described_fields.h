#pragma once

#include "fields/field_parameters.h"
#include "organ/organ_parameters.h"

#include <string>
#include <vector>

namespace nidus
{
/// What a reader wants to know of the fields in a region before a run.
struct DescribedFields
{
  std::vector<std::string> lines, warnings;
};

/// Distance over which a field decays around a source, um: sqrt(phi D / (phi k + k_v)), in the direction in which it
/// spreads least; infinite without a loss.
template <int dim>
double screening_length(const FieldParameters &field, const RegionParameters &region);

/**
 * A table of the fields in the regions with tissue: screening lengths and times of loss against the longest edge
 * @p edge (um) of a cell and the field step @p step (min). Warns of what the mesh does not resolve.
 */
template <int dim>
DescribedFields describe_fields(const FieldsParameters &fields, const std::vector<RegionParameters> &regions,
                                double edge, double step);
} // namespace nidus
