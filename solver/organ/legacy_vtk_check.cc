#include "organ/legacy_vtk_check.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

namespace nidus
{
namespace
{
std::vector<std::string> words_of(const std::string &line)
{
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; words.size() < 5 && stream >> word;)
    words.push_back(word);
  return words;
}

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
} // namespace

std::string legacy_vtk_fault(const std::string &file, const double bytes)
{
  std::ifstream stream(file, std::ios::binary);
  std::string line;
  for (unsigned int number = 1; std::getline(stream, line); ++number)
  {
    const auto words = line.size() < 1000 ? words_of(line) : std::vector<std::string>();
    // The second line is a title.
    if (number > 2 && !words.empty() && !can_be(words, bytes))
      return "line " + std::to_string(number) + " '" + line.substr(0, 60) + "' cannot be: the file has " +
             std::to_string(static_cast<long long>(bytes)) + " bytes";
  }
  return "";
}
} // namespace nidus
