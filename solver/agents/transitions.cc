#include "agents/transitions.h"

#include "agents/lineage.h"
#include "agents/motility.h"
#include "agents/random_direction.h"
#include "agents/receptor_kinetics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nidus
{
namespace
{
constexpr std::size_t draws_at_once = 128;

/// An agent that has divided as often as its type allows has no hazard of division.
template <int dim>
bool may_divide(const AgentTypeParameters &type, const AgentPopulation<dim> &population, const std::size_t i)
{
  return type.maximum_divisions == 0 || population.generation[i] < type.maximum_divisions;
}

/// Hazards of the transitions that leave the agent's state, or of their next stages, 1/min; their sum.
template <int dim>
double collect_hazards(const AgentRules &rules, const AgentPopulation<dim> &population, const std::size_t i,
                       SignalReader<dim> &signals, std::vector<double> &hazards)
{
  const auto type_index = population.type[i];
  const auto &type = rules.type(type_index);
  hazards.clear();
  double total = 0.0;
  for (const int t : type.transitions_from[population.state[i]])
  {
    const auto &transition = type.transitions[t];
    const bool possible = transition.outcome != Outcome::division || may_divide(type, population, i);
    hazards.push_back(possible ? transition.stages * hazard(transition, signals) * rules.modifiers.hazard(type_index, t)
                               : 0.0);
    total += hazards.back();
  }
  return total;
}

/// Per type and state: the probability that an agent does anything in a step of @p length min, if each signal is such
/// that it is greatest. Signals are in [0, 1].
std::vector<std::vector<double>> greatest_probabilities(const AgentRules &rules, const double length)
{
  std::vector<std::vector<double>> bound;
  for (std::size_t t = 0; t < rules.parameters.types.size(); ++t)
  {
    const auto &type = rules.type(static_cast<int>(t));
    auto &of_states = bound.emplace_back();
    for (const auto &leaving : type.transitions_from)
    {
      double total = 0.0;
      for (const int number : leaving)
        total += greatest_hazard(type.transitions[number]) * rules.modifiers.hazard(static_cast<int>(t), number);
      // A little more than the truth: rounding must not exclude anyone.
      of_states.push_back(total > 0.0 ? -std::expm1(-total * length) * (1.0 + 1e-9) : 0.0);
    }
  }
  return bound;
}

/// The index at which the cumulative weights pass @p fraction of their sum; never one of weight zero.
std::size_t chosen(const std::vector<double> &weights, const double total, const double fraction)
{
  double left = fraction * total;
  std::size_t last_possible = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
  {
    if (weights[i] <= 0.0)
      continue;
    last_possible = i;
    left -= weights[i];
    if (left < 0.0)
      break;
  }
  return last_possible;
}

template <int dim>
void convert_receptors(const AgentRules &rules, const int from, const int to, const std::size_t i,
                       AgentPopulation<dim> &population)
{
  if (population.receptor_doubles() == 0)
    return;
  const auto numbers = converted_receptors(rules.type(from), rules.type(to), population.record(i).receptors);
  std::copy(numbers.begin(), numbers.end(), population.receptors_of(i));
}

/// Puts agent @p i into a type and state as of now, with a velocity that fits them.
template <int dim>
void enter_state(const AgentRules &rules, const DecisionStep &step, const int type, const int state,
                 const std::size_t i, AgentPopulation<dim> &population)
{
  const bool crawled = rules.type(population.type[i]).crawls(population.state[i]);
  const bool same_type = population.type[i] == type;
  if (!same_type)
    convert_receptors(rules, population.type[i], type, i, population);
  population.type[i] = type;
  population.state[i] = state;
  population.state_since[i] = step.time;
  population.stage[i] = 0;
  if (!same_type)
    population.generation[i] = 0;
  // An agent that walks on keeps its direction; the walk itself adapts the speed within a persistence time.
  if (!same_type || !crawled || !rules.type(type).crawls(state))
    population.velocity[i] = initial_velocity<dim>(rules, type, state, population.key[i], step.number);
}

/// What the fates of a division are likely to be, with the signals that favour one (model 3.4).
template <int dim>
std::vector<double> fate_probabilities(const TransitionParameters &transition, SignalReader<dim> &signals)
{
  std::vector<double> probabilities;
  for (const auto &fate : transition.fates)
    probabilities.push_back(fate.probability);
  if (transition.favoured < 0)
    return probabilities;
  double log_odds = 0.0;
  for (const auto &[signal, weight] : transition.fate_signals)
    log_odds += weight * signals(signal);
  const double before = probabilities[transition.favoured], odds = before * std::exp(log_odds);
  const double after = odds / (1.0 - before + odds);
  for (auto &probability : probabilities)
    probability *= before < 1.0 ? (1.0 - after) / (1.0 - before) : 0.0;
  probabilities[transition.favoured] = after;
  return probabilities;
}

template <int dim>
int drawn_fate(const AgentRules &rules, const TransitionParameters &transition, SignalReader<dim> &signals,
               const std::uint64_t key, const std::uint64_t step)
{
  if (transition.outcome != Outcome::division)
    return -1;
  const auto u = random::uniform({rules.seed, key, step, random::Purpose::division_fate});
  return static_cast<int>(chosen(fate_probabilities(transition, signals), 1.0, u[0]));
}

/// Mother @p i takes the first fate; the daughter, with the second, is appended at the mother's place.
template <int dim>
AgentEvent divide(const AgentRules &rules, const DecisionStep &step, const TransitionParameters::Fate &fate,
                  const std::size_t i, AgentPopulation<dim> &population)
{
  const auto mother_type = population.type[i];
  AgentRecord<dim> daughter;
  daughter.mother = population.key[i];
  daughter.founder = population.founder[i];
  daughter.colony = population.colony[i];
  daughter.key = lineage::daughter_key(population.key[i], ++population.divisions[i]);
  daughter.generation = fate.second.first == mother_type ? population.generation[i] + 1 : 0;
  daughter.type = fate.second.first;
  daughter.state = fate.second.second;
  daughter.state_since = daughter.born = step.time;
  daughter.position = population.position[i];
  daughter.velocity = initial_velocity<dim>(rules, daughter.type, daughter.state, daughter.key, step.number);

  // Each gets half of the mother's receptors, if they are set.
  double *receptors = population.receptors_of(i);
  for (unsigned int k = 0; k < population.receptor_doubles(); ++k)
    receptors[k] *= receptors[k] == unset_receptor ? 1.0 : 0.5;
  daughter.receptors =
      converted_receptors(rules.type(mother_type), rules.type(daughter.type), population.record(i).receptors);

  population.generation[i] += 1;
  enter_state(rules, step, fate.first.first, fate.first.second, i, population);
  population.append(daughter, population.cell[i], population.reference_position[i]);

  AgentEvent event;
  event.kind = EventKind::divided;
  event.daughter = daughter.key;
  event.daughter_type = daughter.type;
  event.daughter_state = daughter.state;
  return event;
}

EventKind kind_of(const Outcome outcome)
{
  switch (outcome)
  {
  case Outcome::state:
    return EventKind::changed;
  case Outcome::death:
    return EventKind::died;
  case Outcome::departure:
    return EventKind::departed;
  case Outcome::division:
    return EventKind::divided;
  }
  return EventKind::changed;
}
} // namespace

template <int dim>
double hazard(const TransitionParameters &transition, SignalReader<dim> &signals)
{
  if (transition.base_rate <= 0.0)
    return 0.0;
  for (const auto &[signal, lower] : transition.lower_gates)
    if (signals(signal) < lower)
      return 0.0;
  for (const auto &[signal, upper] : transition.upper_gates)
    if (signals(signal) > upper)
      return 0.0;
  double exponent = 0.0;
  for (const auto &[signal, weight] : transition.weighted_signals)
    if (weight != 0.0)
      exponent += weight * signals(signal);
  double rate = transition.base_rate * std::exp(exponent);
  for (const int signal : transition.factor_signals)
    rate *= signals(signal);
  return rate;
}

double greatest_hazard(const TransitionParameters &transition)
{
  double exponent = 0.0;
  for (const auto &[signal, weight] : transition.weighted_signals)
    exponent += std::max(weight, 0.0);
  return transition.stages * transition.base_rate * std::exp(exponent);
}

template <int dim>
std::vector<Decision> decide(const AgentRules &rules, const Mechanics &mechanics,
                             const Neighbourhood<dim> &neighbourhood, const Senses<dim> &senses,
                             const DecisionStep &step)
{
  const auto &population = neighbourhood.agents();
  const auto bound = greatest_probabilities(rules, step.length);
  Surroundings<dim> surroundings;
  SignalReader<dim> signals(rules, mechanics, neighbourhood, surroundings, step.time);
  std::vector<Decision> decisions;
  std::vector<double> hazards;
  std::array<double, 4 * draws_at_once> u;
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const std::size_t place = i % draws_at_once, count = std::min(draws_at_once, population.size() - i + place);
    if (place == 0)
      random::uniform({rules.seed, 0, step.number, random::Purpose::transition}, 0, count, &population.key[i],
                      u.data());
    const double greatest = bound[population.type[i]][population.state[i]];
    // Two words for the first number: rates of 1e-8 per step are not lost in 32 bits.
    const double first = u[place] + (u[2 * count + place] - 0.5) * 0x1p-32;
    // Most agents do nothing in a step whatever their signals are, and need not be asked for them.
    if (first >= greatest)
      continue;
    senses.look(population, i, i + 1, Question::what_is_here, surroundings);
    signals.select(i);
    const double total = collect_hazards(rules, population, i, signals, hazards);
    if (first >= -std::expm1(-total * step.length))
      continue;
    const auto &type = rules.type(population.type[i]);
    const int number = type.transitions_from[population.state[i]][chosen(hazards, total, u[count + place])];
    decisions.push_back(
        {i, number, drawn_fate(rules, type.transitions[number], signals, population.key[i], step.number)});
  }
  return decisions;
}

