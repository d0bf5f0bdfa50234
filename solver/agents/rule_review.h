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

/// The hazard of a transition with its positive weights at signals of one and all factors at one, times its stages,
/// 1/min.
double greatest_hazard(const TransitionParameters &transition);
} // namespace nidus
