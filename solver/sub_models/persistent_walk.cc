#include "sub_models/registry.h"

#include <cmath>

namespace nidus
{
namespace
{
enum Of
{
  speed,
  spread,
  persistence
};

/// 2 (h - 1 + e^{-h}) / h^2: the mean square displacement of an Ornstein-Uhlenbeck walk in h persistence times, over
/// that of a straight path.
double straightness(const double h)
{
  if (h < 1e-3)
    return 1.0 - h / 3.0 + h * h / 12.0;
  return 2.0 * (h + std::expm1(-h)) / (h * h);
}

/// Mean over cells of the path through pictures x min apart over time: a displacement seen from above has two of three
/// Gaussian components, so its mean length is sqrt(pi / 2) times the deviation of one.
double seen_from_above(const std::vector<double> &a, const double x)
{
  constexpr double pi = 3.14159265358979323846;
  return a[speed] * std::exp(0.5 * a[spread] * a[spread]) * std::sqrt(pi / 6.0 * straightness(x / a[persistence]));
}
} // namespace

// The walk of agents/motility without drift (Fuerth 1920, Uhlenbeck & Ornstein 1930 [M]), averaged over cells whose
// speed is lognormal.
SubModel persistent_walk()
{
  return {
      "persistent walk",
      "Ornstein-Uhlenbeck velocity in three dimensions, MSD = 2 v0^2 tau^2 (t/tau - 1 + exp(-t/tau)); cells differ in "
      "v0 (lognormal)",
      {{"speed", "um/min", "v0, root mean square of the median cell"},
       {"speed spread", "1", "standard deviation of the logarithm of v0 between cells", Range::non_negative},
       {"persistence time", "min", "tau"}},
      {{"mean square displacement", "um^2", "time", "min",
        [](const auto &a, const double x) {
          return a[speed] * a[speed] * std::exp(2.0 * a[spread] * a[spread]) * x * x * straightness(x / a[persistence]);
        }},
       {"velocity autocorrelation", "um^2/min^2", "time", "min",
        [](const auto &a, const double x) {
          return a[speed] * a[speed] * std::exp(2.0 * a[spread] * a[spread] - x / a[persistence]);
        }},
       {"mean speed seen from above", "um/min", "time between pictures", "min", seen_from_above},
       {"deviation of speeds seen from above", "um/min", "time between pictures", "min",
        [](const auto &a, const double x) {
          return seen_from_above(a, x) * std::sqrt(std::expm1(a[spread] * a[spread]));
        }}}};
}
} // namespace nidus