template <int dim>
Outcomes<dim> apply(const AgentRules &rules, const std::vector<Decision> &decisions, const DecisionStep &step,
                    AgentPopulation<dim> &population)
{
  Outcomes<dim> outcomes;
  std::vector<std::size_t> removed;
  for (const auto &[i, t, fate] : decisions)
  {
    const auto type = population.type[i], state = population.state[i];
    const auto key = population.key[i];
    const auto &transition = rules.type(type).transitions[t];
    // A transition with one stage leaves the counter, which belongs to another one, alone until it happens.
    if (transition.stages > 1 && population.stage[i] + 1 < transition.stages)
    {
      ++population.stage[i];
      continue;
    }
    AgentEvent event;
    if (transition.outcome == Outcome::division)
    {
      const auto half_radius = 0.5 * rules.type(type).radius *
                               random_direction<dim>({rules.seed, key, step.number, random::Purpose::division_axis});
      event = divide(rules, step, transition.fates[fate], i, population);
      outcomes.displacement.emplace_back(i, half_radius);
      outcomes.displacement.emplace_back(population.size() - 1, -half_radius);
    }
    else if (transition.outcome == Outcome::state)
      enter_state(rules, step, transition.to_type, transition.to_state, i, population);
    else
      removed.push_back(i);

    event.key = key;
    event.step = step.number;
    event.kind = kind_of(transition.outcome);
    event.type = type;
    event.from = state;
    event.transition = t;
    const bool stays = event.kind != EventKind::died && event.kind != EventKind::departed;
    event.new_type = stays ? population.type[i] : -1;
    event.to = stays ? population.state[i] : -1;
    outcomes.events.push_back(event);
  }

  if (!removed.empty())
  {
    std::vector<char> remove(population.size(), 0);
    for (const auto i : removed)
      remove[i] = 1;
    population.remove(remove);
    // Decisions are in the order of the population, and so are those that are removed.
    for (auto &moving : outcomes.displacement)
      moving.first -= std::lower_bound(removed.begin(), removed.end(), moving.first) - removed.begin();
  }
  std::sort(outcomes.events.begin(), outcomes.events.end());
  return outcomes;
}

template double hazard<2>(const TransitionParameters &, SignalReader<2> &);
template std::vector<Decision> decide<2>(const AgentRules &, const Mechanics &, const Neighbourhood<2> &,
                                         const Senses<2> &, const DecisionStep &);
template Outcomes<2> apply<2>(const AgentRules &, const std::vector<Decision> &, const DecisionStep &,
                              AgentPopulation<2> &);
template double hazard<3>(const TransitionParameters &, SignalReader<3> &);
template std::vector<Decision> decide<3>(const AgentRules &, const Mechanics &, const Neighbourhood<3> &,
                                         const Senses<3> &, const DecisionStep &);
template Outcomes<3> apply<3>(const AgentRules &, const std::vector<Decision> &, const DecisionStep &,
                              AgentPopulation<3> &);
} // namespace nidus
