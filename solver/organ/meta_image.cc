#include "control/input_error.h"
#include "organ/image_header.h"
#include "organ/voxel_file.h"

#include <deal.II/base/utilities.h>

#include <fstream>

// VTK 9.1 reads this format too, but drops the orientation and says nothing of data that end too early.

namespace nidus
{
namespace
{
/// Reads "Key = value" up to the line of the data; returns the offset of what follows.
std::uint64_t read_header(const std::string &file, ImageHeader &header)
{
  std::ifstream stream(file, std::ios::binary);
  std::string line;
  for (unsigned int number = 1; std::getline(stream, line) && line.size() < 100000; ++number)
  {
    const auto equals = line.find('=');
    if (equals == std::string::npos)
      break;
    const std::string key = dealii::Utilities::trim(line.substr(0, equals));
    header.add(key, dealii::Utilities::trim(line.substr(equals + 1)), number);
    if (key == "ElementDataFile")
      return static_cast<std::uint64_t>(stream.tellg());
  }
  header.refuse("ElementDataFile", "lines 'Key = value', the last of them 'ElementDataFile'");
}

bool is_true(const ImageHeader &header, const std::string &key)
{
  const std::string value = header.text(key, "False");
  return value == "True" || value == "true" || value == "1";
}

void read_type(const ImageHeader &header, RawVoxels &raw)
{
  static const std::map<std::string, std::pair<RawVoxels::Kind, unsigned int>> types = {
      {"MET_CHAR", {RawVoxels::Kind::integer, 1}},      {"MET_UCHAR", {RawVoxels::Kind::natural, 1}},
      {"MET_SHORT", {RawVoxels::Kind::integer, 2}},     {"MET_USHORT", {RawVoxels::Kind::natural, 2}},
      {"MET_INT", {RawVoxels::Kind::integer, 4}},       {"MET_UINT", {RawVoxels::Kind::natural, 4}},
      {"MET_LONG", {RawVoxels::Kind::integer, 4}},      {"MET_ULONG", {RawVoxels::Kind::natural, 4}},
      {"MET_LONG_LONG", {RawVoxels::Kind::integer, 8}}, {"MET_ULONG_LONG", {RawVoxels::Kind::natural, 8}},
      {"MET_FLOAT", {RawVoxels::Kind::real, 4}},        {"MET_DOUBLE", {RawVoxels::Kind::real, 8}}};
  const auto type = types.find(header.text("ElementType"));
  if (type == types.end() || header.text("ElementNumberOfChannels", "1") != "1")
    header.refuse("ElementType", "one number in each voxel");
  std::tie(raw.kind, raw.bytes) = type->second;
  raw.big_endian = is_true(header, "BinaryDataByteOrderMSB") || is_true(header, "ElementByteOrderMSB");
  if (!is_true(header, "BinaryData") && header.has("BinaryData"))
    raw.encoding = RawVoxels::Encoding::text;
  else if (is_true(header, "CompressedData"))
    raw.encoding = RawVoxels::Encoding::zlib;
}

void locate(const ImageHeader &header, const std::string &file, const std::uint64_t after_header, RawVoxels &raw)
{
  raw.file = file;
  raw.offset = after_header;
  if (header.text("ElementDataFile") == "LOCAL")
    return;
  // With blanks: a pattern of names and the numbers of its slices.
  if (header.text("ElementDataFile").find(' ') != std::string::npos)
    header.refuse("ElementDataFile", "one data file, not one for each slice,");
  raw.file = header.data_file("ElementDataFile");
  raw.offset = 0;
  if (header.has("HeaderSize"))
  {
    const double size = header.numbers("HeaderSize", 1)[0];
    raw.at_end = size < 0.0;
    raw.offset = raw.at_end ? 0 : static_cast<std::uint64_t>(size);
  }
}
} // namespace

VoxelFile voxels::read_meta_image(const std::string &file, const std::string &entry)
{
  ImageHeader header(file, entry);
  const std::uint64_t after_header = read_header(file, header);
  const double n_axes = header.numbers("NDims", 1)[0];
  if (n_axes != 2.0 && n_axes != 3.0)
    header.refuse("NDims", "two or three dimensions");
  const auto n = static_cast<unsigned int>(n_axes);
  const auto size = header.numbers("DimSize", n);
  const auto spacing = header.has("ElementSpacing") ? header.numbers("ElementSpacing", n)
                       : header.has("ElementSize")  ? header.numbers("ElementSize", n)
                                                    : std::vector<double>(n, 1.0);
  VoxelFile image;
  for (const char *name : {"Offset", "Position", "Origin"})
    if (header.has(name))
    {
      const auto origin = header.numbers(name, n);
      for (unsigned int d = 0; d < n; ++d)
        image.grid.origin[d] = origin[d];
    }
  for (unsigned int d = 0; d < 3; ++d)
    image.grid.steps[d][d] = d < n ? spacing[d] : 1.0;
  // The rows of the matrix in the file are the directions of the axes.
  for (const char *name : {"TransformMatrix", "Rotation", "Orientation"})
    if (header.has(name))
    {
      const auto directions = header.numbers(name, n * n);
      for (unsigned int d = 0; d < n; ++d)
        for (unsigned int i = 0; i < n; ++i)
          image.grid.steps[i][d] = directions[d * n + i] * spacing[d];
    }
  RawVoxels raw;
  read_type(header, raw);
  locate(header, file, after_header, raw);
  image.value = raw.read({{size[0], size[1], n == 3 ? size[2] : 1.0}}, entry);
  for (unsigned int d = 0; d < n; ++d)
    image.grid.size[d] = static_cast<std::size_t>(size[d]);
  if (n == 2)
    image.grid.steps[2][2] = spacing[0];
  return image;
}
} // namespace nidus
