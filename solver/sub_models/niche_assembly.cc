#include "sub_models/registry.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>

#include <array>
#include <cmath>
#include <limits>
#include <memory>

namespace nidus
{
namespace
{
enum Of
{
  activation,
  deposition,
  loss,
  adhesion,
  residence
};
enum State
{
  fibronectin,
  progenitors
};

/// A year, in min: what has not been reached by then never is.
constexpr double never = 525600.0;

int rates(const double time, const double state[], double rate[], void *of)
{
  const auto &a = *static_cast<const std::vector<double> *>(of);
  const double active = -std::expm1(-a[activation] * time);
  rate[fibronectin] = a[deposition] * active * (1.0 - state[fibronectin]) - a[loss] * state[fibronectin];
  rate[progenitors] = (1.0 + a[adhesion] * state[fibronectin] - state[progenitors]) / a[residence];
  return GSL_SUCCESS;
}

std::array<double, 2> at(const std::vector<double> &a, const double time)
{
  std::vector<double> arguments = a;
  gsl_odeiv2_system system{rates, nullptr, 2, &arguments};
  const std::unique_ptr<gsl_odeiv2_driver, void (*)(gsl_odeiv2_driver *)> driver(
      gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd, 1.0, 1e-10, 1e-8), gsl_odeiv2_driver_free);
  std::array<double, 2> state = {{0.0, 1.0}};
  double now = 0.0;
  if (time > 0.0 && gsl_odeiv2_driver_apply(driver.get(), &now, time, state.data()) != GSL_SUCCESS)
    state.fill(std::numeric_limits<double>::quiet_NaN());
  return state;
}

/// When a state, which only rises, is at @p level, min; bisection. Not a number when it never is.
double time_to(const std::vector<double> &a, const State which, const double level)
{
  if (!(at(a, never)[which] > level))
    return std::numeric_limits<double>::quiet_NaN();
  double before = 0.0, after = never;
  while (after - before > 0.1)
  {
    const double middle = 0.5 * (before + after);
    (at(a, middle)[which] < level ? before : after) = middle;
  }
  return 0.5 * (before + after);
}
} // namespace

// Fibronectin of params/niche without diffusion and saturation in space, and progenitors that arrest by it; both only
// rise.
SubModel niche_assembly()
{
  return {
      "niche assembly",
      "dF/dt = q (1 - exp(-h t)) (1 - F) - k F, dP/dt = (1 + g F - P) / tau, from F = 0, P = 1: fibronectin over its "
      "saturated level, progenitors over their number without fibronectin",
      {{"activation rate", "1/min", "h, of fibroblasts"},
       {"deposition rate", "1/min", "q, by all of them"},
       {"loss rate", "1/min", "k, of fibronectin"},
       {"adhesion", "1", "g, arrests at full fibronectin over those without", Range::non_negative},
       {"residence time", "min", "tau, of progenitors"}},
      {{"fibronectin", "1", "time", "min", [](const auto &a, const double x) { return at(a, x)[fibronectin]; }},
       {"progenitors", "1", "time", "min", [](const auto &a, const double x) { return at(a, x)[progenitors]; }},
       {"time to fibronectin", "min", "level", "1",
        [](const auto &a, const double x) { return time_to(a, fibronectin, x); }},
       {"time to progenitors", "min", "level", "1",
        [](const auto &a, const double x) { return time_to(a, progenitors, x); }}}};
}
} // namespace nidus
