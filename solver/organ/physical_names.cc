#include "organ/physical_names.h"

#include <fstream>
#include <sstream>

namespace nidus
{
std::map<std::pair<int, int>, std::string> physical_names(const std::string &file)
{
  std::map<std::pair<int, int>, std::string> names;
  const std::string ending = ".msh";
  if (file.size() < ending.size() || file.compare(file.size() - ending.size(), ending.size(), ending) != 0)
    return names;
  std::ifstream stream(file);
  bool inside = false;
  for (std::string line; std::getline(stream, line);)
  {
    if (!line.empty() && line.front() == '$')
    {
      if (inside || line.rfind("$Nodes", 0) == 0)
        break;
      inside = line.rfind("$PhysicalNames", 0) == 0;
      continue;
    }
    const auto open = line.find('"'), close = line.rfind('"');
    std::istringstream numbers(line);
    std::pair<int, int> group;
    // The first line of the section is the number of groups.
    if (inside && open != std::string::npos && close > open + 1 && numbers >> group.first >> group.second)
      names[group] = line.substr(open + 1, close - open - 1);
  }
  return names;
}
} // namespace nidus
