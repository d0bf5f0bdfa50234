#pragma once

#include "fields/field_set.h"

#include <vector>

namespace nidus
{
/**
 * The estimator of Kelly et al. (Int. J. Numer. Methods Eng. 19, 1593, 1983), as an error of the value: for each owned
 * tissue cell
 *
 *   h / 8 * sqrt( sum over faces of integral [du/dn]^2 / sum of the areas of these faces ),
 *
 * with h its longest edge, in the unit of the field: where the second derivative along an axis is u'', the slope jumps
 * by h u'' and a linear interpolant is wrong by h^2 u'' / 8. Faces between tissue cells of one region count; across
 * others slopes jump in the exact solution, too, and at faces without tissue behind them there is nothing to compare.
 *
 * Returns one number for each active cell of the mesh; zero for cells of other ranks and without tissue. Collective.
 */
template <int dim>
std::vector<double> gradient_jumps(const FieldSet<dim> &fields, unsigned int field);
} // namespace nidus
