#include "agents/signals.h"

#include "agents/receptor_kinetics.h"
#include "agents/receptors.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace nidus
{
double response(const SignalParameters &signal, const double x)
{
  const double relative = std::max(x, 0.0) / signal.scale;
  switch (signal.response_id)
  {
  case Response::linear:
    return std::min(relative, 1.0);
  case Response::hill: {
    // Written so that neither a small nor a large x overflows.
    if (relative <= 0.0)
      return 0.0;
    return 1.0 / (1.0 + std::pow(relative, -signal.exponent));
  }
  case Response::exponential:
    return -std::expm1(-relative);
  }
  return 0.0;
}

template <int dim>
double measured_alone(const AgentRules &rules, const AgentPopulation<dim> &population, const std::size_t agent,
                      const Surroundings<dim> &surroundings, const double time, const int index)
{
  const auto &signal = rules.parameters.signals[index];
  const auto type = population.type[agent];
  switch (signal.kind_id)
  {
  case SignalKind::field:
    return surroundings.values_of(agent)[signal.of_index];
  case SignalKind::occupancy:
    return agent_occupancy(rules, population, agent, rules.type(type).receptor_of_signal[index],
                           surroundings.values_of(agent));
  case SignalKind::bound_ligand: {
    const int receptor = rules.type(type).receptor_of_signal[index];
    if (rules.type(type).receptors[receptor].is_full())
      return receptor_numbers(rules, population, agent, receptor, surroundings.values_of(agent)).bound;
    const double sensed = sensed_concentration(rules.type(type).receptors[receptor], surroundings.values_of(agent));
    return bound_receptors(effective_receptor(rules, type, receptor, population.key[agent]), sensed);
  }
  case SignalKind::time_in_state:
    return time - population.state_since[agent];
  case SignalKind::blood:
    return surroundings.blood[signal.of_index];
  case SignalKind::drug:
    return rules.modifiers.drug(signal.of_index);
  case SignalKind::combination: {
    double sum = 0.0;
    for (const auto &[part, weight] : signal.part_signals)
      sum += weight * response(rules.parameters.signals[part],
                               measured_alone(rules, population, agent, surroundings, time, part));
    return sum;
  }
  case SignalKind::neighbours:
  case SignalKind::pressure:
    break;
  }
  throw std::logic_error("the signal '" + signal.name + "' needs neighbours");
}

template <int dim>
SignalReader<dim>::SignalReader(const AgentRules &rules, const Mechanics &mechanics,
                                const Neighbourhood<dim> &neighbourhood, const Surroundings<dim> &surroundings,
                                const double time)
    : rules(rules), mechanics(mechanics), neighbourhood(neighbourhood), surroundings(surroundings), time(time),
      neighbour_search(neighbourhood.grid()), contact_search(neighbourhood.grid()),
      known(rules.parameters.signals.size(), -1.0)
{
}

template <int dim>
void SignalReader<dim>::select(const std::size_t new_agent)
{
  agent = new_agent;
  std::fill(known.begin(), known.end(), -1.0);
}

template <int dim>
double SignalReader<dim>::operator()(const int index)
{
  if (known[index] < 0.0)
    known[index] = response(rules.parameters.signals[index], measured(index));
  return known[index];
}

template <int dim>
double SignalReader<dim>::measured(const int index)
{
  const auto &signal = rules.parameters.signals[index];
  if (signal.kind_id == SignalKind::neighbours)
    return count_neighbours(signal);
  if (signal.kind_id == SignalKind::pressure)
    return mechanics.pressure(neighbourhood, agent, contact_search);
  if (signal.kind_id == SignalKind::combination)
  {
    double sum = 0.0;
    for (const auto &[part, weight] : signal.part_signals)
      sum += weight * (*this)(part);
    return sum;
  }
  return measured_alone(rules, neighbourhood.agents(), agent, surroundings, time, index);
}

template <int dim>
double SignalReader<dim>::count_neighbours(const SignalParameters &signal)
{
  std::size_t count = 0;
  const auto add = [&](const auto &other, const dealii::Tensor<1, dim> &, double) {
    if (other.index == agent)
      return;
    for (const auto &[type, state] : signal.neighbour_states)
      if (other.type == type && (state < 0 || other.state == state))
      {
        ++count;
        return;
      }
  };
  neighbour_search.for_each_neighbour(neighbourhood.agents().position[agent], signal.radius, add);
  return static_cast<double>(count);
}

template double measured_alone<2>(const AgentRules &, const AgentPopulation<2> &, std::size_t, const Surroundings<2> &,
                                  double, int);
template double measured_alone<3>(const AgentRules &, const AgentPopulation<3> &, std::size_t, const Surroundings<3> &,
                                  double, int);
template class SignalReader<2>;
template class SignalReader<3>;
} // namespace nidus
