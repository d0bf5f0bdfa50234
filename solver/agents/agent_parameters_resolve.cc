// Names become indices, and every reference is checked, before anything runs.

#include "agents/agent_parameters.h"
#include "control/input_error.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace nidus
{
namespace
{
using Names = std::vector<std::string>;

template <typename List>
Names names_of(const List &list)
{
  Names names;
  for (const auto &item : list)
    names.push_back(item.name);
  return names;
}

std::string one_of(const std::string &what, const Names &names)
{
  if (names.empty())
    return "a " + what + ", but there is none";
  return "one of the " + what + "s " + listed(names);
}

/// A name that was looked up: its index, or an InputError that lists what exists.
int found(const std::string &entry, const std::string &name, const std::string &what, const Names &names)
{
  const auto position = std::find(names.begin(), names.end(), name);
  if (position == names.end())
    throw InputError(entry, name, one_of(what, names), "correct the name, or add a subsection for this " + what);
  return static_cast<int>(position - names.begin());
}

std::vector<std::pair<int, double>> found_all(const std::string &entry, const std::map<std::string, double> &values,
                                              const std::string &what, const Names &names)
{
  std::vector<std::pair<int, double>> indexed;
  indexed.reserve(values.size());
  for (const auto &[name, value] : values)
    indexed.emplace_back(found(entry, name, what, names), value);
  // By index, not by name: the order of sums does not depend on how fields are called.
  std::sort(indexed.begin(), indexed.end());
  return indexed;
}

/// The parts between separators, trimmed; empty parts are kept, so that "csc." has two.
Names split(const std::string &text, const char separator)
{
  Names parts;
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1)
  {
    end = text.find(separator, begin);
    const auto part = text.substr(begin, end == std::string::npos ? end : end - begin);
    const auto first = part.find_first_not_of(" \t");
    const auto last = part.find_last_not_of(" \t");
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
  }
  return parts;
}

SignalKind kind_named(const std::string &name)
{
  static const std::map<std::string, SignalKind> kinds = {
      {"field", SignalKind::field},           {"occupancy", SignalKind::occupancy},
      {"neighbours", SignalKind::neighbours}, {"time_in_state", SignalKind::time_in_state},
      {"blood", SignalKind::blood},           {"pressure", SignalKind::pressure}};
  return kinds.at(name);
}

Response response_named(const std::string &name)
{
  static const std::map<std::string, Response> responses = {
      {"linear", Response::linear}, {"hill", Response::hill}, {"exponential", Response::exponential}};
  return responses.at(name);
}

Names all_receptors(const AgentParameters &agents)
{
  Names names;
  for (const auto &type : agents.types)
    for (const auto &receptor : type.receptors)
      if (std::find(names.begin(), names.end(), receptor.name) == names.end())
        names.push_back(receptor.name);
  return names;
}

void resolve_signal(SignalParameters &signal, const AgentParameters &agents, const OutsideNames &outside)
{
  const std::string path = "Signals/" + signal.name + "/";
  signal.kind_id = kind_named(signal.kind);
  signal.response_id = response_named(signal.response);
  const bool refers = signal.kind_id == SignalKind::field || signal.kind_id == SignalKind::occupancy ||
                      signal.kind_id == SignalKind::blood;
  if (!refers && !signal.of.empty())
    throw InputError(path + "Of", signal.of, "nothing for the kind " + signal.kind, "remove the entry");
  if (signal.kind_id == SignalKind::field)
    signal.of_index = found(path + "Of", signal.of, "field", outside.fields);
  else if (signal.kind_id == SignalKind::blood)
    signal.of_index = found(path + "Of", signal.of, "blood factor", outside.blood_factors);
  else if (signal.kind_id == SignalKind::occupancy)
    found(path + "Of", signal.of, "receptor", all_receptors(agents));

  signal.neighbour_states.clear();
  if (signal.kind_id == SignalKind::neighbours && signal.neighbours.empty())
    throw InputError(path + "Neighbours", "", one_of("agent type", names_of(agents.types)),
                     "say which agents are counted");
  if (signal.kind_id == SignalKind::neighbours)
    for (const auto &text : signal.neighbours)
      signal.neighbour_states.push_back(parse_type_and_state(agents, text, path + "Neighbours"));
}

void resolve_placement(AgentTypeParameters &type, const std::string &path, const OutsideNames &outside)
{
  bool placed = type.initial_lining_density > 0.0;
  for (const auto &[region, density] : type.initial_density)
  {
    found(path + "Initial density", region, "region", outside.regions);
    placed = placed || density > 0.0;
  }
  if (placed && type.initial_state.empty())
    throw InputError(path + "Initial state", "", one_of("state", names_of(type.states)),
                     "say in which state the agents start that the densities ask for");
  if (!type.initial_state.empty())
    type.initial_state_index = found(path + "Initial state", type.initial_state, "state", names_of(type.states));
  if (type.initial_lining_density > 0.0 && type.lining_distance <= 0.0)
    throw input_error(path + "Lining distance", type.lining_distance, "a positive length, in um",
                      "give the thickness of the lining, or set Lining density to 0");
}

void resolve_motion(AgentTypeParameters &type, const std::string &path, const AgentParameters &agents,
                    const OutsideNames &outside)
{
  type.haptotaxis_fields = found_all(path + "Haptotaxis", type.haptotaxis, "field", outside.fields);
  for (const auto &other : type.adhesion_with)
    found(path + "Adhesion with", other.first, "agent type", names_of(agents.types));

  type.walk_id = type.walk == "biased direction" ? Walk::biased_direction : Walk::ornstein_uhlenbeck;
  if (type.direction_bias > 0.0 && type.walk_id != Walk::biased_direction)
    throw input_error(path + "Direction bias", type.direction_bias, "0 for the walk '" + type.walk + "'",
                      "set 'Walk = biased direction', or remove the entry");

  bool biased = !type.haptotaxis.empty();
  for (const auto &receptor : type.receptors)
    biased = biased || receptor.sensitivity != 0.0;
  if (biased && type.speed <= 0.0)
    throw input_error(path + "Speed", type.speed, "a positive speed, in um/min",
                      "an agent without speed does not follow gradients: give a speed, or remove Haptotaxis and "
                      "Sensitivity");
}

void resolve_receptor(ReceptorParameters &receptor, const std::string &path, const OutsideNames &outside)
{
  receptor.ligand_fields = found_all(path + "Ligands", receptor.ligands, "field", outside.fields);
  if (receptor.ligand_fields.empty())
    throw InputError(path + "Ligands", "", one_of("field", outside.fields), "say what the receptor binds");
  receptor.consumed_field = -1;
  if (receptor.consumed_ligand.empty())
    return;
  Names ligands;
  for (const auto &ligand : receptor.ligands)
    ligands.push_back(ligand.first);
  found(path + "Consumed ligand", receptor.consumed_ligand, "ligand", ligands);
  receptor.consumed_field = found(path + "Consumed ligand", receptor.consumed_ligand, "field", outside.fields);
  receptor.consumed_weight = receptor.ligands.at(receptor.consumed_ligand);
}

void resolve_state(StateParameters &state, const std::string &path, const OutsideNames &outside)
{
  if (state.name == "death" || state.name == "departure" || state.name == "division")
    throw InputError(path, state.name, "names other than death, departure and division", "rename the state");
  state.secreted_fields = found_all(path + "Secretion", state.secretion, "field", outside.fields);
  state.saturating_fields =
      found_all(path + "Saturating secretion", state.saturating_secretion, "field", outside.fields);
}

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

/// Refuses signals of receptors that the type lacks.
void check_signals(const TransitionParameters &transition, const std::string &path, const AgentParameters &agents,
                   const AgentTypeParameters &type)
{
  const auto check = [&](const std::string &entry, const int signal) {
    const auto &parameters = agents.signals[signal];
    if (parameters.kind_id == SignalKind::occupancy && type.receptor_of_signal[signal] < 0)
      throw InputError(path + entry, parameters.name,
                       "signals that do not read the receptor '" + parameters.of + "', which the type " + type.name +
                           " lacks",
                       "add Agents/" + type.name + "/Receptors/" + parameters.of + ", or use another signal");
  };
  for (const auto &signal : transition.weighted_signals)
    check("Weights", signal.first);
  for (const int signal : transition.factor_signals)
    check("Factors", signal);
  for (const auto &signal : transition.lower_gates)
    check("At least", signal.first);
  for (const auto &signal : transition.upper_gates)
    check("At most", signal.first);
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
  check_signals(transition, path, agents, type);
  check_gates(transition, path);
  resolve_daughters(transition, path, agents);
}

void resolve_type(AgentTypeParameters &type, const AgentParameters &agents, const OutsideNames &outside)
{
  const std::string path = "Agents/" + type.name + "/";
  if (type.states.empty())
    throw InputError(path + "States", "", "at least one state", "add a subsection for each state of the type");
  resolve_placement(type, path, outside);
  resolve_motion(type, path, agents, outside);
  for (auto &receptor : type.receptors)
    resolve_receptor(receptor, path + "Receptors/" + receptor.name + "/", outside);
  for (auto &state : type.states)
    resolve_state(state, path + "States/" + state.name + "/", outside);

  type.receptor_of_signal.clear();
  const auto receptors = names_of(type.receptors);
  for (const auto &signal : agents.signals)
  {
    const auto position = std::find(receptors.begin(), receptors.end(), signal.of);
    const bool reads_receptor = signal.kind_id == SignalKind::occupancy && position != receptors.end();
    type.receptor_of_signal.push_back(reads_receptor ? static_cast<int>(position - receptors.begin()) : -1);
  }

  type.transitions_from.assign(type.states.size(), {});
  for (std::size_t t = 0; t < type.transitions.size(); ++t)
  {
    auto &transition = type.transitions[t];
    resolve_transition(transition, path + "Transitions/" + transition.name + "/", agents, type);
    type.transitions_from[transition.from_state].push_back(static_cast<int>(t));
  }
}
} // namespace

void AgentParameters::resolve(const OutsideNames &outside)
{
  for (auto &signal : signals)
    resolve_signal(signal, *this, outside);
  for (auto &type : types)
    resolve_type(type, *this, outside);
}

std::pair<int, int> parse_type_and_state(const AgentParameters &agents, const std::string &text,
                                         const std::string &entry)
{
  const auto parts = split(text, '.');
  if (parts.size() > 2)
    throw InputError(entry, text, "'type' or 'type.state'",
                     "write the name of an agent type, and of one of its states");
  const int type = found(entry, parts[0], "agent type", names_of(agents.types));
  if (parts.size() == 1)
    return {type, -1};
  return {type, found(entry, parts[1], "state", names_of(agents.types[type].states))};
}
} // namespace nidus
