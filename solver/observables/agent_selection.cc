#include "observables/agent_selection.h"

#include <algorithm>

namespace nidus
{
AgentSelection::AgentSelection(const AgentParameters &agents, const std::vector<std::string> &names,
                               const std::string &entry)
{
  for (const auto &type : agents.types)
    selected.emplace_back(type.states.size(), 0);
  for (const auto &name : names)
  {
    const auto [type, state] = parse_type_and_state(agents, name, entry);
    if (state < 0)
      std::fill(selected[type].begin(), selected[type].end(), 1);
    else
      selected[type][state] = 1;
  }
}

void AgentSelection::restrict_to(const AgentSelection &other)
{
  for (std::size_t t = 0; t < selected.size(); ++t)
    if (other.has_type(static_cast<int>(t)))
      for (std::size_t s = 0; s < selected[t].size(); ++s)
        selected[t][s] = selected[t][s] && other.selected[t][s];
}

bool AgentSelection::has_type(const int type) const
{
  return !selected.empty() && std::find(selected[type].begin(), selected[type].end(), char(1)) != selected[type].end();
}

std::vector<char> AgentSelection::types() const
{
  std::vector<char> result;
  for (std::size_t t = 0; t < selected.size(); ++t)
    result.push_back(has_type(static_cast<int>(t)));
  return result;
}

std::vector<std::pair<int, int>> AgentSelection::list() const
{
  std::vector<std::pair<int, int>> result;
  for (std::size_t t = 0; t < selected.size(); ++t)
    for (std::size_t s = 0; s < selected[t].size(); ++s)
      if (selected[t][s])
        result.emplace_back(static_cast<int>(t), static_cast<int>(s));
  return result;
}
} // namespace nidus
