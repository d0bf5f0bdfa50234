#include "sub_models/registry.h"

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>

#include <cmath>
#include <memory>

namespace nidus
{
namespace
{
enum Of
{
  extravasation,
  death_in_vessel,
  decision,
  growing_share,
  death_alone,
  cycle,
  lasting_share
};

/// Stages of a cycle, as 'Stages' of division in params/modules/injected_cells.prm.
constexpr std::size_t n_stages = 4;
/// States of the chain; a founder goes through two cycles until it is a colony of four.
enum State : std::size_t
{
  arrested,
  outside,
  dormant,
  founder,
  colony = founder + 2 * n_stages,
  n_states
};

/// Shares of the cells in each state at @p time: the first row of exp(Q t).
std::vector<double> shares(const std::vector<double> &a, const double time)
{
  using Pointer = std::unique_ptr<gsl_matrix, void (*)(gsl_matrix *)>;
  const Pointer generator(gsl_matrix_calloc(n_states, n_states), gsl_matrix_free),
      exponential(gsl_matrix_calloc(n_states, n_states), gsl_matrix_free);
  const auto leave = [&](const std::size_t state, const double rate) {
    *gsl_matrix_ptr(generator.get(), state, state) -= rate * time;
  };
  const auto go = [&](const std::size_t from, const std::size_t to, const double rate) {
    leave(from, rate);
    *gsl_matrix_ptr(generator.get(), from, to) += rate * time;
  };
  go(arrested, outside, a[extravasation]);
  leave(arrested, a[death_in_vessel]);
  go(outside, dormant, a[decision] * (1.0 - a[growing_share]));
  go(outside, founder, a[decision] * a[growing_share]);
  leave(dormant, a[death_alone]);
  for (std::size_t stage = founder; stage < colony; ++stage)
    go(stage, stage + 1, n_stages / a[cycle]);
  gsl_linalg_exponential_ss(generator.get(), exponential.get(), GSL_PREC_DOUBLE);
  std::vector<double> result(n_states);
  for (std::size_t state = 0; state < n_states; ++state)
    result[state] = gsl_matrix_get(exponential.get(), arrested, state);
  return result;
}

double sum(const std::vector<double> &values, const std::size_t first, const std::size_t end)
{
  double total = 0.0;
  for (std::size_t i = first; i < end; ++i)
    total += values[i];
  return total;
}

double extravasated(const std::vector<double> &a, const double x)
{
  const double rate = a[extravasation] + a[death_in_vessel];
  return -a[extravasation] / rate * std::expm1(-rate * x);
}
} // namespace

// The transitions of params/modules/injected_cells.prm, without the few cells that wake.
SubModel survival_chain()
{
  return {"survival chain",
          "arrested cells leave the vessel or die there; outside each decides once, sleep (and die slowly) or grow; a "
          "colony has four cells after two cycles of four stages. All outputs are shares of the arrested cells",
          {{"extravasation", "1/min", "rate"},
           {"death in vessel", "1/min", "rate", Range::non_negative},
           {"decision", "1/min", "rate, outside of the vessel"},
           {"growing share", "1", "of the cells that decide", Range::fraction},
           {"death alone", "1/min", "rate, of cells that sleep", Range::non_negative},
           {"cycle time", "min", "mean"},
           {"lasting share", "1", "of colonies that go on growing", Range::fraction}},
          {{"alive", "1", "time", "min", [](const auto &a, const double x) { return sum(shares(a, x), 0, n_states); }},
           {"extravasated", "1", "time", "min", extravasated},
           {"alone", "1", "time", "min",
            [](const auto &a, const double x) { return sum(shares(a, x), outside, founder + n_stages); }},
           {"colonies of four", "1", "time", "min", [](const auto &a, const double x) { return shares(a, x)[colony]; }},
           {"lasting colonies", "1", "time", "min",
            [](const auto &a, const double x) { return a[lasting_share] * shares(a, x)[colony]; }}}};
}
} // namespace nidus
