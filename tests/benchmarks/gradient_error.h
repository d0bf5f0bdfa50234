#pragma once

#include <array>

namespace nidus::benchmark
{
/// Median error, degrees, of the direction that an agent sees 50, 100 and 200 um from a point source in all directions:
/// the problem of point_source.h, quasi-steady, h 20 um. Collective.
std::array<double, 3> measure_gradient_angles();
} // namespace nidus::benchmark
