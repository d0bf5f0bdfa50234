#include "sub_models/registry.h"

namespace nidus
{
namespace
{
enum Of
{
  sensitivity,
  dissociation,
  diameter,
  length
};
} // namespace

// The drift of agents/receptors in the middle of a channel without SDF-1 at one end, as in Kim 2013 [V19, V20]: there
// C = C_max / 2 and the slope is C_max / L.
SubModel chemotaxis()
{
  return {"chemotaxis",
          "receptor law s / (K + s) and drift chi 2R g K / (C + K)^2 in the middle of a channel, C = g L / 2",
          {{"sensitivity", "um/min", "chi, drift for a difference of occupancy of one"},
           {"dissociation constant", "nM", "K"},
           {"cell diameter", "um", "2R"},
           {"channel length", "um", "L, between no ligand and the source"}},
          {{"occupancy", "1", "concentration", "nM",
            [](const auto &a, const double x) { return x / (a[dissociation] + x); }},
           {"velocity", "um/min", "gradient", "nM/mm",
            [](const auto &a, const double x) {
              const double slope = 1e-3 * x, level = 0.5 * slope * a[length], sum = level + a[dissociation];
              return a[sensitivity] * a[diameter] * slope * a[dissociation] / (sum * sum);
            }},
           {"gradient of fastest drift", "nM/mm", "", "",
            [](const auto &a, double) { return 2e3 * a[dissociation] / a[length]; }}}};
}
} // namespace nidus
