#pragma once

#include "fields/field_set.h"
#include "observables/observable_parameters.h"
#include "observables/observed.h"

#include <vector>

namespace nidus
{
/// What is read off the fields alone.

std::vector<ObservedColumn> columns_of(const std::vector<PositiveFractionParameters> &list);
std::vector<ObservedColumn> columns_of(const std::vector<BloodGradientParameters> &list);

/// Parts of the tissue volume (lumped at nodes) in which fields are above their values. Collective.
template <int dim>
std::vector<double> positive_fractions(const std::vector<PositiveFractionParameters> &list,
                                       const FieldSet<dim> &fields);

/// For each: mean over the tissue minus level of the blood, nM, and its sign (-1, 0, 1). @p blood: levels, nM.
/// Collective.
template <int dim>
std::vector<double> blood_gradients(const std::vector<BloodGradientParameters> &list, const FieldSet<dim> &fields,
                                    const std::vector<double> &blood);
} // namespace nidus
