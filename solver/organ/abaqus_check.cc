#include "organ/abaqus_check.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace nidus
{
namespace
{
/// Whether @p line is 'first, last' or 'first, last, step' of not more numbers than a file of so many bytes has
/// elements.
bool is_range(std::string line, const double bytes)
{
  std::replace(line.begin(), line.end(), ',', ' ');
  std::istringstream numbers(line);
  long long first = 0, last = 0, step = 1;
  if (!(numbers >> first >> last) || (!(numbers >> step) && !numbers.eof()))
    return false;
  return step > 0 && (static_cast<double>(last) - static_cast<double>(first)) / static_cast<double>(step) <= bytes;
}
} // namespace

std::string abaqus_fault(const std::string &file, const double bytes)
{
  std::ifstream stream(file, std::ios::binary);
  std::string line;
  bool in_set = false, generated = false;
  for (unsigned int number = 1; std::getline(stream, line); ++number)
  {
    std::string upper(line.size(), ' ');
    std::transform(line.begin(), line.end(), upper.begin(), [](const unsigned char c) { return std::toupper(c); });
    if (!upper.empty() && upper.front() == '*')
    {
      in_set = upper.rfind("*ELSET", 0) == 0;
      generated = upper.find("GENERATE") != std::string::npos;
      continue;
    }
    if (in_set &&
        (upper.find_first_not_of("0123456789,+- \t\r") != std::string::npos || (generated && !is_range(upper, bytes))))
      return "line " + std::to_string(number) + " is '" + line.substr(0, 60) + "' in *ELSET, not " +
             (generated ? "'first, last, step' with a step above 0 and no more numbers than the file has bytes"
                        : "numbers of elements");
  }
  return "";
}
} // namespace nidus
