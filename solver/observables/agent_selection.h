#pragma once

#include "agents/agent_parameters.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/// Which agents are meant, by type and state.
class AgentSelection
{
public:
  AgentSelection() = default;
  /// @p names: "type" or "type.state". Throws InputError, which names @p entry, for what does not exist.
  AgentSelection(const AgentParameters &agents, const std::vector<std::string> &names, const std::string &entry);

  bool operator()(const std::int32_t type, const std::int32_t state) const
  {
    return !selected.empty() && selected[type][state] != 0;
  }

  /// Leaves only states of @p other, for types of which it has any.
  void restrict_to(const AgentSelection &other);

  bool has_type(int type) const;
  /// Per type, as AgentMigration::exchange_halo wants it.
  std::vector<char> types() const;
  /// (type, state) of all that are meant, in the order of the parameters.
  std::vector<std::pair<int, int>> list() const;

private:
  std::vector<std::vector<char>> selected; ///< [type][state]
};
} // namespace nidus
