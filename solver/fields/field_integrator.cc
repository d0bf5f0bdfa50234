#include "fields/field_integrator.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace nidus
{
namespace
{
const double gamma_sdirk = 1.0 - std::sqrt(0.5);

// Error control: aim below the tolerance, and change the step by bounded factors.
constexpr double safety = 0.9, strongest_cut = 0.2, strongest_growth = 4.0;
/// A step that could not be solved is cut by this.
constexpr double retry_cut = 0.25;
/// After such a cut the step may grow again.
constexpr double recovery = 2.0;

/// Levels below this, in the unit of the field, need no accuracy: 1e-9 nM is less than a molecule in a cubic
/// millimetre.
constexpr double level_floor = 1e-9;

/// Step lengths that differ by less are the same.
constexpr double rounding = 1e-9;
} // namespace

template <int dim>
FieldIntegrator<dim>::FieldIntegrator(FieldSet<dim> &fields, std::unique_ptr<LinearSystem> system)
    : fields(fields), settings(fields.parameters.solver), solver(fields, std::move(system)), boundary(fields),
      ledger(fields, solver.equations().reactions())
{
  modify({});
  at_start = fields.create_interlaced_without_ghosts();
  if (settings.second_order() || settings.controls_error())
    first = fields.create_interlaced_without_ghosts();
  if (settings.second_order())
    base = fields.create_interlaced_without_ghosts();
}

template <int dim>
FieldIntegrator<dim>::~FieldIntegrator()
{
  for (Vec *vector : {&at_start, &first, &base, &marked, &mean_state})
    VecDestroy(vector);
}

template <int dim>
void FieldIntegrator<dim>::keep_mean()
{
  if (mean_state == nullptr)
    mean_state = fields.create_interlaced();
}

template <int dim>
void FieldIntegrator<dim>::add_to_mean(const double step)
{
  if (mean_state == nullptr)
    return;
  // The weights with which solve_stage books the stages.
  const double of_first = settings.second_order() ? 1.0 - gamma_sdirk : settings.controls_error() ? 0.5 : 0.0;
  if (of_first > 0.0)
    VecAXPY(mean_state, of_first * step, first);
  VecAXPY(mean_state, (1.0 - of_first) * step, fields.state);
}

template <int dim>
void FieldIntegrator<dim>::solve_stage(const double time, const double step, Vec from, const double duration,
                                       Attempt &result, Report &report)
{
  if (!result.solved)
    return;
  boundary.update(time);
  const Stage<dim> stage{time, step, from, blood_level, *sources, boundary, decay};
  const auto outcome = solver.solve(stage);
  report.newton_iterations += outcome.newton_iterations;
  report.linear_iterations += outcome.linear_iterations;
  result.solved = outcome.solved;
  result.fault = outcome.fault;
  if (outcome.solved)
    ledger.book(stage, duration, solver.equations().crossing());
}

template <int dim>
void FieldIntegrator<dim>::modify(const FieldModifiers &modifiers)
{
  solver.scale_rates(modifiers.reaction_factor);
  decay.clear();
  for (const auto &field : fields.parameters.fields)
    decay.push_back(field.decay_rate);
  for (std::size_t s = 0; s < modifiers.loss.size(); ++s)
    decay[s] += modifiers.loss[s];
}

template <int dim>
void FieldIntegrator<dim>::remember()
{
  mark = Mark::in_state;
  moved_on = false;
}

template <int dim>
void FieldIntegrator<dim>::keep_state_at_start()
{
  if (mark == Mark::in_at_start && moved_on)
  {
    if (marked == nullptr)
      marked = fields.create_interlaced_without_ghosts();
    std::swap(marked, at_start);
    mark = Mark::in_marked;
  }
  else if (mark == Mark::in_state)
    mark = Mark::in_at_start;
  VecCopy(fields.state, at_start);
}

template <int dim>
void FieldIntegrator<dim>::go_back()
{
  Assert(mark != Mark::nowhere, dealii::ExcMessage("No state of the fields was marked."));
  if (mark != Mark::in_state)
    VecCopy(mark == Mark::in_at_start ? at_start : marked, fields.state);
  fields.update_ghosts();
}

template <int dim>
typename FieldIntegrator<dim>::Attempt FieldIntegrator<dim>::attempt(const double start, const double step,
                                                                     Report &report)
{
  Attempt result;
  keep_state_at_start();
  if (settings.second_order())
  {
    const double inner = gamma_sdirk * step;
    solve_stage(start + inner, inner, at_start, (1.0 - gamma_sdirk) * step, result, report);
    VecCopy(fields.state, first);
    VecWAXPY(base, -1.0, at_start, first);
    VecAYPX(base, (1.0 - gamma_sdirk) / gamma_sdirk, at_start);
    solve_stage(start + step, inner, base, inner, result, report);
    if (result.solved && settings.controls_error())
      result.error = error(-1.0 / gamma_sdirk, 1.0 / gamma_sdirk - 1.0);
  }
  else if (settings.controls_error())
  {
    const double half = 0.5 * step;
    solve_stage(start + half, half, at_start, half, result, report);
    VecCopy(fields.state, first);
    solve_stage(start + step, half, first, half, result, report);
    if (result.solved)
      result.error = error(-2.0, 1.0);
  }
  else
    solve_stage(start + step, step, at_start, step, result, report);
  return result;
}

template <int dim>
double FieldIntegrator<dim>::error(const double of_first, const double of_start) const
{
  const unsigned int n = fields.n_fields();
  std::vector<double> greatest(2 * n, 0.0);
  const double *now = nullptr, *one = nullptr, *zero = nullptr;
  VecGetArrayRead(fields.state, &now);
  VecGetArrayRead(first, &one);
  VecGetArrayRead(at_start, &zero);
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
    for (unsigned int s = 0; s < n; ++s)
      if (fields.tissue_volume[node] > 0.0)
      {
        const std::size_t at = static_cast<std::size_t>(node) * n + s;
        greatest[s] = std::max(greatest[s], std::abs(now[at] + of_first * one[at] + of_start * zero[at]));
        greatest[n + s] = std::max({greatest[n + s], std::abs(now[at]), std::abs(zero[at])});
      }
  VecRestoreArrayRead(at_start, &zero);
  VecRestoreArrayRead(first, &one);
  VecRestoreArrayRead(fields.state, &now);
  dealii::Utilities::MPI::max(greatest, fields.organ.communicator(), greatest);
  double result = 0.0;
  for (unsigned int s = 0; s < n; ++s)
    if (!fields.parameters.fields[s].quasi_steady)
      result = std::max(result, greatest[s] / std::max(greatest[n + s], level_floor));
  return result / settings.step_tolerance;
}

template <int dim>
double FieldIntegrator<dim>::step_to_try(const double remaining) const
{
  double step = proposal > 0.0 ? proposal : remaining;
  if (settings.controls_error())
    step = std::min(step, settings.largest_step);
  // Equal steps to the end of the interval, so that none is a splinter.
  return remaining / std::max(1.0, std::ceil(remaining / step - rounding));
}

template <int dim>
void FieldIntegrator<dim>::adapt(const Attempt &result, const double step, const bool first_try)
{
  if (!result.solved)
    proposal = std::max(retry_cut * step, settings.smallest_step);
  else if (!settings.controls_error())
    proposal = proposal > 0.0 ? recovery * step : 0.0;
  else
  {
    // The estimates are of second order in the step.
    const double factor = result.error > 0.0 ? safety / std::sqrt(result.error) : strongest_growth;
    const double most = first_try ? strongest_growth : 1.0;
    proposal = std::max(step * std::min(std::max(factor, strongest_cut), most), settings.smallest_step);
  }
}

template <int dim>
typename FieldIntegrator<dim>::Report FieldIntegrator<dim>::advance(const double length,
                                                                    const std::vector<double> &blood,
                                                                    const SourceTerms<dim> &terms, const double start)
{
  blood_level.assign(fields.n_fields(), 0.0);
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
    if (fields.parameters.fields[s].blood_index >= 0)
      blood_level[s] = blood[fields.parameters.fields[s].blood_index];
  sources = &terms;
  solver.forget();
  if (!settings.controls_error())
    proposal = 0.0;

  Report report;
  ledger.open();
  if (mean_state != nullptr)
    VecSet(mean_state, 0.0);
  bool first_try = true;
  for (double done = 0.0; done < length * (1.0 - rounding);)
  {
    const double step = step_to_try(length - done);
    const Attempt result = attempt(start + done, step, report);
    const bool at_floor = step <= settings.smallest_step * (1.0 + rounding);
    const bool good = result.solved && (result.error <= 1.0 || at_floor);
    adapt(result, step, first_try);
    first_try = good;
    if (good)
    {
      ledger.keep();
      moved_on = true;
      add_to_mean(step);
      done += step;
      ++report.steps;
      report.inaccurate += result.error > 1.0 ? 1 : 0;
      continue;
    }
    ledger.discard();
    VecCopy(at_start, fields.state);
    ++(result.solved ? report.rejected : report.retried);
    if (!result.solved && at_floor)
    {
      fields.update_ghosts();
      std::ostringstream text;
      text << "the fields could not be advanced from " << start + done << " min by the smallest step, " << step
           << " min: " << result.fault << ". Cure: more 'Field solver/Newton iterations', a smaller 'Field "
           << "solver/Smallest step', or gentler rates";
      throw FieldFailure(text.str());
    }
  }
  fields.update_ghosts();
  if (mean_state != nullptr)
  {
    VecScale(mean_state, 1.0 / length);
    fields.update_ghosts(mean_state);
  }
  report.budget = ledger.close();
  return report;
}

template class FieldIntegrator<2>;
template class FieldIntegrator<3>;
} // namespace nidus
