#include "organ/ply_check.h"

#include "control/input_error.h"
#include "organ/voxel_file.h"
#include "organ/words.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <vector>

namespace nidus
{
namespace
{
/// VTK keeps the corners of a face in an array of 256, takes lines of text in parts of 4095 characters, and loses its
/// place where a word like vertex_index stands among numbers.
constexpr double most_corners = 255;
constexpr std::size_t longest_line = 4000;

const char *const not_a_line = "is no line of a header";

struct Property
{
  std::string name;
  unsigned int count_bytes; ///< of the number of values; 0: there is one
  unsigned int bytes;       ///< of a value
  double below = 0.0;       ///< each value is less, where this is not 0: the corners of a face
};

struct Element
{
  std::string name;
  double number = 0.0;
  std::vector<Property> properties;

  const Property *find(const std::string &property) const
  {
    const auto found =
        std::find_if(properties.begin(), properties.end(), [&](const Property &p) { return p.name == property; });
    return found == properties.end() ? nullptr : &*found;
  }
};

struct Header
{
  std::string format;
  std::vector<Element> elements;
};

[[noreturn]] void refuse(const std::string &file, const std::string &entry, const std::string &reason)
{
  throw InputError(entry, file, "a surface that can be read (" + reason + ")",
                   "the file is damaged or truncated: save it again");
}

unsigned int bytes_of(const std::string &type)
{
  static const std::map<std::string, unsigned int> known = {
      {"char", 1},   {"int8", 1},    {"uchar", 1},  {"uint8", 1},  {"short", 2}, {"int16", 2},
      {"ushort", 2}, {"uint16", 2},  {"int", 4},    {"int32", 4},  {"uint", 4},  {"uint32", 4},
      {"float", 4},  {"float32", 4}, {"double", 8}, {"float64", 8}};
  const auto found = known.find(type);
  return found == known.end() ? 0 : found->second;
}

bool is_whole_number(const std::string &word)
{
  return !word.empty() && word.size() < 16 &&
         std::all_of(word.begin(), word.end(), [](const char c) { return c >= '0' && c <= '9'; });
}

/// Adds what a line of the header says. Returns what is wrong with it, or nothing.
std::string add_element(Header &header, const std::vector<std::string> &words, const double bytes)
{
  if (words.size() != 3 || !is_whole_number(words[2]))
    return "is no element with its number";
  for (const Element &other : header.elements)
    if (other.name == words[1])
      return "names an element twice";
  Element element;
  element.name = words[1];
  element.number = std::stod(words[2]);
  if (element.number > std::min(bytes, 2147483647.0))
    return "claims more than there is in " + std::to_string(static_cast<long long>(bytes)) + " bytes";
  header.elements.push_back(element);
  return "";
}

std::string add_property(Header &header, const std::vector<std::string> &words)
{
  const bool is_list = words.size() == 5 && words[1] == "list";
  if (header.elements.empty() || (!is_list && words.size() != 3))
    return "is no property";
  const std::string &type = words[words.size() - 2];
  const bool is_corners = is_list && words.back().find("vertex_ind") == 0;
  if (is_corners && (type.find("float") == 0 || type == "double"))
    return "has points without whole numbers";
  Property property = {words.back(), is_list ? bytes_of(words[2]) : 0, bytes_of(type), 0.0};
  if (property.bytes == 0)
    return "is no property";
  if (is_list && (property.count_bytes == 0 || property.count_bytes > 4 || words[2].find("float") == 0))
    return "has a list whose length is no whole number";
  if (header.elements.back().find(property.name) != nullptr)
    return "names a property twice";
  if (is_corners) // of signed ones half
    property.below = std::ldexp(1.0, static_cast<int>(8 * property.bytes) - (type.front() == 'u' ? 0 : 1));
  header.elements.back().properties.push_back(property);
  return "";
}

/// Takes line @p number of the header. Returns what is wrong with it, or nothing.
std::string take(Header &header, const std::vector<std::string> &words, const unsigned int number, const double bytes)
{
  if (number <= 2)
  {
    const bool begins =
        number == 1 ? words == std::vector<std::string>{"ply"} : words.size() == 3 && words[0] == "format";
    header.format = words.size() == 3 ? words[1] : "";
    return begins ? "" : "is not the beginning of a .ply file";
  }
  if (words[0] == "element")
    return add_element(header, words, bytes);
  if (words[0] == "property")
    return add_property(header, words);
  return words[0] == "comment" || words[0] == "obj_info" || words[0] == "end_header" ? "" : not_a_line;
}

bool is_readable(const std::string &line)
{
  return line.size() <= longest_line && is_text(line);
}

Header read_header(std::ifstream &stream, const std::string &file, const std::string &entry)
{
  const double bytes = voxels::file_size(file, entry);
  Header header;
  std::string line;
  for (unsigned int number = 1; std::getline(stream, line); ++number)
  {
    const auto words = words_of(line);
    const std::string fault = is_readable(line) && !words.empty() ? take(header, words, number, bytes) : not_a_line;
    if (!fault.empty())
      refuse(file, entry, "line " + std::to_string(number) + " '" + line.substr(0, 60) + "' " + fault);
    if (words[0] == "end_header")
      return header;
  }
  refuse(file, entry, "its header has no end");
}

/// VTK takes these two elements as they should be.
void check_elements(Header &header, const std::string &file, const std::string &entry)
{
  const auto number_of = [&](const char *name) {
    for (const Element &element : header.elements)
      if (element.name == name)
        return element.number;
    return 0.0;
  };
  const double points = number_of("vertex");
  if (points == 0.0 || number_of("face") == 0.0)
    refuse(file, entry, "it has no elements 'vertex' or 'face'");
  for (Element &element : header.elements)
  {
    const bool is_vertex = element.name == "vertex", is_face = element.name == "face";
    const auto must_be = [&](const char *name, const bool list) {
      const Property *property = element.find(name);
      if (property == nullptr || (property->count_bytes > 0) != list)
        refuse(file, entry, "the element '" + element.name + "' has no " + (list ? "list '" : "number '") + name + "'");
    };
    for (const char *name : {"x", "y", "z"})
      if (is_vertex)
        must_be(name, false);
    if (is_face)
      must_be(element.find("vertex_index") == nullptr ? "vertex_indices" : "vertex_index", true);
    for (Property &property : element.properties)
    {
      if ((is_vertex || is_face) && property.count_bytes > 0 && property.below == 0.0)
        refuse(file, entry, "the element '" + element.name + "' has a list '" + property.name + "'; save it without");
      property.below = is_face ? std::min(property.below, points) : 0.0;
    }
  }
}

/// The whole number of the next @p n bytes.
std::uint32_t next_number(std::ifstream &stream, const unsigned int n, const bool big_endian)
{
  std::uint32_t number = 0;
  for (unsigned int i = 0; i < n; ++i)
  {
    const auto byte = static_cast<std::uint32_t>(stream.get() & 0xFF);
    number = big_endian ? number << 8 | byte : number | byte << 8 * i;
  }
  return number;
}

bool is_below(const std::string &word, const double bound)
{
  return is_whole_number(word) && std::stod(word) < bound;
}

bool is_number(const std::string &word)
{
  char *end = nullptr;
  std::strtod(word.c_str(), &end);
  return end != word.c_str() && *end == '\0';
}

/// Whether a line of text holds an element. It stands in a line of its own.
bool takes_text(std::ifstream &stream, const Element &element)
{
  std::string line;
  if (!std::getline(stream, line) || !is_readable(line))
    return false;
  const auto words = words_of(line);
  std::size_t at = 0;
  for (const Property &property : element.properties)
  {
    std::size_t n = 1;
    if (property.count_bytes > 0)
    {
      if (at >= words.size() || !is_whole_number(words[at]) || std::stod(words[at]) > most_corners)
        return false;
      n = std::stoul(words[at++]);
    }
    for (const std::size_t end = at + n; at < end; ++at)
      if (at >= words.size() || !is_number(words[at]) || (property.below > 0.0 && !is_below(words[at], property.below)))
        return false;
  }
  return true;
}

/// Whether the next bytes hold an element.
bool takes_bytes(std::ifstream &stream, const Element &element, const bool big_endian, const double bytes)
{
  for (const Property &property : element.properties)
  {
    const double n = property.count_bytes == 0 ? 1.0 : next_number(stream, property.count_bytes, big_endian);
    if (!stream || n > (property.count_bytes == 0 ? 1.0 : most_corners))
      return false;
    if (property.below == 0.0)
      stream.seekg(static_cast<std::streamoff>(n * property.bytes), std::ios::cur);
    else
      for (double i = 0.0; i < n; ++i)
        if (next_number(stream, property.bytes, big_endian) >= property.below)
          return false;
  }
  return stream && static_cast<double>(stream.tellg()) <= bytes;
}
} // namespace

void check_ply(const std::string &file, const std::string &entry)
{
  std::ifstream stream(file, std::ios::binary);
  Header header = read_header(stream, file, entry);
  check_elements(header, file, entry);
  const double bytes = voxels::file_size(file, entry);
  const bool is_text = header.format == "ascii", big_endian = header.format == "binary_big_endian";
  if (!is_text && !big_endian && header.format != "binary_little_endian")
    refuse(file, entry, "its format is '" + header.format + "'");
  for (const Element &element : header.elements)
    for (double i = 0.0; i < element.number; ++i)
      if (!(is_text ? takes_text(stream, element) : takes_bytes(stream, element, big_endian, bytes)))
        refuse(file, entry,
               "it ends or is damaged within " + element.name + " " + std::to_string(static_cast<long long>(i)) +
                   " of " + std::to_string(static_cast<long long>(element.number)) +
                   ", or a face there has points that there are not, or more than 255");
}
} // namespace nidus
