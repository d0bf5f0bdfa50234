#include "coupling/receptor_exchange.h"

#include "agents/receptor_kinetics.h"
#include "agents/receptors.h"

#include <algorithm>

namespace nidus
{
namespace
{
void store(const ReceptorNumbers &numbers, double *values)
{
  values[0] = numbers.free;
  values[1] = numbers.bound;
  values[2] = numbers.inside;
  values[3] = numbers.surplus;
}

/// Ligand that goes back to the field in the next step, molecules per cell and min.
double returned(const ReceptorNumbers &numbers, const double length)
{
  return std::max(numbers.surplus, 0.0) / length;
}
} // namespace

template <int dim>
ReceptorExchange<dim>::ReceptorExchange(const AgentParameters &parameters)
    : width(parameters.receptor_doubles() / ReceptorNumbers::size)
{
}

template <int dim>
void ReceptorExchange<dim>::prepare(const AgentRules &rules, const Surroundings<dim> &surroundings, const double length,
                                    AgentPopulation<dim> &population)
{
  laws.assign(population.size() * width, Law());
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const auto &type = rules.type(population.type[i]);
    for (std::size_t r = 0; r < type.receptors.size(); ++r)
    {
      const auto &receptor = type.receptors[r];
      if (receptor.slot < 0)
        continue;
      const double *values = surroundings.values_of(i);
      const int number = static_cast<int>(r);
      const auto numbers = receptor_numbers(rules, population, i, number, values);
      store(numbers, population.receptors_of(i) + ReceptorNumbers::size * receptor.slot);
      if (receptor.consumed_field < 0)
        continue;
      const auto rates = receptor_rates(rules, population.type[i], number, population.key[i]);
      // Without any ligand the line is the tangent, as far as numbers can tell.
      const double sensed = std::max(sensed_concentration(receptor, values), 1e-6 * rates.dissociation_constant());
      const double without = receptor_step(rates, numbers, 0.0, length).taken;
      const double with = receptor_step(rates, numbers, sensed, length).taken;
      Law &law = laws[i * width + receptor.slot];
      law.uptake =
          type.cells_represented * receptor.consumed_weight * std::max(with - without, 0.0) / (sensed * length);
      law.release = type.cells_represented * (std::max(-without, 0.0) / length + returned(numbers, length));
    }
  }
}

template <int dim>
std::vector<typename ReceptorExchange<dim>::Taken>
ReceptorExchange<dim>::finish(const AgentRules &rules, const std::vector<double> &mean, const unsigned int n_fields,
                              const double length, AgentPopulation<dim> &population) const
{
  std::vector<Taken> taken(n_fields);
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const auto &type = rules.type(population.type[i]);
    const double *values = &mean[i * n_fields];
    for (std::size_t r = 0; r < type.receptors.size(); ++r)
    {
      const auto &receptor = type.receptors[r];
      if (receptor.slot < 0)
        continue;
      const int number = static_cast<int>(r);
      const auto rates = receptor_rates(rules, population.type[i], number, population.key[i]);
      const auto before = receptor_numbers(rules, population, i, number, values);
      const double sensed = sensed_concentration(receptor, values);
      ReceptorStep step;
      if (receptor.consumed_field < 0)
        step = receptor_step(rates, before, sensed, length);
      else
      {
        const Law &what = law(i, receptor.slot);
        const double lost = length * (what.uptake * values[receptor.consumed_field] - what.release);
        // A surplus has gone back to the field; a lack, which only rounding leaves, is to be taken as well.
        step = receptor_step_taking(rates, before, lost / type.cells_represented + before.surplus, sensed, length);
        Taken &sum = taken[receptor.consumed_field];
        sum.bound +=
            type.cells_represented * (step.numbers.bound + step.numbers.surplus - before.bound - before.surplus);
        sum.internalised += type.cells_represented * step.internalised;
      }
      store(step.numbers, population.receptors_of(i) + ReceptorNumbers::size * receptor.slot);
    }
  }
  return taken;
}

template class ReceptorExchange<2>;
template class ReceptorExchange<3>;
} // namespace nidus
