#include "agents/initial_positions.h"

#include "agents/name_lookup.h"
#include "control/input_error.h"
#include "control/names_of.h"

#include <cmath>
#include <cstdlib>
#include <sstream>

namespace nidus
{
namespace
{
/// A finite number that is all of @p text.
bool read_number(const std::string &text, double &value)
{
  char *end = nullptr;
  value = std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0' && std::isfinite(value);
}

/// The place of what was found wrong, and what is right.
struct Entry
{
  std::string name, allowed;
};

PlacedAgent placed(const lookup::Names &numbers, const std::string &text, const unsigned int dimension,
                   const Entry &entry)
{
  PlacedAgent agent;
  agent.origin = entry.name;
  agent.text = text;
  bool good = numbers.size() == dimension;
  for (unsigned int d = 0; d < dimension && good; ++d)
    good = read_number(numbers[d], agent.position[d]);
  if (!good)
    throw InputError(entry.name, text, entry.allowed,
                     "give " + std::to_string(dimension) + " numbers for each agent, in um");
  return agent;
}

void read_list(const AgentTypeParameters &type, const std::string &path, const unsigned int dimension,
               std::vector<PlacedAgent> &agents)
{
  if (type.initial_positions.empty())
    return;
  const Entry entry{path + "Initial positions", dimension == 3 ? "'x y z; x y z; ...'" : "'x y; x y; ...'"};
  for (const auto &text : lookup::split(type.initial_positions, ';'))
  {
    std::istringstream words(text);
    lookup::Names numbers;
    for (std::string word; words >> word;)
      numbers.push_back(word);
    agents.push_back(placed(numbers, text, dimension, entry));
    agents.back().state = type.initial_state_index;
  }
}

void read_table(const AgentTypeParameters &type, const std::string &path, const unsigned int dimension,
                std::vector<PlacedAgent> &agents)
{
  std::istringstream lines(type.positions_text);
  unsigned int number = 0;
  bool first = true;
  for (std::string line; std::getline(lines, line);)
  {
    ++number;
    auto columns = lookup::split(line, ',');
    if (!columns.back().empty() && columns.back().back() == '\r')
      columns.back() = lookup::split(columns.back().substr(0, columns.back().size() - 1), ',').front();
    if ((columns.size() == 1 && columns[0].empty()) || (!columns[0].empty() && columns[0][0] == '#'))
      continue;
    const bool names = first && columns[0] == "x";
    first = false;
    if (names)
      continue;
    const Entry entry{path + "Initial positions file, line " + std::to_string(number),
                      dimension == 3 ? "'x,y,z' or 'x,y,z,state'" : "'x,y' or 'x,y,state'"};
    std::string state;
    if (columns.size() == dimension + 1)
    {
      state = columns.back();
      columns.pop_back();
    }
    agents.push_back(placed(columns, line, dimension, entry));
    agents.back().state =
        state.empty() ? type.initial_state_index : lookup::found(entry.name, state, "state", names_of(type.states));
  }
}
} // namespace

std::vector<PlacedAgent> placed_agents(const AgentTypeParameters &type, const unsigned int dimension)
{
  const std::string path = "Agents/" + type.name + "/";
  std::vector<PlacedAgent> agents;
  read_list(type, path, dimension, agents);
  read_table(type, path, dimension, agents);
  for (const auto &agent : agents)
    if (agent.state < 0)
      throw InputError(path + "Initial state", "", lookup::one_of("state", names_of(type.states)),
                       "say in which state the agent at '" + agent.text + "' starts");
  return agents;
}
} // namespace nidus
