#pragma once

#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "agents/lineage.h"
#include "agents/neighbourhood.h"
#include "agents/transitions.h"

#include <cmath>
#include <string>
#include <vector>

/// Agents in free space with constant fields, for tests that need no mesh.
namespace nidus::test
{
/// One type with the state "moving" only, which does nothing but walk.
inline AgentTypeParameters walker(const std::string &name, const double speed, const double persistence_time)
{
  AgentTypeParameters type;
  type.name = name;
  type.speed = speed;
  type.persistence_time = persistence_time;
  type.states.resize(1);
  type.states[0].name = "moving";
  return type;
}

inline TransitionParameters transition(const std::string &name, const std::string &from, const std::string &to,
                                       const double rate)
{
  TransitionParameters transition;
  transition.name = name;
  transition.from = from;
  transition.to = to;
  transition.base_rate = rate;
  return transition;
}

inline SignalParameters signal(const std::string &name, const std::string &kind, const std::string &of,
                               const double scale = 1.0)
{
  SignalParameters signal;
  signal.name = name;
  signal.kind = kind;
  signal.of = of;
  signal.scale = scale;
  return signal;
}

/// All agents of a population know what is given, wherever they are.
template <int dim>
class Given : public Senses<dim>
{
public:
  Given(Surroundings<dim> surroundings = {}) : surroundings(std::move(surroundings)) {}

  void look(const AgentPopulation<dim> &, const std::size_t begin, const std::size_t end, Question,
            Surroundings<dim> &target) const override
  {
    const std::size_t n = surroundings.n_fields;
    target.n_fields = n;
    target.first = begin;
    target.blood = surroundings.blood;
    target.value.assign(surroundings.value.begin() + begin * n, surroundings.value.begin() + end * n);
    target.gradient.assign(surroundings.gradient.begin() + begin * n, surroundings.gradient.begin() + end * n);
  }

private:
  const Surroundings<dim> surroundings;
};

template <int dim>
struct AgentWorld
{
  AgentParameters parameters;
  AgentModifiers modifiers;
  std::uint64_t seed = 20071;
  OutsideNames outside{{"sdf1", "fibronectin"}, {"vegf"}, {"tissue"}};
  AgentPopulation<dim> population;
  Halo<dim> halo;

  AgentRules rules() const { return {parameters, modifiers, seed}; }

  /// @p n agents of type 0 in state 0 at the origin, sorted by key.
  void seed_agents(const std::size_t n)
  {
    for (std::size_t i = 0; i < n; ++i)
      population.append(lineage::founder<dim>(rules(), lineage::seeded_key(seed, 1, 0, i), 0, 0, dealii::Point<dim>(),
                                              DecisionStep{0, 0.0, 1.0}));
    population.sort();
  }

  /// The same field values and gradients, along the first axis, for all agents.
  Surroundings<dim> uniform(const std::vector<double> &value, const std::vector<double> &slope) const
  {
    Surroundings<dim> surroundings;
    surroundings.n_fields = value.size();
    for (std::size_t i = 0; i < population.size(); ++i)
      for (std::size_t f = 0; f < value.size(); ++f)
      {
        surroundings.value.push_back(value[f]);
        surroundings.gradient.emplace_back();
        surroundings.gradient.back()[0] = slope[f];
      }
    return surroundings;
  }

  std::vector<Decision> decisions(const DecisionStep &step, const Surroundings<dim> &surroundings = {}) const
  {
    const Mechanics mechanics(parameters);
    const Neighbourhood<dim> neighbourhood(population, halo, std::max(parameters.signal_reach(), 1.0));
    return decide<dim>(rules(), mechanics, neighbourhood, Given<dim>(surroundings), step);
  }

  /// One macro step of deciding and applying.
  Outcomes<dim> react(const std::uint64_t number, const double length)
  {
    const DecisionStep step{number, static_cast<double>(number) * length, length};
    return apply(rules(), decisions(step), step, population);
  }
};

/// Mean of a sample, and the standard errors of its mean and of its variance.
struct Sample
{
  double mean = 0.0, variance = 0.0, error = 0.0, variance_error = 0.0;

  explicit Sample(const std::vector<double> &x)
  {
    const double n = static_cast<double>(x.size());
    for (const double value : x)
      mean += value / n;
    double fourth = 0.0;
    for (const double value : x)
    {
      const double square = (value - mean) * (value - mean);
      variance += square / (n - 1.0);
      fourth += square * square / n;
    }
    error = std::sqrt(variance / n);
    variance_error = std::sqrt(std::max(fourth - variance * variance, 0.0) / n);
  }
};
} // namespace nidus::test
