#pragma once

#include <vector>

namespace nidus
{
/// The number below which the part @p fraction, in [0, 1], of the sorted @p values lies, linear between neighbours
/// (type 7 of Hyndman & Fan 1996); not a number without values.
double quantile(const std::vector<double> &values, double fraction);
} // namespace nidus
