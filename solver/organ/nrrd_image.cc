#include "control/input_error.h"
#include "organ/image_header.h"
#include "organ/voxel_file.h"

#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cmath>
#include <fstream>

// VTK 9.1 reads a part of this format: no orientation, and not every header.

namespace nidus
{
namespace
{
/// Reads "key: value" up to the empty line; returns the offset of what follows.
std::uint64_t read_header(const std::string &file, ImageHeader &header)
{
  std::ifstream stream(file, std::ios::binary);
  std::string line;
  if (!std::getline(stream, line) || line.compare(0, 4, "NRRD") != 0)
    header.refuse("NRRD", "'NRRD' in its first line");
  for (unsigned int number = 2; std::getline(stream, line) && line.size() < 100000; ++number)
  {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    if (line.empty())
      return static_cast<std::uint64_t>(stream.tellg());
    const auto colon = line.find(": ");
    if (line.front() == '#' || colon == std::string::npos || line.find(":=") < colon)
      continue;
    std::string key = line.substr(0, colon);
    key.erase(std::remove(key.begin(), key.end(), ' '), key.end());
    header.add(key, dealii::Utilities::trim(line.substr(colon + 2)), number);
  }
  // A header whose data are in another file may end with the file.
  if (!header.has("datafile"))
    header.refuse("sizes", "an empty line before the data");
  return 0;
}

void read_type(const ImageHeader &header, RawVoxels &raw)
{
  static const std::vector<std::tuple<RawVoxels::Kind, unsigned int, std::vector<std::string>>> types = {
      {RawVoxels::Kind::integer, 1, {"signed char", "int8", "int8_t"}},
      {RawVoxels::Kind::natural, 1, {"uchar", "unsigned char", "uint8", "uint8_t"}},
      {RawVoxels::Kind::integer, 2, {"short", "short int", "signed short", "signed short int", "int16", "int16_t"}},
      {RawVoxels::Kind::natural, 2, {"ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"}},
      {RawVoxels::Kind::integer, 4, {"int", "signed int", "int32", "int32_t"}},
      {RawVoxels::Kind::natural, 4, {"uint", "unsigned int", "uint32", "uint32_t"}},
      {RawVoxels::Kind::integer, 8, {"longlong", "long long", "long long int", "signed long long", "int64", "int64_t"}},
      {RawVoxels::Kind::natural,
       8,
       {"ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"}},
      {RawVoxels::Kind::real, 4, {"float"}},
      {RawVoxels::Kind::real, 8, {"double"}}};
  const std::string &wanted = header.text("type");
  const auto type = std::find_if(types.begin(), types.end(), [&](const auto &candidate) {
    const auto &names = std::get<2>(candidate);
    return std::find(names.begin(), names.end(), wanted) != names.end();
  });
  if (type == types.end())
    header.refuse("type", "one number in each voxel");
  raw.kind = std::get<0>(*type);
  raw.bytes = std::get<1>(*type);
  raw.big_endian = header.text("endian", "little") == "big";
  const std::string &encoding = header.text("encoding");
  if (encoding == "gzip" || encoding == "gz")
    raw.encoding = RawVoxels::Encoding::zlib;
  else if (encoding == "ascii" || encoding == "text" || encoding == "txt")
    raw.encoding = RawVoxels::Encoding::text;
  else if (encoding != "raw")
    header.refuse("encoding", "raw, gzip or ascii data");
}

void locate(const ImageHeader &header, const std::string &file, const std::uint64_t after_header, RawVoxels &raw)
{
  raw.file = file;
  raw.offset = after_header;
  if (header.text("lineskip", "0") != "0")
    header.refuse("lineskip", "no lines to skip");
  if (header.has("datafile"))
  {
    // With what follows: the dimension of what is in each file of the list.
    if (header.text("datafile").substr(0, 4) == "LIST")
      header.refuse("datafile", "one data file, not one for each slice,");
    raw.file = header.data_file("datafile");
    raw.offset = 0;
  }
  if (header.has("byteskip"))
  {
    const double skip = header.numbers("byteskip", 1)[0];
    raw.at_end = skip < 0.0;
    raw.offset += raw.at_end ? 0 : static_cast<std::uint64_t>(skip);
  }
}
} // namespace

VoxelFile voxels::read_nrrd(const std::string &file, const std::string &entry)
{
  ImageHeader header(file, entry);
  const std::uint64_t after_header = read_header(file, header);
  const double n_axes = header.numbers("dimension", 1)[0];
  if (n_axes != 2.0 && n_axes != 3.0)
    header.refuse("dimension", "two or three dimensions");
  const auto n = static_cast<unsigned int>(n_axes);
  const auto size = header.numbers("sizes", n);
  VoxelFile image;
  for (unsigned int d = 0; d < 3; ++d)
    image.grid.steps[d][d] = 1.0;
  if (header.has("spacedirections"))
  {
    const auto directions = header.numbers("spacedirections", n * n);
    for (unsigned int d = 0; d < n; ++d)
      for (unsigned int i = 0; i < n; ++i)
        image.grid.steps[i][d] = directions[d * n + i];
  }
  else if (header.has("spacings"))
  {
    const auto spacing = header.numbers("spacings", n);
    for (unsigned int d = 0; d < n; ++d)
      image.grid.steps[d][d] = spacing[d];
  }
  else
    image.warnings.push_back("the image '" + file + "' has no spacing: it is taken for 1");
  if (header.has("spaceorigin"))
  {
    const auto origin = header.numbers("spaceorigin", n);
    for (unsigned int d = 0; d < n; ++d)
      image.grid.origin[d] = origin[d];
  }
  RawVoxels raw;
  read_type(header, raw);
  locate(header, file, after_header, raw);
  image.value = raw.read({{size[0], size[1], n == 3 ? size[2] : 1.0}}, entry);
  for (unsigned int d = 0; d < n; ++d)
    image.grid.size[d] = static_cast<std::size_t>(size[d]);
  if (n == 2)
    image.grid.steps[2][2] = std::hypot(image.grid.steps[0][0], image.grid.steps[1][0]);
  return image;
}
} // namespace nidus
