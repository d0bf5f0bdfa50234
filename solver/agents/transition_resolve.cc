#include "agents/transition_resolve.h"

#include "agents/name_lookup.h"
#include "control/input_error.h"
#include "control/names_of.h"

#include <cmath>
#include <tuple>

namespace nidus
{
namespace
{
using namespace lookup;

void resolve_daughters(TransitionParameters &transition, const std::string &path, const AgentParameters &agents)
{
  const std::string entry = path + "Daughters";
  if (transition.outcome != Outcome::division)
  {
    if (!transition.daughters.empty())
      throw InputError(entry, transition.daughters.begin()->first, "nothing unless To = division",
                       "remove the daughters, or set To = division");
    return;
  }
  if (transition.daughters.empty())
    throw InputError(entry, "", "'type.state + type.state: probability', separated by commas",
                     "say what the two agents are after the division");
  double sum = 0.0;
  transition.fates.clear();
  for (const auto &[text, probability] : transition.daughters)
  {
    const auto pair = split(text, '+');
    if (pair.size() != 2)
      throw InputError(entry, text, "two agents, 'type.state + type.state'", "name the fate of mother and daughter");
    if (!(probability >= 0.0 && probability <= 1.0))
      throw input_error(entry, probability, "probabilities in [0, 1]", "correct the probability of '" + text + "'");
    TransitionParameters::Fate fate;
    fate.probability = probability;
    fate.first = parse_type_and_state(agents, pair[0], entry);
    fate.second = parse_type_and_state(agents, pair[1], entry);
    if (fate.first.second < 0 || fate.second.second < 0)
      throw InputError(entry, text, "'type.state' on both sides of the plus", "add the state of each agent");
    transition.fates.push_back(fate);
    sum += probability;
  }
  if (std::abs(sum - 1.0) > 1e-9)
    throw input_error(entry, sum, "probabilities that sum to 1", "correct the probabilities of the fates");
}

/// The fate whose odds signals change must be one of the daughters.
void resolve_favour(TransitionParameters &transition, const std::string &path, const AgentParameters &agents)
{
  transition.favoured = -1;
  transition.fate_signals =
      found_all(path + "Fate weights", transition.fate_weights, "signal", names_of(agents.signals));
  if (transition.favoured_fate.empty())
  {
    if (!transition.fate_weights.empty())
      throw InputError(path + "Fate weights", transition.fate_weights.begin()->first, "nothing without 'Favoured fate'",
                       "say which of 'Daughters' the signals favour");
    return;
  }
  std::vector<std::string> fates;
  for (const auto &daughters : transition.daughters)
  {
    if (split(daughters.first, '+') == split(transition.favoured_fate, '+'))
      transition.favoured = static_cast<int>(fates.size());
    fates.push_back(daughters.first);
  }
  if (transition.favoured < 0)
    throw InputError(path + "Favoured fate", transition.favoured_fate,
                     fates.empty() ? "nothing unless To = division" : listed(fates), "name one of 'Daughters'");
}

void resolve_outcome(TransitionParameters &transition, const std::string &path, const AgentParameters &agents,
                     const AgentTypeParameters &type)
{
  transition.to_type = agents.type_index(type.name);
  transition.to_state = -1;
  if (transition.to == "death")
    transition.outcome = Outcome::death;
  else if (transition.to == "departure")
    transition.outcome = Outcome::departure;
  else if (transition.to == "division")
    transition.outcome = Outcome::division;
  else
  {
    transition.outcome = Outcome::state;
    auto choices = names_of(type.states);
    choices.insert(choices.end(), {"death", "departure", "division"});
    if (transition.to.find('.') == std::string::npos)
      transition.to_state = found(path + "To", transition.to, "state", choices);
    else
      std::tie(transition.to_type, transition.to_state) = parse_type_and_state(agents, transition.to, path + "To");
    if (agents.types[transition.to_type].name == type.name && transition.to_state == transition.from_state)
      throw InputError(path + "To", transition.to, "a state other than From", "correct From or To");
  }
}

void check_signals(const TransitionParameters &transition, const std::string &path, const AgentParameters &agents,
                   const AgentTypeParameters &type)
{
  for (const auto &signal : transition.weighted_signals)
    check_signal(signal.first, path + "Weights", agents, type);
  for (const int signal : transition.factor_signals)
    check_signal(signal, path + "Factors", agents, type);
  for (const auto &signal : transition.lower_gates)
    check_signal(signal.first, path + "At least", agents, type);
  for (const auto &signal : transition.upper_gates)
    check_signal(signal.first, path + "At most", agents, type);
  for (const auto &signal : transition.fate_signals)
    check_signal(signal.first, path + "Fate weights", agents, type);
}

void check_gates(const TransitionParameters &transition, const std::string &path)
{
  for (const auto &[signal, lower] : transition.at_least)
  {
    const auto upper = transition.at_most.find(signal);
    if (upper != transition.at_most.end() && upper->second < lower)
      throw InputError(path + "At most", signal + ": " + std::to_string(upper->second),
                       "values that are not below 'At least'", "the gate never opens: correct one of the two");
  }
}
} // namespace

void check_signal(const int signal, const std::string &entry, const AgentParameters &agents,
                  const AgentTypeParameters &type)
{
  const auto &parameters = agents.signals[signal];
  if (reads_receptor(parameters.kind_id) && type.receptor_of_signal[signal] < 0)
    throw InputError(entry, parameters.name,
                     "signals that do not read the receptor '" + parameters.of + "', which the type " + type.name +
                         " lacks",
                     "add Agents/" + type.name + "/Receptors/" + parameters.of + ", or use another signal");
  for (const auto &part : parameters.part_signals)
    check_signal(part.first, entry, agents, type);
}

void resolve_transition(TransitionParameters &transition, const std::string &path, const AgentParameters &agents,
                        const AgentTypeParameters &type)
{
  const auto signals = names_of(agents.signals);
  transition.from_state = found(path + "From", transition.from, "state", names_of(type.states));
  resolve_outcome(transition, path, agents, type);
  if (!(transition.base_rate >= 0.0))
    throw input_error(path + "Base rate", transition.base_rate, "rates >= 0, in 1/min", "correct the rate");
  transition.weighted_signals = found_all(path + "Weights", transition.weights, "signal", signals);
  transition.lower_gates = found_all(path + "At least", transition.at_least, "signal", signals);
  transition.upper_gates = found_all(path + "At most", transition.at_most, "signal", signals);
  transition.factor_signals.clear();
  for (const auto &name : transition.factors)
    transition.factor_signals.push_back(found(path + "Factors", name, "signal", signals));
  check_gates(transition, path);
  resolve_daughters(transition, path, agents);
  resolve_favour(transition, path, agents);
  check_signals(transition, path, agents, type);
}
} // namespace nidus
