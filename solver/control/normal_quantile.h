#pragma once

#include <cstddef>

namespace nidus::random
{
/// Replaces uniform numbers in (0, 1) by standard normal ones: the inverse of the distribution function, relative error
/// about 1e-16 (Wichura 1988, Applied Statistics 37, 477: algorithm AS 241, PPND16). The same on every processor.
void normal_quantiles(std::size_t n, double *numbers);
} // namespace nidus::random
