#include "control/normal_quantile.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nidus::random
{
namespace
{
// Three rational functions: for the middle 85 %, for the tails, and for what is beyond 5 standard deviations.
constexpr std::array<double, 8> middle_above = {
    {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
     4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3}};
constexpr std::array<double, 8> middle_below = {
    {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4,
     3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3}};
constexpr std::array<double, 8> tail_above = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4}};
constexpr std::array<double, 8> tail_below = {
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
     1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}};
constexpr std::array<double, 8> far_above = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7}};
constexpr std::array<double, 8> far_below = {
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
     1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}};

constexpr double middle_half_width = 0.425;
constexpr std::size_t at_once = 256;

inline double polynomial(const std::array<double, 8> &c, const double x)
{
  return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
}

double tail(const double from_middle)
{
  const double r = std::sqrt(-std::log(from_middle < 0.0 ? 0.5 + from_middle : 0.5 - from_middle));
  const double z = r <= 5.0 ? polynomial(tail_above, r - 1.6) / polynomial(tail_below, r - 1.6)
                            : polynomial(far_above, r - 5.0) / polynomial(far_below, r - 5.0);
  return from_middle < 0.0 ? -z : z;
}

// Compiled without contraction to fused products, so that all versions give the same bits.
__attribute__((target_clones("avx512f", "avx2", "default"))) void middle(const std::size_t n, const double *q,
                                                                         double *z)
{
  for (std::size_t i = 0; i < n; ++i)
  {
    const double r = middle_half_width * middle_half_width - q[i] * q[i];
    z[i] = q[i] * polynomial(middle_above, r) / polynomial(middle_below, r);
  }
}
} // namespace

void normal_quantiles(const std::size_t n, double *numbers)
{
  std::array<double, at_once> from_middle;
  for (std::size_t begin = 0; begin < n; begin += at_once)
  {
    const std::size_t count = std::min(at_once, n - begin);
    double *z = numbers + begin;
    for (std::size_t i = 0; i < count; ++i)
      from_middle[i] = z[i] - 0.5;
    middle(count, from_middle.data(), z);
    for (std::size_t i = 0; i < count; ++i)
      if (std::abs(from_middle[i]) > middle_half_width)
        z[i] = tail(from_middle[i]);
  }
}
} // namespace nidus::random
