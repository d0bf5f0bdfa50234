#include "sub_models/registry.h"

#include "systemic/tumour.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace nidus
{
namespace
{
enum Of
{
  shedding,
  founding_share,
  initial_cells,
  doubling_time,
  capacity,
  day_of_count,
  growth_time,
  spread
};

constexpr double pi = 3.14159265358979323846;
constexpr std::size_t n_points = 40; ///< of quadratures

/// Points and weights of a rule of GSL.
class Rule
{
public:
  Rule(const gsl_integration_fixed_type *type, const double a, const double b)
      : workspace(gsl_integration_fixed_alloc(type, n_points, a, b, 0.0, 0.0), gsl_integration_fixed_free)
  {
  }
  double point(const std::size_t i) const { return gsl_integration_fixed_nodes(workspace.get())[i]; }
  double weight(const std::size_t i) const { return gsl_integration_fixed_weights(workspace.get())[i]; }

private:
  std::unique_ptr<gsl_integration_fixed_workspace, void (*)(gsl_integration_fixed_workspace *)> workspace;
};

/// Nodules of an animal, on average: founded early enough to be seen when they are counted.
double mean(const std::vector<double> &a)
{
  const double until = a[day_of_count] - a[growth_time];
  if (until <= 0.0)
    return 0.0;
  TumourParameters tumour;
  tumour.growth = "gompertz";
  tumour.initial_cells = a[initial_cells];
  tumour.doubling_time = a[doubling_time];
  tumour.carrying_capacity = std::max(a[capacity], (1.0 + 1e-9) * a[initial_cells]);
  const Rule rule(gsl_integration_fixed_legendre, 0.0, until);
  double cell_minutes = 0.0;
  for (std::size_t i = 0; i < n_points; ++i)
    cell_minutes += rule.weight(i) * tumour_cells(tumour, rule.point(i));
  return a[shedding] * a[founding_share] * cell_minutes;
}

/// Chance that an animal has more than @p k.
double chance_above(const std::vector<double> &a, const Rule &hermite, const double average, const unsigned int k)
{
  double chance = 0.0;
  for (std::size_t i = 0; i < n_points; ++i)
  {
    const double factor = std::exp(a[spread] * (std::sqrt(2.0) * hermite.point(i) - 0.5 * a[spread]));
    chance += hermite.weight(i) / std::sqrt(pi) * gsl_cdf_poisson_Q(k, average * factor);
  }
  return std::min(chance, 1.0);
}

/// Expected greatest number among @p n animals: the sum over k of the chance that some have more than k. Where k is
/// large the chance at the middle of a few k stands for each of them.
double greatest(const std::vector<double> &a, const double n)
{
  const double average = mean(a);
  const Rule hermite(gsl_integration_fixed_hermite, 0.0, 1.0);
  double sum = 0.0, chance = 1.0;
  for (unsigned int k = 0, width = 1; chance > 1e-6 && k < 2000000000u; k += width)
  {
    width = 1 + k / 128;
    const double above = chance_above(a, hermite, average, k + (width - 1) / 2);
    chance = -std::expm1(n * std::log1p(-above));
    sum += width * chance;
  }
  return sum;
}
} // namespace

// Counts of spontaneous metastases: Poisson numbers about the mean of an animal, which is lognormal ('Spread between
// animals' of systemic/blood, but the mean over animals is kept).
SubModel nodule_counts()
{
  return {"nodule counts",
          "founded at shedding x founding share x N(t), N by Gompertz; counted when old enough; Poisson numbers about "
          "a mean "
          "that is lognormal between animals. Only the product of the first two arguments counts",
          {{"shedding", "1/min", "of each cell of the tumour, mean over animals"},
           {"founding share", "1", "of the cells shed, that found a nodule", Range::fraction},
           {"initial cells", "cells", "of the tumour"},
           {"doubling time", "min", "of the tumour at time zero"},
           {"carrying capacity", "cells", "of the tumour, more than its initial cells"},
           {"time of count", "min", "since time zero"},
           {"growth time", "min", "from founding until a nodule can be seen", Range::non_negative},
           {"spread", "1", "standard deviation of the logarithm of the mean between animals", Range::non_negative}},
          {{"mean", "1", "", "", [](const auto &a, double) { return mean(a); }},
           {"variance over mean", "1", "", "",
            [](const auto &a, double) { return 1.0 + mean(a) * std::expm1(a[spread] * a[spread]); }},
           {"greatest number", "1", "animals", "1", greatest}}};
}
} // namespace nidus
