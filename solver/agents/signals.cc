#include "agents/signals.h"

#include "agents/receptors.h"

#include <algorithm>
#include <cmath>

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
  {
    const auto &signal = rules.parameters.signals[index];
    const int receptor = rules.type(neighbourhood.agents().type[agent]).receptor_of_signal[index];
    known[index] = response(signal, measured(signal, receptor));
  }
  return known[index];
}

template <int dim>
double SignalReader<dim>::measured(const SignalParameters &signal, const int receptor)
{
  const auto &population = neighbourhood.agents();
  switch (signal.kind_id)
  {
  case SignalKind::field:
    return surroundings.values_of(agent)[signal.of_index];
  case SignalKind::occupancy: {
    const auto type = population.type[agent];
    const double sensed = sensed_concentration(rules.type(type).receptors[receptor], surroundings.values_of(agent));
    return occupancy(effective_receptor(rules, type, receptor, population.key[agent]), sensed);
  }
  case SignalKind::neighbours:
    return count_neighbours(signal);
  case SignalKind::time_in_state:
    return time - population.state_since[agent];
  case SignalKind::blood:
    return surroundings.blood[signal.of_index];
  case SignalKind::pressure:
    return mechanics.pressure(neighbourhood, agent, contact_search);
  }
  return 0.0;
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

template class SignalReader<2>;
template class SignalReader<3>;
} // namespace nidus
