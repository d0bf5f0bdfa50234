#include "organ/gmsh_check.h"

#include <fstream>
#include <map>
#include <sstream>

namespace nidus
{
namespace
{
/// Reads the blocks of elements of a Gmsh file of version 4 behind their first line, @p head, and tells what is wrong
/// with them: deal.II goes on with any number.
std::string fault_of_blocks(std::istream &stream, const std::string &head, const bool is_4_0)
{
  long long n_blocks = 0;
  std::istringstream numbers(head);
  numbers >> n_blocks;
  for (long long more = is_4_0 ? 1 : 3, number = 0; more > 0; --more)
    numbers >> number;
  if (!numbers || !(numbers >> std::ws).eof())
    return "'" + head.substr(0, 60) + "' in $Elements is not its " + (is_4_0 ? "two" : "four") + " numbers";
  // Corners by Gmsh's number of a type, those that deal.II knows.
  static const std::map<int, unsigned int> corners = {{15, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 4}, {5, 8}};
  for (long long block = 1; block <= n_blocks; ++block)
  {
    long long dimension = -1, tag = 0, n = -1;
    int type = 0;
    is_4_0 ? stream >> tag >> dimension : stream >> dimension >> tag;
    stream >> type >> n;
    const std::string which = "block " + std::to_string(block) + " of $Elements ";
    if (!stream || dimension < 0 || dimension > 3 || n < 0 || corners.count(type) == 0)
      return which + "is not a dimension, a number, a type of elements that can be used, and how many there are";
    for (long long i = 0, number = 0; i < n; ++i)
      for (unsigned int k = 0; k <= corners.at(type); ++k)
        if (!(stream >> number))
          return which + "has not as many numbers as it claims";
  }
  return "";
}
} // namespace

std::string gmsh_fault(const std::string &file, const double bytes)
{
  std::ifstream stream(file);
  // Of the section whose first line comes next; of the one that has not ended, for whose end deal.II looks for ever.
  std::string line, section, open;
  double version = 0.0;
  bool complete = false;
  for (unsigned int number = 1; std::getline(stream, line); ++number)
  {
    if (!line.empty() && line.front() == '$')
    {
      section = line.substr(1, line.find_last_not_of(" \r"));
      const bool ends = section.rfind("End", 0) == 0;
      if (ends ? section != "End" + open : !open.empty())
        return "line " + std::to_string(number) + " is '$" + section.substr(0, 60) + "' " +
               (open.empty() ? "outside of a section" : "within $" + open);
      open = ends ? "" : section;
      complete |= section == "EndElements";
      continue;
    }
    if (section.empty())
      continue;
    std::istringstream numbers(line);
    double first = 0.0, second = 0.0;
    numbers >> first >> second;
    if (section == "MeshFormat")
      version = first;
    const bool counts = section == "Nodes" || section == "Elements" || section == "Entities";
    if (counts && (first > bytes || (version > 4.0 && second > bytes)))
      return "line " + std::to_string(number) + " claims '" + line.substr(0, 60) + "' in $" + section +
             ", the file has " + std::to_string(static_cast<long long>(bytes)) + " bytes";
    if (section == "Elements" && version >= 4.0)
      if (std::string fault = fault_of_blocks(stream, line, version < 4.05); !fault.empty())
        return fault;
    section.clear();
  }
  return complete ? "" : "it ends without $EndElements";
}
} // namespace nidus
