#include "organ/obj_check.h"

#include "control/input_error.h"
#include "organ/words.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace nidus
{
namespace
{
/// VTK takes lines in parts of 1023 characters.
constexpr std::size_t longest_line = 1000;

/// How many points, texture coordinates and normals there are.
using Counts = std::array<long long, 3>;

/// Takes a line into @p counts. Returns whether it can be one of an .obj file.
bool count(const std::string &line, Counts &counts)
{
  static const std::map<std::string, std::size_t> kinds = {{"v", 0}, {"vt", 1}, {"vn", 2}};
  if (line.size() > longest_line || line.find('\0') != std::string::npos)
    return false;
  const auto words = words_of(line, 1);
  const auto kind = words.empty() ? kinds.end() : kinds.find(words[0]);
  if (kind != kinds.end())
    ++counts[kind->second];
  return true;
}

/// Whether @p corner, 'point', 'point/texture', 'point//normal' or all three, names what is there. VTK takes points
/// alone from the end, with a negative number.
bool is_corner(const std::string &corner, const Counts &counts)
{
  std::istringstream parts(corner);
  std::string part;
  std::size_t kind = 0;
  for (; std::getline(parts, part, '/'); ++kind)
  {
    if (kind >= counts.size() || (part.empty() && kind != 1))
      return false;
    if (part.empty())
      continue;
    std::istringstream number(part);
    long long index = 0;
    if (!(number >> index) || number.peek() != std::istringstream::traits_type::eof() || index == 0 ||
        (index < 0 && kind > 0) || std::abs(index) > counts[kind])
      return false;
  }
  return kind > 0 && corner.back() != '/';
}

/// Whether the corners in @p line, if it is one of a face, a line or points, are there.
bool takes_corners(const std::string &line, const Counts &counts)
{
  const auto words = words_of(line);
  if (words.empty() || (words[0] != "f" && words[0] != "l" && words[0] != "p"))
    return true;
  return std::all_of(words.begin() + 1, words.end(), [&](const auto &word) { return is_corner(word, counts); });
}
} // namespace

void check_obj(const std::string &file, const std::string &entry)
{
  const auto each_line = [&](const auto &take) {
    std::ifstream stream(file, std::ios::binary);
    std::string line;
    for (unsigned int number = 1; std::getline(stream, line); ++number)
      if (!take(line))
        throw InputError(entry, file,
                         "a surface that can be read (line " + std::to_string(number) + " '" + line.substr(0, 60) +
                             "' has corners that are not there, or is no line of text)",
                         "the file is damaged or truncated: save it again, without texture");
  };
  Counts counts = {};
  each_line([&](const std::string &line) { return count(line, counts); });
  each_line([&](const std::string &line) { return takes_corners(line, counts); });
}
} // namespace nidus
