#include "systemic/blood.h"

#include "control/units.h"
#include "systemic/tumour.h"

#include <cmath>
#include <stdexcept>

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
    : parameters(parameters), interventions(interventions)
{
  // Before time zero the animal has been at rest: every level is at its baseline.
  for (const auto &factor : parameters.factors)
    factors.push_back(factor.baseline);
  for (const auto &population : parameters.circulating)
    cells.push_back(population.baseline);
  tumour_size = tumour_at(0.0);
}

double Blood::tumour_at(const double time) const
{
  return interventions.tumour_resected(time) ? 0.0 : tumour_cells(parameters.tumour, time);
}

void Blood::advance(const double time, const double dt)
{
  const double middle = time + 0.5 * dt;
  const double n_tumour = tumour_at(middle);
  const double volume_um3 = parameters.volume * units::millilitre_in_um3;

  for (std::size_t i = 0; i < factors.size(); ++i)
  {
    const auto &factor = parameters.factors[i];
    const double secreted = factor.tumour_secretion * factor.leak * n_tumour * units::nanomolar_um3 / volume_um3;
    factors[i] = relaxed(factors[i], factor.clearance * factor.baseline + secreted, factor.clearance, dt);
  }
  for (std::size_t i = 0; i < cells.size(); ++i)
  {
    const auto &population = parameters.circulating[i];
    double release = population.clearance * population.baseline;
    if (population.mobilised_by_index >= 0)
    {
      const double level = factors[population.mobilised_by_index] *
                           interventions.factor("blood factor", population.mobilised_by, middle);
      release *= 1.0 + population.mobilisation_gain * level / (population.mobilisation_half_saturation + level);
    }
    release *= interventions.factor("circulating", population.name, middle);
    const double shed = population.shedding * n_tumour / parameters.volume;
    cells[i] = relaxed(cells[i], release + shed, population.clearance, dt);
  }
  now = time + dt;
  tumour_size = tumour_at(now);
}

std::vector<double> Blood::levels() const
{
  std::vector<double> free = factors;
  for (std::size_t i = 0; i < free.size(); ++i)
    free[i] *= interventions.factor("blood factor", parameters.factors[i].name, now);
  return free;
}

std::vector<double> Blood::state() const
{
  std::vector<double> values = {now, tumour_size};
  values.insert(values.end(), factors.begin(), factors.end());
  values.insert(values.end(), cells.begin(), cells.end());
  return values;
}

void Blood::restore(const std::vector<double> &state)
{
  if (state.size() != 2 + factors.size() + cells.size())
    throw std::runtime_error("the blood state of the checkpoint has another length than this run");
  now = state[0];
  tumour_size = state[1];
  std::copy_n(state.begin() + 2, factors.size(), factors.begin());
  std::copy_n(state.begin() + 2 + factors.size(), cells.size(), cells.begin());
}
} // namespace nidus
