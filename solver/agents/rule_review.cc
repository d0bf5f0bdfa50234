#include "agents/rule_review.h"

#include "agents/transitions.h"

#include "control/input_error.h"

#include <cmath>
#include <set>
#include <sstream>

namespace nidus
{
namespace
{
/// Above this, hazard times step, events come late by a sizeable part of their waiting time, and two that should follow
/// each other within a step cannot.
constexpr double resolved = 0.1;

using States = std::set<std::pair<int, int>>;

/// States that transitions lead to.
States destinations(const AgentParameters &agents)
{
  States states;
  for (const auto &type : agents.types)
    for (const auto &transition : type.transitions)
    {
      if (transition.base_rate <= 0.0)
        continue;
      if (transition.outcome == Outcome::state)
        states.emplace(transition.to_type, transition.to_state);
      for (const auto &fate : transition.fates)
        if (fate.probability > 0.0)
          states.insert({fate.first, fate.second});
    }
  return states;
}

/// States in which agents are at the start.
States beginnings(const AgentParameters &agents)
{
  States states;
  for (std::size_t t = 0; t < agents.types.size(); ++t)
  {
    const auto &type = agents.types[t];
    bool seeded = type.initial_lining_density > 0.0;
    for (const auto &density : type.initial_density)
      seeded = seeded || density.second > 0.0;
    if (seeded)
      states.emplace(t, type.initial_state_index);
    for (const auto &agent : type.placed)
      states.emplace(t, agent.state);
  }
  return states;
}

std::string too_fast(const std::string &where, const TransitionParameters &transition, const double macro_step)
{
  const double hazard = greatest_hazard(transition);
  // Two digits, rounded down, so that the cure is one.
  const double longest = resolved / hazard, digit = std::pow(10.0, std::floor(std::log10(longest)) - 1.0);
  std::ostringstream text;
  text.precision(4);
  text << where << ": with its signals at their greatest the hazard" << (transition.stages > 1 ? " of a stage" : "")
       << " is " << hazard << "/min, " << hazard * macro_step << " in a macro step of " << macro_step
       << " min, so that events come late; set Run/Macro step to at most " << std::floor(longest / digit) * digit
       << " min, or lower Base rate or Weights";
  return text.str();
}
} // namespace

RuleReview review_rules(const AgentParameters &agents, const double macro_step,
                        const std::vector<std::pair<int, int>> &arriving)
{
  RuleReview review;
  const States followed = destinations(agents);
  States entered = beginnings(agents);
  entered.insert(followed.begin(), followed.end());
  entered.insert(arriving.begin(), arriving.end());
  for (std::size_t t = 0; t < agents.types.size(); ++t)
  {
    const auto &type = agents.types[t];
    const std::string path = "Agents/" + type.name + "/";
    for (const auto &transition : type.transitions)
      if (greatest_hazard(transition) * macro_step > resolved)
        review.warnings.push_back(too_fast(path + "Transitions/" + transition.name, transition, macro_step));
    std::vector<std::string> final_states;
    for (std::size_t s = 0; s < type.states.size(); ++s)
    {
      if (entered.count({t, s}) == 0)
        review.warnings.push_back(path + "States/" + type.states[s].name +
                                  ": nothing enters this state: no agent starts, arrives or is born in it, and no "
                                  "transition leads to it; add what is missing, or remove the state");
      if (followed.count({t, s}) > 0 && type.transitions_from[s].empty())
        final_states.push_back(type.states[s].name);
    }
    if (!final_states.empty())
      review.notes.push_back("agents " + type.name + " stay for good in: " + listed(final_states) +
                             " (no transition leaves)");
  }
  return review;
}
} // namespace nidus
