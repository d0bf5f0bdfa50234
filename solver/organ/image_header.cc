#include "organ/image_header.h"

#include "control/file_name.h"
#include "control/input_error.h"
#include "organ/image_parameters.h"

#include <deal.II/base/utilities.h>

#include <sstream>

namespace nidus
{
void ImageHeader::refuse(const std::string &key, const std::string &allowed) const
{
  const auto field = fields.find(key);
  const std::string found = field == fields.end() ? "its header has no '" + key + "'"
                                                  : "line " + std::to_string(field->second.line) + ": '" + key +
                                                        "' is '" + field->second.value.substr(0, 80) + "'";
  throw InputError(entry, file, "an image whose header has " + allowed + " (" + found + ")",
                   "correct the header, or save the image again");
}

const std::string &ImageHeader::text(const std::string &key) const
{
  const auto field = fields.find(key);
  if (field == fields.end())
    refuse(key, "'" + key + "'");
  return field->second.value;
}

std::string ImageHeader::text(const std::string &key, const std::string &otherwise) const
{
  return has(key) ? text(key) : otherwise;
}

std::vector<double> ImageHeader::numbers(const std::string &key, const std::size_t n) const
{
  std::string numbers = text(key);
  for (char &c : numbers)
    if (c == '(' || c == ')' || c == ',')
      c = ' ';
  std::istringstream stream(dealii::Utilities::trim(numbers));
  std::vector<double> result;
  for (double number; stream >> number;)
    result.push_back(number);
  if (!stream.eof() || result.size() != n)
    refuse(key, std::to_string(n) + " numbers as '" + key + "'");
  return result;
}

std::string ImageHeader::data_file(const std::string &key) const
{
  const std::string &place = text(key);
  if (place == "LIST" || place.find('%') != std::string::npos)
    refuse(key, "one data file, not one for each slice,");
  if (!stays_below(place))
    refuse(key, "its data in its own folder or below, without '..',");
  const auto slash = file.rfind('/');
  return in_folder(slash == std::string::npos ? "" : file.substr(0, slash), place);
}
} // namespace nidus
