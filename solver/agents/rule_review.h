#pragma once

#include "agents/agent_parameters.h"

#include <string>
#include <utility>
#include <vector>

namespace nidus
{
/// Lines for a reader.
struct RuleReview
{
  std::vector<std::string> warnings, notes;
};

/**
 * What can be said of rules before a run: transitions that a macro step (min) does not resolve, states that nothing
 * enters, states that nobody leaves. @p arriving: the (type, state) in which cells come from the blood.
 */
RuleReview review_rules(const AgentParameters &agents, double macro_step,
                        const std::vector<std::pair<int, int>> &arriving);

} // namespace nidus
