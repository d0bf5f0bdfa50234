#include "sub_models/registry.h"

#include <cmath>

namespace nidus
{
namespace
{
enum Of
{
  exchange,
  fraction,
  decay,
  secretion,
  blood
};

double steady(const std::vector<double> &a)
{
  return (a[exchange] * a[blood] + a[secretion]) / (a[exchange] + a[fraction] * a[decay]);
}
} // namespace

// The equation of a soluble field (fields/stage_equations) in tissue of one concentration.
SubModel vascular_exchange()
{
  return {"vascular exchange",
          "phi dc/dt = k_v (B - c) - phi k c + s in tissue of one concentration, from c = 0",
          {{"exchange rate", "1/min", "k_v, permeability times vessel surface in a volume of tissue"},
           {"interstitial fraction", "1", "phi, above 0", Range::positive},
           {"decay rate", "1/min", "k", Range::non_negative},
           {"secretion", "nM/min", "s, in a volume of tissue", Range::non_negative},
           {"blood level", "nM", "B"}},
          {{"tissue level", "nM", "time", "min",
            [](const auto &a, const double x) {
              return -steady(a) * std::expm1(-(a[exchange] / a[fraction] + a[decay]) * x);
            }},
           {"steady tissue over blood", "1", "", "", [](const auto &a, double) { return steady(a) / a[blood]; }}}};
}
} // namespace nidus
