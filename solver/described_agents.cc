#include "described_agents.h"

#include "control/input_error.h"
#include "control/names_of.h"
#include "io/aligned_table.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
std::string beginning(const AgentTypeParameters &type)
{
  std::string text;
  const auto add = [&](const std::string &part) { text += (text.empty() ? "" : "; ") + part; };
  for (const auto &[region, density] : type.initial_density)
    add(rounded(density) + "/um^3 in " + region);
  if (type.initial_lining_density > 0.0)
    add(rounded(type.initial_lining_density) + "/um^3 within " + rounded(type.lining_distance) + " um of the walls");
  if (!type.placed.empty())
    add(std::to_string(type.placed.size()) + " at given places");
  return text.empty() ? "none" : text + " (" + type.initial_state + ")";
}

std::vector<std::string> table_of_types(const AgentParameters &agents)
{
  AlignedTable table({"type", "group", "radius", "speed", "persistence", "senses", "states", "at the start"});
  for (const auto &type : agents.types)
  {
    const auto receptors = names_of(type.receptors);
    table.add({type.name, type.group, rounded(type.radius) + " um",
               type.speed > 0.0 ? rounded(type.speed) + " um/min" : "resident",
               type.speed > 0.0 ? time_in_words(type.persistence_time) : "", receptors.empty() ? "" : listed(receptors),
               listed(names_of(type.states)), beginning(type)});
  }
  return table.lines();
}

/// The signals on which a hazard depends, with what they do.
std::string influences(const TransitionParameters &transition)
{
  std::string text;
  const auto add = [&](const std::string &part) { text += (text.empty() ? "" : ", ") + part; };
  for (const auto &[signal, weight] : transition.weights)
    if (weight != 0.0)
      add(signal + " x " + rounded(std::exp(weight)));
  for (const auto &signal : transition.factors)
    add("only with " + signal);
  for (const auto &[signal, value] : transition.at_least)
    add(signal + " >= " + rounded(value));
  for (const auto &[signal, value] : transition.at_most)
    add(signal + " <= " + rounded(value));
  return text;
}

std::vector<std::string> table_of_transitions(const AgentParameters &agents)
{
  AlignedTable table({"type", "transition", "from", "to", "mean wait, no signal", "all signals full", "stages",
                      "the hazard depends on"});
  for (const auto &type : agents.types)
    for (const auto &transition : type.transitions)
      table.add({type.name, transition.name, transition.from, transition.to,
                 time_in_words(mean_waiting_time(transition, 0.0)), time_in_words(mean_waiting_time(transition, 1.0)),
                 transition.stages > 1 ? std::to_string(transition.stages) : "", influences(transition)});
  return table.empty() ? std::vector<std::string>{} : table.lines();
}
} // namespace

double mean_waiting_time(const TransitionParameters &transition, const double signal)
{
  double hazard = transition.base_rate;
  for (const auto &entry : transition.weights)
    hazard *= std::exp(entry.second * signal);
  for (std::size_t i = 0; i < transition.factors.size(); ++i)
    hazard *= signal;
  const auto opens = [&](const auto &gates, const bool lower) {
    return std::all_of(gates.begin(), gates.end(),
                       [&](const auto &gate) { return lower ? signal >= gate.second : signal <= gate.second; });
  };
  if (!opens(transition.at_least, true) || !opens(transition.at_most, false))
    hazard = 0.0;
  return hazard > 0.0 ? 1.0 / hazard : HUGE_VAL;
}

std::vector<std::string> describe_agents(const AgentParameters &agents)
{
  if (agents.types.empty())
    return {"  none"};
  auto lines = table_of_types(agents);
  const auto transitions = table_of_transitions(agents);
  lines.insert(lines.end(), transitions.begin(), transitions.end());
  return lines;
}
} // namespace nidus
