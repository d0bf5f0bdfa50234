// Names become indices, and every reference is checked, before anything runs.

#include "agents/agent_parameters.h"
#include "agents/initial_positions.h"
#include "agents/name_lookup.h"
#include "agents/transition_resolve.h"
#include "control/input_error.h"
#include "control/names_of.h"

#include <algorithm>

namespace nidus
{
namespace
{
using namespace lookup;

SignalKind kind_named(const std::string &name)
{
  static const std::map<std::string, SignalKind> kinds = {{"field", SignalKind::field},
                                                          {"occupancy", SignalKind::occupancy},
                                                          {"neighbours", SignalKind::neighbours},
                                                          {"time_in_state", SignalKind::time_in_state},
                                                          {"blood", SignalKind::blood},
                                                          {"pressure", SignalKind::pressure},
                                                          {"bound_ligand", SignalKind::bound_ligand},
                                                          {"drug", SignalKind::drug},
                                                          {"combination", SignalKind::combination}};
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

void resolve_parts(SignalParameters &signal, const AgentParameters &agents, const std::string &path)
{
  const bool combines = signal.kind_id == SignalKind::combination;
  if (combines == signal.parts.empty())
    throw InputError(path + "Parts", combines ? "" : signal.parts.begin()->first,
                     combines ? "'signal: weight, ...'" : "nothing for the kind " + signal.kind,
                     combines ? "say which signals are summed" : "remove the entry");
  signal.part_signals = found_all(path + "Parts", signal.parts, "signal", names_of(agents.signals));
  for (const auto &part : signal.part_signals)
    if (agents.signals[part.first].kind == "combination")
      throw InputError(path + "Parts", agents.signals[part.first].name, "signals that are not combinations",
                       "name the parts of that one instead");
}

void resolve_signal(SignalParameters &signal, const AgentParameters &agents, const OutsideNames &outside)
{
  const std::string path = "Signals/" + signal.name + "/";
  signal.kind_id = kind_named(signal.kind);
  signal.response_id = response_named(signal.response);
  const bool refers = signal.kind_id == SignalKind::field || reads_receptor(signal.kind_id) ||
                      signal.kind_id == SignalKind::blood || signal.kind_id == SignalKind::drug;
  if (!refers && !signal.of.empty())
    throw InputError(path + "Of", signal.of, "nothing for the kind " + signal.kind, "remove the entry");
  if (signal.kind_id == SignalKind::field)
    signal.of_index = found(path + "Of", signal.of, "field", outside.fields);
  else if (signal.kind_id == SignalKind::blood)
    signal.of_index = found(path + "Of", signal.of, "blood factor", outside.blood_factors);
  else if (signal.kind_id == SignalKind::drug)
    signal.of_index = found(path + "Of", signal.of, "intervention", outside.interventions);
  else if (reads_receptor(signal.kind_id))
    found(path + "Of", signal.of, "receptor", all_receptors(agents));

  signal.neighbour_states.clear();
  if (signal.kind_id == SignalKind::neighbours && signal.neighbours.empty())
    throw InputError(path + "Neighbours", "", one_of("agent type", names_of(agents.types)),
                     "say which agents are counted");
  if (signal.kind_id == SignalKind::neighbours)
    for (const auto &text : signal.neighbours)
      signal.neighbour_states.push_back(parse_type_and_state(agents, text, path + "Neighbours"));
  resolve_parts(signal, agents, path);
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
  type.placed = placed_agents(type, outside.dimension);
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

/// Full kinetics must have a steady state, in which agents start.
void check_full_kinetics(const ReceptorParameters &receptor, const std::string &path)
{
  if (receptor.ligand_fields.size() != 1)
    throw InputError(path + "Ligands", std::to_string(receptor.ligand_fields.size()) + " ligands",
                     "one ligand for 'Kinetics = full'", "remove the others, or set 'Kinetics = quasi-steady'");
  if (receptor.off_rate + receptor.internalisation_rate <= 0.0)
    throw input_error(path + "Off rate", receptor.off_rate, "a positive rate, in 1/min, if nothing is internalised",
                      "ligand that is bound must leave the receptor: raise the rate");
  const bool made = receptor.synthesis_rate > 0.0, degraded = receptor.degradation_rate > 0.0;
  if (made != degraded)
    throw input_error(path + "Degradation rate", receptor.degradation_rate,
                      made ? "a positive rate, in 1/min" : "0 without synthesis",
                      "receptors that are made must be degraded, and the reverse: give both rates or none");
  if (made && receptor.constitutive_rate <= 0.0)
    throw input_error(path + "Constitutive internalisation rate", receptor.constitutive_rate,
                      "a positive rate, in 1/min, for receptors that are made",
                      "without ligand they would become more and more: give the rate, or no synthesis");
  if (!made && receptor.recycling_rate <= 0.0 && receptor.internalisation_rate + receptor.constitutive_rate > 0.0)
    throw input_error(path + "Recycling rate", receptor.recycling_rate, "a positive rate, in 1/min",
                      "all receptors would end inside: give the rate, or synthesis and degradation");
}

void resolve_receptor(ReceptorParameters &receptor, const std::string &path, const OutsideNames &outside)
{
  receptor.ligand_fields = found_all(path + "Ligands", receptor.ligands, "field", outside.fields);
  if (receptor.ligand_fields.empty())
    throw InputError(path + "Ligands", "", one_of("field", outside.fields), "say what the receptor binds");
  if (receptor.is_full())
    check_full_kinetics(receptor, path);
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

void resolve_chemokinesis(AgentTypeParameters &type, const std::string &path, const AgentParameters &agents)
{
  const std::string entry = path + "Chemokinesis";
  type.chemokinesis_signals = found_all(entry, type.chemokinesis, "signal", names_of(agents.signals));
  double least = 1.0;
  for (const auto &[signal, weight] : type.chemokinesis_signals)
  {
    const auto &parameters = agents.signals[signal];
    check_signal(signal, entry, agents, type);
    bool looks_around = needs_neighbours(parameters.kind_id);
    for (const auto &part : parameters.part_signals)
      looks_around = looks_around || needs_neighbours(agents.signals[part.first].kind_id);
    if (looks_around)
      throw InputError(
          entry, parameters.name,
          "signals of the kinds field, occupancy, bound_ligand, blood, time_in_state and drug, and combinations "
          "of them",
          "motion does not look for neighbours: use another signal");
    least += std::min(weight, 0.0);
  }
  if (least < -1e-9)
    throw input_error(entry, least - 1.0, "negative weights that sum to at least -1",
                      "a speed is not negative: raise the weights");
  if (!type.chemokinesis.empty() && type.speed <= 0.0)
    throw input_error(path + "Speed", type.speed, "a positive speed, in um/min",
                      "an agent without speed has none to change: give a speed, or remove Chemokinesis");
}

void resolve_type(AgentTypeParameters &type, const AgentParameters &agents, const OutsideNames &outside)
{
  const std::string path = "Agents/" + type.name + "/";
  if (type.states.empty())
    throw InputError(path + "States", "", "at least one state", "add a subsection for each state of the type");
  resolve_placement(type, path, outside);
  resolve_motion(type, path, agents, outside);
  int n_full = 0;
  for (auto &receptor : type.receptors)
    receptor.slot = receptor.kinetics == "full" ? n_full++ : -1;
  for (auto &receptor : type.receptors)
    resolve_receptor(receptor, path + "Receptors/" + receptor.name + "/", outside);
  for (auto &state : type.states)
    resolve_state(state, path + "States/" + state.name + "/", outside);

  type.receptor_of_signal.clear();
  const auto receptors = names_of(type.receptors);
  for (const auto &signal : agents.signals)
  {
    const auto position = std::find(receptors.begin(), receptors.end(), signal.of);
    const bool has_it = reads_receptor(signal.kind_id) && position != receptors.end();
    type.receptor_of_signal.push_back(has_it ? static_cast<int>(position - receptors.begin()) : -1);
  }

  resolve_chemokinesis(type, path, agents);

  type.transitions_from.assign(type.states.size(), {});
  for (std::size_t t = 0; t < type.transitions.size(); ++t)
  {
    auto &transition = type.transitions[t];
    resolve_transition(transition, path + "Transitions/" + transition.name + "/", agents, type);
    for (const int other : type.transitions_from[transition.from_state])
      if (transition.stages > 1 && type.transitions[other].stages > 1)
        throw input_error(path + "Transitions/" + transition.name + "/Stages", transition.stages,
                          "1, because " + type.transitions[other].name + " from the same state has stages already",
                          "an agent counts the stages of one transition: set one of the two to 1");
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
