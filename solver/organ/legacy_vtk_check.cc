#include "organ/legacy_vtk_check.h"

#include "organ/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

namespace nidus
{
namespace
{
/// A claim has no more words; what is binary may have many.
constexpr std::size_t most_words = 5;

std::string in_letters(std::string word, int (*change)(int))
{
  std::transform(word.begin(), word.end(), word.begin(),
                 [&](const unsigned char c) { return static_cast<char>(change(c)); });
  return word;
}

bool is_type(const std::string &word)
{
  static const std::set<std::string> known = {
      "bit",           "char",  "unsigned_char", "short",     "unsigned_short", "int",           "unsigned_int", "long",
      "unsigned_long", "float", "double",        "vtkidtype", "vtktypeint64",   "vtktypeuint64", "string"};
  return known.count(in_letters(word, std::tolower)) > 0;
}

/// The number that a word is; -1: it is none.
double number_of(const std::string &word)
{
  std::istringstream stream(word);
  double number = -1.0;
  return stream >> number && stream.peek() == std::istringstream::traits_type::eof() ? number : -1.0;
}

/// Whether the line of @p words claims no more than @p bytes things.
bool can_be(const std::vector<std::string> &words, const double bytes)
{
  static const std::set<std::string> counted = {"POINTS", "VERTICES",   "LINES",      "POLYGONS", "TRIANGLE_STRIPS",
                                                "CELLS",  "CELL_TYPES", "POINT_DATA", "CELL_DATA"};
  const std::string first = in_letters(words[0], std::toupper);
  const auto is_claim = [&](const std::size_t i) {
    const double number = i < words.size() ? number_of(words[i]) : -1.0;
    return number >= 0.0 && number <= bytes;
  };
  if (counted.count(first) > 0)
    return is_claim(1) && (words.size() < 3 || number_of(words[2]) < 0.0 || is_claim(2));
  if (first == "OFFSETS" || first == "CONNECTIVITY")
    return words.size() == 2 && is_type(words[1]);
  if (first == "FIELD" || first == "LOOKUP_TABLE")
    return words.size() < 3 || is_claim(2);
  if (first == "SCALARS")
    return words.size() > 2 && is_type(words[2]) && (words.size() == 3 || is_claim(3));
  // An array of a FIELD: name, numbers in each tuple, tuples, type.
  if (words.size() == 4 && is_type(words[3]))
    return is_claim(1) && is_claim(2) && number_of(words[1]) * number_of(words[2]) <= bytes;
  return true;
}

/// The version of the first line, as VTK reads it; 0: it has none.
double version_of(const std::string &line)
{
  const std::string head = "# vtk DataFile Version ";
  return line.rfind(head, 0) == 0 ? std::max(0.0, number_of(line.substr(head.size(), line.find_last_not_of(" \r") + 1)))
                                  : 0.0;
}

/// The next @p n whole numbers, of four bytes with the greatest first unless they are text.
std::vector<std::int64_t> next_numbers(std::ifstream &stream, const std::size_t n, const bool is_text)
{
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = 0; is_text && numbers.size() < n && stream >> number;)
    numbers.push_back(number);
  for (std::array<unsigned char, 4> b;
       !is_text && numbers.size() < n && stream.read(reinterpret_cast<char *>(b.data()), 4);)
    numbers.push_back(
        static_cast<std::int32_t>(static_cast<std::uint32_t>(b[0]) << 24 | b[1] << 16 | b[2] << 8 | b[3]));
  return numbers;
}

/// Whether @p numbers are @p n cells: of each the number of its corners, then these. Before version 5 cells are so.
bool are_cells(const std::vector<std::int64_t> &numbers, const double n)
{
  std::size_t at = 0;
  double cells = 0.0;
  for (; at < numbers.size(); ++cells)
  {
    if (numbers[at] < 0 || static_cast<std::size_t>(numbers[at]) >= numbers.size() - at)
      return false;
    at += static_cast<std::size_t>(numbers[at]) + 1;
  }
  return cells == n;
}
} // namespace

std::string legacy_vtk_fault(const std::string &file, const double bytes)
{
  std::ifstream stream(file, std::ios::binary);
  static const std::set<std::string> of_cells = {"VERTICES", "LINES", "POLYGONS", "TRIANGLE_STRIPS", "CELLS"};
  std::string line;
  double version = 0.0;
  bool is_text = true;
  for (unsigned int number = 1; std::getline(stream, line); ++number)
  {
    const auto refused = [&](const std::string &why) {
      return "line " + std::to_string(number) + " '" + line.substr(0, 60) + "' cannot be: " + why;
    };
    const auto words = line.size() < 1000 ? words_of(line, most_words) : std::vector<std::string>();
    if (number == 1 && (version = version_of(line)) < 1.0)
      return refused("a file of VTK begins with its version");
    if (number == 3)
      is_text = words.empty() || in_letters(words[0], std::toupper) != "BINARY";
    // The second line is a title.
    if (number <= 2 || words.empty())
      continue;
    if (!can_be(words, bytes))
      return refused("the file has " + std::to_string(static_cast<long long>(bytes)) + " bytes");
    if (version >= 5.0 || of_cells.count(in_letters(words[0], std::toupper)) == 0)
      continue;
    const double n = number_of(words[1]), size = words.size() < 3 ? -1.0 : number_of(words[2]);
    const auto numbers = next_numbers(stream, static_cast<std::size_t>(std::max(0.0, size)), is_text);
    if (static_cast<double>(numbers.size()) != size || !are_cells(numbers, n))
      return refused("what follows are not so many cells, as version " + std::to_string(static_cast<int>(version)) +
                     " has them");
  }
  return "";
}
} // namespace nidus
