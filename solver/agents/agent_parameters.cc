#include "agents/agent_parameters.h"

#include "agents/receptor_kinetics.h"

#include <algorithm>

namespace nidus
{
namespace
{
template <typename List>
int index_in(const List &list, const std::string &name)
{
  const auto found = std::find_if(list.begin(), list.end(), [&name](const auto &item) { return item.name == name; });
  return found == list.end() ? -1 : static_cast<int>(found - list.begin());
}
} // namespace

int AgentParameters::type_index(const std::string &name) const
{
  return index_in(types, name);
}

int AgentParameters::signal_index(const std::string &name) const
{
  return index_in(signals, name);
}

unsigned int AgentParameters::receptor_doubles() const
{
  int most = 0;
  for (const auto &type : types)
    for (const auto &receptor : type.receptors)
      most = std::max(most, receptor.slot + 1);
  return ReceptorNumbers::size * static_cast<unsigned int>(most);
}

double AgentParameters::mechanical_reach() const
{
  // Two agents attract each other up to adhesion_range times the sum of their radii; at least one must be movable.
  double pushing = 0.0, displaced = 0.0;
  for (const auto &type : types)
  {
    if (type.repulsion > 0.0)
      pushing = std::max(pushing, type.radius);
    if (type.is_displaced())
      displaced = std::max(displaced, type.radius);
  }
  return displaced > 0.0 ? adhesion_range * (pushing + displaced) : 0.0;
}

double AgentParameters::signal_reach() const
{
  double reach = 0.0, pushing = 0.0;
  for (const auto &type : types)
    if (type.repulsion > 0.0)
      pushing = std::max(pushing, type.radius);
  for (const auto &signal : signals)
    if (signal.kind_id == SignalKind::neighbours)
      reach = std::max(reach, signal.radius);
    else if (signal.kind_id == SignalKind::pressure)
      reach = std::max(reach, 2.0 * pushing);
  return reach;
}

double AgentParameters::interaction_radius() const
{
  return std::max(mechanical_reach(), signal_reach());
}
} // namespace nidus
