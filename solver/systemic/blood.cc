#include "systemic/blood.h"

#include "control/input_error.h"
#include "control/units.h"
#include "systemic/tumour.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// Solution of dx/dt = source - rate x after @p dt.
double relaxed(const double x, const double source, const double rate, const double dt)
{
  const double limit = source / rate;
  return limit + (x - limit) * std::exp(-rate * dt);
}
} // namespace

Blood::Blood(const BloodParameters &parameters, const Interventions &interventions)
    : parameters(parameters), interventions(interventions), owed(parameters.circulating.size(), 0.0)
{
  // Before time zero the animal has been at rest: every level is at its baseline.
  for (const auto &factor : parameters.factors)
    factors.push_back(factor.table.given() ? factor.table.at(0.0) : factor.baseline);
  for (const auto &population : parameters.circulating)
    cells.push_back(population.table.given() ? population.table.at(0.0) : population.baseline);
  tumour_size = tumour_at(0.0);
}

double Blood::tumour_at(const double time) const
{
  return tumour_cells(parameters.tumour, time) * interventions.factor(EffectKind::tumour, "primary", time);
}

double Blood::free_part(const std::size_t factor, const double time) const
{
  return interventions.factor(EffectKind::blood_factor, parameters.factors[factor].name, time);
}

void Blood::advance_factor(const std::size_t i, const double middle, const double dt, const double tumour,
                           const double metastases)
{
  const auto &factor = parameters.factors[i];
  const double secreting = tumour + (factor.feels_metastases() ? metastases : 0.0);
  const double secreted = factor.tumour_secretion * factor.leak * secreting * units::nanomolar_um3 /
                          (parameters.volume * units::millilitre_in_um3) *
                          interventions.factor(EffectKind::tumour_secretion, factor.name, middle);
  factors[i] = relaxed(factors[i], factor.clearance * factor.baseline + secreted, factor.clearance, dt);
}

void Blood::advance_cells(const std::size_t i, const double middle, const double dt, const double tumour,
                          const double metastases)
{
  const auto &population = parameters.circulating[i];
  double release = population.clearance * population.baseline;
  if (population.mobilised_by_index >= 0)
  {
    const double level = factors[population.mobilised_by_index] * free_part(population.mobilised_by_index, middle);
    const double gain =
        population.mobilisation_gain * interventions.factor(EffectKind::mobilisation, population.name, middle);
    release *= 1.0 + gain * level / (population.mobilisation_half_saturation + level);
  }
  release *= interventions.factor(EffectKind::circulating_release, population.name, middle);
  const double shedding = tumour + (population.feels_metastases() ? metastases : 0.0);
  const double shed = population.shedding * shedding / parameters.volume *
                      interventions.factor(EffectKind::shedding, population.name, middle);
  cells[i] = relaxed(cells[i], release + shed, population.clearance, dt);
  pay(i);
}

void Blood::advance(const double time, const double dt, const Metastases &metastases)
{
  const double middle = time + 0.5 * dt, scale = parameters.scale_of_organ;
  const double n_tumour = tumour_at(middle);
  now = time + dt;
  for (std::size_t i = 0; i < factors.size(); ++i)
    if (parameters.factors[i].table.given())
      factors[i] = parameters.factors[i].table.at(now);
    else
      advance_factor(i, middle, dt, n_tumour, scale * metastases.cells);
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (parameters.circulating[i].table.given())
      cells[i] = parameters.circulating[i].table.at(now);
    else
      advance_cells(i, middle, dt, n_tumour, scale * metastases.dividing);
  tumour_size = tumour_at(now);
}

bool Blood::feels_organ() const
{
  return std::any_of(parameters.factors.begin(), parameters.factors.end(),
                     [](const auto &factor) { return factor.feels_organ(); });
}

void Blood::meet(const std::vector<Exchange> &exchange, const double dt)
{
  const double steps_per_volume = parameters.scale_of_organ * dt / (parameters.volume * units::millilitre_in_um3);
  met = factors;
  for (std::size_t i = 0; i < factors.size(); ++i)
  {
    const double leaving = exchange[i].rate * steps_per_volume * free_part(i, now);
    if (!parameters.factors[i].feels_organ() || leaving <= 0.0)
      continue;
    const double implicit = (factors[i] + exchange[i].returned * steps_per_volume) / (1.0 + leaving);
    met[i] = std::min(implicit, factors[i] / leaving);
  }
}

void Blood::settle(const std::vector<double> &gained)
{
  const double unit = parameters.scale_of_organ * units::nanomolar_um3 / (parameters.volume * units::millilitre_in_um3);
  for (std::size_t i = 0; i < factors.size(); ++i)
    if (parameters.factors[i].feels_organ())
      factors[i] -= unit * gained[i];
  met.clear();
}

void Blood::pay(const std::size_t population)
{
  const double paid = std::min(owed[population], cells[population]);
  cells[population] -= paid;
  owed[population] -= paid;
}

void Blood::take(const std::vector<double> &arrested)
{
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (parameters.circulating[i].loses_arrests())
    {
      owed[i] += parameters.scale_of_organ * arrested[i] / parameters.volume;
      pay(i);
    }
}

void Blood::inject(const std::size_t population, const double number)
{
  cells[population] += number / parameters.volume;
  pay(population);
}

std::vector<double> Blood::levels() const
{
  std::vector<double> free = met.empty() ? factors : met;
  for (std::size_t i = 0; i < free.size(); ++i)
    free[i] *= free_part(i, now);
  return free;
}

std::vector<double> Blood::state() const
{
  std::vector<double> values = {now, tumour_size};
  for (const auto *part : {&factors, &cells, &owed})
    values.insert(values.end(), part->begin(), part->end());
  return values;
}

void Blood::restore(const std::vector<double> &state)
{
  if (state.size() != 2 + factors.size() + cells.size() + owed.size())
    throw InputError("the blood in the checkpoint has other factors or cells than this run",
                     "resume with the parameters that it was written with");
  now = state[0];
  tumour_size = state[1];
  auto from = state.begin() + 2;
  for (auto *part : {&factors, &cells, &owed})
  {
    std::copy_n(from, part->size(), part->begin());
    from += static_cast<std::ptrdiff_t>(part->size());
  }
  met.clear();
}
} // namespace nidus
