#include "organ/ply_check.h"

#include "control/input_error.h"
#include "organ/voxel_file.h"

#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

namespace nidus
{
namespace
{
struct Property
{
  unsigned int count_bytes; ///< of the number of values; 0: there is one
  unsigned int bytes;       ///< of a value
};

struct Element
{
  std::string name;
  double number;
  std::vector<Property> properties;
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

Header read_header(std::ifstream &stream, const std::string &file, const std::string &entry)
{
  const double bytes = voxels::file_size(file, entry);
  Header header;
  std::string line;
  for (unsigned int number = 1; std::getline(stream, line); ++number)
  {
    const auto refuse_line = [&](const std::string &what) {
      refuse(file, entry, "line " + std::to_string(number) + " '" + line.substr(0, 60) + "' " + what);
    };
    std::istringstream words(line);
    std::string word, type, item;
    words >> word;
    if (word == "end_header")
      return header;
    if (word == "format")
      words >> header.format;
    else if (word == "element")
    {
      Element element{"", -1.0, {}};
      words >> element.name >> element.number;
      if (!(element.number >= 0.0) || element.number > bytes)
        refuse_line("claims more than there is in " + std::to_string(static_cast<long long>(bytes)) + " bytes");
      header.elements.push_back(element);
    }
    else if (word == "property")
    {
      Property property = {0, 0};
      words >> type;
      if (type == "list")
      {
        words >> type >> item;
        property.count_bytes = bytes_of(type);
        type = item;
        if (property.count_bytes == 0 || property.count_bytes > 4)
          refuse_line("has a list whose length is no whole number");
      }
      property.bytes = bytes_of(type);
      if (property.bytes == 0 || header.elements.empty())
        refuse_line("is no property");
      header.elements.back().properties.push_back(property);
    }
  }
  refuse(file, entry, "its header has no end");
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
} // namespace

void check_ply(const std::string &file, const std::string &entry)
{
  std::ifstream stream(file, std::ios::binary);
  const Header header = read_header(stream, file, entry);
  const double bytes = voxels::file_size(file, entry);
  const bool is_text = header.format == "ascii", big_endian = header.format == "binary_big_endian";
  if (!is_text && !big_endian && header.format != "binary_little_endian")
    refuse(file, entry, "its format is '" + header.format + "'");
  for (const Element &element : header.elements)
    for (double i = 0.0; i < element.number; ++i)
    {
      const auto refuse_element = [&] {
        refuse(file, entry,
               "it ends within " + element.name + " " + std::to_string(static_cast<long long>(i)) + " of " +
                   std::to_string(static_cast<long long>(element.number)));
      };
      for (const Property &property : element.properties)
      {
        double n = 1.0;
        if (property.count_bytes > 0)
          is_text ? void(stream >> n) : void(n = next_number(stream, property.count_bytes, big_endian));
        if (!stream || !(n >= 0.0) || n > bytes)
          refuse_element();
        if (is_text)
          for (double value, v = 0.0; v < n && stream >> value; ++v)
            ;
        else
          stream.seekg(static_cast<std::streamoff>(n * property.bytes), std::ios::cur);
      }
      if (!stream || (!is_text && static_cast<double>(stream.tellg()) > bytes))
        refuse_element();
    }
}
} // namespace nidus
