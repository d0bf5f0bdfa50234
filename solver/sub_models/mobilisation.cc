#include "sub_models/registry.h"

#include "systemic/drug_level.h"

#include <gsl/gsl_integration.h>

#include <cmath>
#include <memory>

namespace nidus
{
namespace
{
enum Of
{
  baseline,
  clearance,
  dose,
  volume,
  molar_mass,
  half_life,
  absorption,
  half_effect,
  strength
};

/// nM, after a dose at time zero.
double drug(const std::vector<double> &a, const double time)
{
  return 1e3 * a[dose] / (a[volume] * a[molar_mass]) * level_after_dose(time, a[half_life], a[absorption]);
}

/// What is integrated: the effect, with what is left of the cells that it has released.
struct Released
{
  const std::vector<double> &arguments;
  double until;
};

double released(const double time, void *of)
{
  const auto &[a, until] = *static_cast<const Released *>(of);
  const double level = drug(a, time);
  return level / (level + a[half_effect]) * std::exp(-a[clearance] * (until - time));
}

double cells(const std::vector<double> &a, const double x)
{
  constexpr std::size_t intervals = 200;
  const std::unique_ptr<gsl_integration_workspace, void (*)(gsl_integration_workspace *)> workspace(
      gsl_integration_workspace_alloc(intervals), gsl_integration_workspace_free);
  Released of{a, x};
  gsl_function function{released, &of};
  double integral = 0.0, error = 0.0;
  if (x > 0.0)
    gsl_integration_qag(&function, 0.0, x, 1e-12, 1e-8, intervals, GSL_INTEG_GAUSS31, workspace.get(), &integral,
                        &error);
  return a[baseline] * (1.0 + a[strength] * a[clearance] * integral);
}
} // namespace

// Circulating cells of systemic/blood under a drug with the effect 'circulating release' (systemic/interventions).
SubModel mobilisation()
{
  return {"mobilisation",
          "dH/dt = k (H0 (1 + s A / (A + K_i)) - H) from H0, A by Bateman's function after a dose at time zero",
          {{"baseline", "1/uL", "H0"},
           {"clearance", "1/min", "k, of the cells"},
           {"dose", "ug/kg", "of the drug"},
           {"distribution volume", "L/kg", "of the drug"},
           {"molar mass", "g/mol", "of the drug"},
           {"half-life", "min", "of elimination"},
           {"absorption half-life", "min", "0: at once", Range::non_negative},
           {"half effect level", "nM", "K_i"},
           {"strength", "1", "s, of the release over the baseline at full effect", Range::non_negative}},
          {{"drug level", "nM", "time", "min", drug}, {"circulating cells", "1/uL", "time", "min", cells}}};
}
} // namespace nidus
