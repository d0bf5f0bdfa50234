#include "organ/gmsh_check.h"

#include <fstream>
#include <map>
#include <sstream>

namespace nidus
{
namespace
{
const char *const too_few = "has not as many numbers as it claims";

bool skip(std::istream &stream, const long long n)
{
  double number = 0.0;
  for (long long i = 0; i < n; ++i)
    if (!(stream >> number))
      return false;
  return true;
}

/// Reads the points of a Gmsh file of version 4 behind their first line, @p head: deal.II makes room for the number
/// there, and then takes what the blocks hold.
std::string fault_of_points(std::istream &stream, const std::string &head, const bool is_4_0)
{
  long long n_blocks = 0, n_points = 0, found = 0;
  std::istringstream(head) >> n_blocks >> n_points;
  for (long long block = 1; block <= n_blocks; ++block)
  {
    long long n = -1, parametric = 0;
    const std::string which = "block " + std::to_string(block) + " of $Nodes ";
    if (!skip(stream, 2) || !(stream >> parametric >> n) || n < 0 || n > n_points - found)
      return which + "is not two numbers, whether it is parametric, and how many points of " +
             std::to_string(n_points) + " there are";
    found += n;
    // Tags come first, or each with its point.
    if (!skip(stream, is_4_0 ? 0 : n) || !skip(stream, n * (3 + (is_4_0 ? 1 : 0) + (parametric != 0 ? 2 : 0))))
      return which + too_few;
  }
  return found == n_points
             ? ""
             : "$Nodes claims " + std::to_string(n_points) + " points, its blocks hold " + std::to_string(found);
}

/// The same of points, curves, surfaces and volumes, that tell how many others each of them has.
std::string fault_of_entities(std::istream &stream, const std::string &head, const bool is_4_0)
{
  std::istringstream counts(head);
  for (int dimension = 0; dimension <= 3; ++dimension)
  {
    long long n = 0;
    if (!(counts >> n))
      return std::string("$Entities ") + too_few;
    for (long long entity = 0; entity < n; ++entity)
    {
      bool are_there = skip(stream, dimension == 0 && !is_4_0 ? 4 : 7);
      for (int list = 0; list < (dimension == 0 ? 1 : 2); ++list) // of physical groups, of what bounds it
      {
        long long length = 0;
        are_there = are_there && stream >> length && length >= 0 && skip(stream, length);
      }
      if (!are_there)
        return std::string("$Entities ") + too_few;
    }
  }
  return "";
}

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
          return which + too_few;
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
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos)
      continue;
    if (line[begin] == '$')
    {
      section = line.substr(begin + 1, line.find_last_not_of(" \t\r") - begin);
      if (section.find_first_of(" \t") != std::string::npos)
        return "line " + std::to_string(number) + " is '$" + section.substr(0, 60) + "', not a section alone";
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
    if (counts && version >= 4.0)
    {
      const auto fault_of = section == "Nodes"      ? fault_of_points
                            : section == "Entities" ? fault_of_entities
                                                    : fault_of_blocks;
      if (std::string fault = fault_of(stream, line, version < 4.1); !fault.empty())
        return fault;
    }
    section.clear();
  }
  return complete ? "" : "it ends without $EndElements";
}
} // namespace nidus
