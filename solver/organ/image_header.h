#pragma once

#include "organ/raw_voxels.h"

#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// The head of an image file that is made of lines of text; faults name the line.
class ImageHeader
{
public:
  ImageHeader(std::string file, std::string entry) : file(std::move(file)), entry(std::move(entry)) {}

  void add(const std::string &key, const std::string &value, unsigned int line) { fields[key] = {value, line}; }

  bool has(const std::string &key) const { return fields.count(key) > 0; }

  /// Throws InputError if there is no such field.
  const std::string &text(const std::string &key) const;

  /// As text() or, where there is no such field, @p otherwise.
  std::string text(const std::string &key, const std::string &otherwise) const;

  /// @p n numbers; blanks, commas and brackets are between them. Throws InputError.
  std::vector<double> numbers(const std::string &key, std::size_t n) const;

  /// The file that @p key says holds the data, beside the header or below. Throws InputError for any other place and
  /// for a list of files.
  std::string data_file(const std::string &key) const;

  /// Throws InputError that names the line of @p key, or the file if there is no such field.
  [[noreturn]] void refuse(const std::string &key, const std::string &allowed) const;

private:
  struct Field
  {
    std::string value;
    unsigned int line;
  };

  std::string file, entry;
  std::map<std::string, Field> fields;
};
} // namespace nidus
