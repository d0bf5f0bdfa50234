#include "organ/abaqus_check.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

namespace nidus
{
namespace
{
const char *const elements_that_are_there = "elements that come before it and are numbered 1, 2, 3 and so on";

/// The numbers of the elements in a set; of an empty one least > most.
struct Range
{
  long long least = std::numeric_limits<long long>::max(), most = std::numeric_limits<long long>::min();

  void add(const long long number)
  {
    least = std::min(least, number);
    most = std::max(most, number);
  }
};

/// The sections of a file as deal.II takes them, line by line, in capitals.
class Sections
{
public:
  Sections(const unsigned int dim, const double bytes) : n_corners(1u << dim), n_faces(2 * dim), bytes(bytes) {}

  /// What should be there instead of @p line; empty: nothing.
  std::string take(const std::string &line)
  {
    if (line.front() == '*')
      return begin(line);
    if (section == "*ELEMENT")
      return take_element(line);
    if (section == "*ELSET")
      return take_set(line);
    return section == "*SURFACE" ? take_face(line) : "";
  }

  /// Whether @p line, the last one taken, is one number of a set that is a list.
  bool is_alone(const std::string &line) const
  {
    return section == "*ELSET" && !is_generated && line.front() != '*' && line.find(',') == std::string::npos;
  }

private:
  std::string begin(const std::string &line)
  {
    section.clear();
    for (const std::string known : {"*ELEMENT", "*ELSET", "*SURFACE", "*SOLID SECTION"})
      if (line.rfind(known, 0) == 0)
        section = known;
    if (section == "*ELSET")
    {
      const std::string key = "*ELSET, ELSET=";
      const std::size_t name = line.find(key) == 0 ? key.size() : line.size();
      set = &sets[line.substr(name, line.find(',', name) - name)];
      *set = {};
      is_generated = line.find("GENERATE") != std::string::npos;
    }
    if (section == "*SOLID SECTION")
    {
      const std::size_t name = line.find("ELSET=");
      if (name == std::string::npos)
        return "the name of a set, 'ELSET='";
      return are_there(sets[line.substr(name + 6, line.find(',', name + 7) - name - 6)]) ? "" : elements_that_are_there;
    }
    return "";
  }

  std::string take_element(std::string line)
  {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream numbers(line);
    long long number = 0, corner = 0;
    unsigned int n = 0;
    for (numbers >> number; n < n_corners && numbers >> corner; ++n)
      ;
    if (n < n_corners)
      return "the number of an element and its " + std::to_string(n_corners) + " corners";
    are_counted &= number == ++n_elements;
    return "";
  }

  std::string take_set(std::string line)
  {
    if (line.find_first_not_of("0123456789,+- \t") != std::string::npos)
      return "numbers of elements";
    if (!is_generated)
      return add_numbers(line) ? "" : "numbers of elements with a comma between them";
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream numbers(line);
    long long number = 0, last = 0, step = 1;
    numbers >> number >> last;
    constexpr long long greatest = std::numeric_limits<int>::max() / 2;
    if (!numbers || (!(numbers >> step) && !numbers.eof()) || step <= 0 || step > greatest || number > last ||
        number < 1 || last > greatest || static_cast<double>(last - number) > bytes * static_cast<double>(step))
      return "'first, last, step' with a step above 0 and no more numbers than the file has bytes";
    set->add(number);
    set->add(last);
    return "";
  }

  bool add_numbers(const std::string &line)
  {
    std::istringstream numbers(line);
    int number = 0;
    char comma = ',';
    while (comma == ',' && numbers >> number)
    {
      set->add(number);
      comma = ' ';
      numbers >> comma;
    }
    return numbers.eof() && comma == ' ';
  }

  /// deal.II takes an element by its place in the file.
  bool are_there(const Range &range) const
  {
    return range.least > range.most || (are_counted && range.least >= 1 && range.most <= n_elements);
  }

  /// 'element, face' or 'set, face', as S1.
  std::string take_face(const std::string &line)
  {
    std::istringstream words(line);
    const auto named = sets.find(line.substr(0, line.find(',')));
    Range range;
    char comma = ',', letter = ' ';
    unsigned int face = 0;
    if (std::string name; named != sets.end())
    {
      words >> name;
      range = named->second;
    }
    else
    {
      int element = 0;
      words >> element >> comma;
      range.add(element);
    }
    words >> letter >> face;
    if (!words || comma != ',' || face < 1 || face > n_faces)
      return "an element or a set and its face, as '1, S" + std::to_string(n_faces) + "'";
    return are_there(range) ? "" : elements_that_are_there;
  }

  const unsigned int n_corners, n_faces;
  const double bytes;
  std::string section;
  long long n_elements = 0;
  bool are_counted = true; ///< each element so far has its place in the file for a number
  std::map<std::string, Range> sets;
  Range *set = nullptr; ///< the one of this section
  bool is_generated = false;
};
} // namespace

AbaqusFile abaqus_file(const std::string &file, const double bytes, const unsigned int dim)
{
  std::ifstream stream(file, std::ios::binary);
  Sections sections(dim, bytes);
  AbaqusFile result;
  std::string line;
  for (unsigned int number = 1; result.fault.empty() && std::getline(stream, line); ++number)
  {
    line.erase(line.find_last_not_of(", \t\r") + 1);
    if (line.empty())
      continue;
    std::string upper(line.size(), ' ');
    std::transform(line.begin(), line.end(), upper.begin(), [](const unsigned char c) { return std::toupper(c); });
    const std::string expected = sections.take(upper);
    if (!expected.empty())
      result.fault = "line " + std::to_string(number) + " is '" + line.substr(0, 60) + "', not " + expected;
    result.text += line;
    // deal.II would take the comma behind a number that is alone from memory that was never set.
    if (sections.is_alone(line))
      result.text.append(", ").append(line);
    result.text += '\n';
  }
  return result;
}
} // namespace nidus
