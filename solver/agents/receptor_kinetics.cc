#include "agents/receptor_kinetics.h"

#include "agents/receptors.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nidus
{
namespace
{
/// Of the augmented system: R, C, I, the time integral of C, and one.
constexpr unsigned int n = 5;
using Matrix = std::array<double, n * n>;

Matrix product(const Matrix &a, const Matrix &b)
{
  Matrix c{};
  for (unsigned int i = 0; i < n; ++i)
    for (unsigned int k = 0; k < n; ++k)
      for (unsigned int j = 0; j < n; ++j)
        c[i * n + j] += a[i * n + k] * b[k * n + j];
  return c;
}

/// exp(a) by its Taylor series at a small multiple of a, squared up.
Matrix exponential(Matrix a)
{
  constexpr double small = 0.25;
  constexpr unsigned int terms = 10; // 0.25^11 / 11! is below rounding
  double norm = 0.0;
  for (unsigned int j = 0; j < n; ++j)
  {
    double sum = 0.0;
    for (unsigned int i = 0; i < n; ++i)
      sum += std::abs(a[i * n + j]);
    norm = std::max(norm, sum);
  }
  const int halvings = norm > small ? static_cast<int>(std::ceil(std::log2(norm / small))) : 0;
  for (auto &entry : a)
    entry = std::ldexp(entry, -halvings);
  Matrix identity{};
  for (unsigned int i = 0; i < n; ++i)
    identity[i * n + i] = 1.0;
  Matrix result = identity;
  for (unsigned int term = terms; term > 0; --term)
  {
    // Horner: 1 + a/term (1 + a/(term + 1) (...))
    const Matrix next = product(a, result);
    for (unsigned int k = 0; k < n * n; ++k)
      result[k] = identity[k] + next[k] / term;
  }
  for (int i = 0; i < halvings; ++i)
    result = product(result, result);
  return result;
}

ReceptorNumbers numbers_at(const double *values)
{
  ReceptorNumbers numbers;
  numbers.free = values[0];
  numbers.bound = values[1];
  numbers.inside = values[2];
  numbers.surplus = values[3];
  return numbers;
}
} // namespace

ReceptorRates receptor_rates(const AgentRules &rules, const int type, const int receptor, const std::uint64_t key)
{
  const auto &parameters = rules.type(type).receptors[receptor];
  const auto effective = effective_receptor(rules, type, receptor, key);
  ReceptorRates rates;
  rates.on = parameters.on_rate / rules.modifiers.dissociation(type, receptor);
  rates.off = parameters.off_rate;
  rates.internalisation = parameters.internalisation_rate;
  rates.uptake = parameters.constitutive_rate;
  rates.recycling = parameters.recycling_rate;
  rates.synthesis = parameters.synthesis_rate * effective.relative_number;
  rates.degradation = parameters.degradation_rate;
  rates.number = effective.number;
  return rates;
}

ReceptorNumbers steady_receptors(const ReceptorRates &rates, const double concentration)
{
  const double occupied = concentration / rates.dissociation_constant();  // C / R
  const double inwards = rates.internalisation * occupied + rates.uptake; // of R, 1/min
  ReceptorNumbers numbers;
  if (rates.conserves())
    numbers.free = rates.number / (1.0 + occupied + (inwards > 0.0 ? inwards / rates.recycling : 0.0));
  else
    numbers.free = rates.synthesis / rates.degradation * (rates.recycling + rates.degradation) / inwards;
  numbers.bound = numbers.free * occupied;
  numbers.inside =
      rates.conserves() ? rates.number - numbers.free - numbers.bound : rates.synthesis / rates.degradation;
  return numbers;
}

ReceptorStep receptor_step(const ReceptorRates &rates, const ReceptorNumbers &before, const double concentration,
                           const double length)
{
  const double on = rates.on * concentration;
  // Rows and columns: R, C, I, the integral of C, one.
  Matrix a{};
  a[0] = -rates.uptake - on;
  a[1] = rates.off;
  a[2] = rates.recycling;
  a[4] = rates.synthesis;
  a[5] = on;
  a[6] = -rates.off - rates.internalisation;
  a[10] = rates.uptake;
  a[11] = rates.internalisation;
  a[12] = -rates.recycling - rates.degradation;
  a[16] = 1.0;
  for (auto &entry : a)
    entry *= length;
  const Matrix e = exponential(a);
  const std::array<double, n> start{{before.free, before.bound, before.inside, 0.0, 1.0}};
  std::array<double, n> end{};
  for (unsigned int i = 0; i < n; ++i)
    for (unsigned int j = 0; j < n; ++j)
      end[i] += e[i * n + j] * start[j];
  ReceptorStep step;
  // Rounding of the squarings must not make an agent look as if it had not started.
  step.numbers.free = std::max(end[0], 0.0);
  step.numbers.bound = end[1];
  step.numbers.inside =
      rates.conserves() ? before.free + before.bound + before.inside - step.numbers.free - end[1] : end[2];
  step.numbers.surplus = before.surplus;
  step.internalised = rates.internalisation * end[3];
  step.taken = step.numbers.bound - before.bound + step.internalised;
  return step;
}

ReceptorStep receptor_step_taking(const ReceptorRates &rates, const ReceptorNumbers &before, const double ligand,
                                  const double guess, const double length)
{
  constexpr double precision = 1e-12;
  constexpr unsigned int most_trials = 60;
  const double scale = before.free + before.bound + before.inside + std::abs(ligand);
  // Far above this all receptors are bound at once, and more ligand has no effect.
  const double saturating = 1e4 * (rates.dissociation_constant() + 1.0 / (rates.on * length));

  ReceptorStep lower = receptor_step(rates, before, 0.0, length), best = lower;
  double low = 0.0, high = std::max(guess, 1e-6 * rates.dissociation_constant());
  ReceptorStep upper = receptor_step(rates, before, high, length);
  while (upper.taken < ligand && high < saturating)
  {
    low = high;
    lower = upper;
    high *= 4.0;
    upper = receptor_step(rates, before, high, length);
  }
  // The ligand taken rises with the concentration: regula falsi (Illinois) between the two.
  double below = lower.taken - ligand, above = upper.taken - ligand;
  best = std::abs(below) < std::abs(above) ? lower : upper;
  int last_side = 0;
  for (unsigned int trial = 0; trial < most_trials; ++trial)
  {
    if (std::abs(best.taken - ligand) <= precision * scale || below >= 0.0 || above <= 0.0)
      break;
    const double middle = low - below * (high - low) / (above - below);
    const ReceptorStep step = receptor_step(rates, before, middle, length);
    const double error = step.taken - ligand;
    if (std::abs(error) < std::abs(best.taken - ligand))
      best = step;
    const int side = error < 0.0 ? -1 : 1;
    (side < 0 ? low : high) = middle;
    (side < 0 ? below : above) = error;
    if (side == last_side)
      (side < 0 ? above : below) *= 0.5;
    last_side = side;
  }
  best.numbers.surplus = ligand - best.taken;
  return best;
}

template <int dim>
ReceptorNumbers receptor_numbers(const AgentRules &rules, const AgentPopulation<dim> &population,
                                 const std::size_t agent, const int receptor, const double *values)
{
  const auto type = population.type[agent];
  const auto &parameters = rules.type(type).receptors[receptor];
  const auto numbers = numbers_at(population.receptors_of(agent) + ReceptorNumbers::size * parameters.slot);
  if (numbers.started())
    return numbers;
  return steady_receptors(receptor_rates(rules, type, receptor, population.key[agent]),
                          sensed_concentration(parameters, values));
}

template <int dim>
double agent_occupancy(const AgentRules &rules, const AgentPopulation<dim> &population, const std::size_t agent,
                       const int receptor, const double *values)
{
  const auto type = population.type[agent];
  const auto &parameters = rules.type(type).receptors[receptor];
  if (parameters.is_full())
    return receptor_numbers(rules, population, agent, receptor, values).occupancy();
  return occupancy(effective_receptor(rules, type, receptor, population.key[agent]),
                   sensed_concentration(parameters, values));
}

double relative_surface(const ReceptorParameters &parameters, const ReceptorNumbers &numbers)
{
  ReceptorRates rates;
  rates.on = parameters.on_rate;
  rates.off = parameters.off_rate;
  rates.internalisation = parameters.internalisation_rate;
  rates.uptake = parameters.constitutive_rate;
  rates.recycling = parameters.recycling_rate;
  rates.synthesis = parameters.synthesis_rate;
  rates.degradation = parameters.degradation_rate;
  rates.number = parameters.number;
  const double alone = steady_receptors(rates, 0.0).free;
  return alone > 0.0 ? (numbers.free + numbers.bound) / alone : 0.0;
}

std::vector<double> converted_receptors(const AgentTypeParameters &from, const AgentTypeParameters &to,
                                        const std::vector<double> &numbers)
{
  std::vector<double> converted(numbers.size(), unset_receptor);
  for (const auto &receptor : to.receptors)
    for (const auto &old : from.receptors)
      if (receptor.slot >= 0 && old.slot >= 0 && receptor.name == old.name)
        std::copy_n(numbers.begin() + ReceptorNumbers::size * old.slot, ReceptorNumbers::size,
                    converted.begin() + ReceptorNumbers::size * receptor.slot);
  return converted;
}

template ReceptorNumbers receptor_numbers<2>(const AgentRules &, const AgentPopulation<2> &, std::size_t, int,
                                             const double *);
template ReceptorNumbers receptor_numbers<3>(const AgentRules &, const AgentPopulation<3> &, std::size_t, int,
                                             const double *);
template double agent_occupancy<2>(const AgentRules &, const AgentPopulation<2> &, std::size_t, int, const double *);
template double agent_occupancy<3>(const AgentRules &, const AgentPopulation<3> &, std::size_t, int, const double *);
} // namespace nidus
