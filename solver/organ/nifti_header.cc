#include "control/input_error.h"
#include "organ/voxel_file.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>

namespace nidus
{
namespace
{
/// The first bytes of a file, which may be packed with gzip; zeros behind its end.
using Header = std::array<unsigned char, 544>;

Header read_header(const std::string &file)
{
  Header bytes = {};
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> stream(gzopen(file.c_str(), "rb"), gzclose);
  if (stream)
    gzread(stream.get(), bytes.data(), bytes.size());
  return bytes;
}

/// The number at byte @p at.
template <typename Number>
double number(const Header &header, const std::size_t at, const bool swapped)
{
  std::array<unsigned char, sizeof(Number)> bytes;
  std::copy_n(header.begin() + at, sizeof(Number), bytes.begin());
  if (swapped)
    std::reverse(bytes.begin(), bytes.end());
  Number value;
  std::memcpy(&value, bytes.data(), sizeof(Number));
  return static_cast<double>(value);
}

/// Bits of a voxel of the data types that have one number in each.
const std::map<int, int> bits_of_type = {{2, 8},   {4, 16},   {8, 32},   {16, 32},   {64, 64},
                                         {256, 8}, {512, 16}, {768, 32}, {1024, 64}, {1280, 64}};
} // namespace

void voxels::check_nifti_header(const std::string &file, const std::string &entry)
{
  const auto refuse = [&](const std::string &reason) {
    throw InputError(entry, file, "a NIfTI image that can be read (" + reason + ")",
                     "the file is damaged, truncated or of another format: save it again");
  };
  const Header header = read_header(file);
  const auto has = [&](const std::size_t at, const char *magic) {
    return std::memcmp(header.data() + at, magic, 4) == 0;
  };
  const bool first = has(344, "n+1"), second = has(4, "n+2");
  if (first == second)
    refuse("its header does not say that it is one");
  const double length = first ? 348.0 : 540.0;
  const bool swapped = number<std::int32_t>(header, 0, false) != length;
  if (number<std::int32_t>(header, 0, swapped) != length)
    refuse("its header has a wrong length");

  const auto type = bits_of_type.find(static_cast<int>(number<std::int16_t>(header, first ? 70 : 12, swapped)));
  const double bits = number<std::int16_t>(header, first ? 72 : 14, swapped);
  if (type == bits_of_type.end() || type->second != bits)
    refuse("it must have one number in each voxel, of as many bits as belong to its data type");

  const auto dimension = [&](const unsigned int i) {
    return first ? number<std::int16_t>(header, 40 + 2 * i, swapped)
                 : number<std::int64_t>(header, 16 + 8 * i, swapped);
  };
  if (!(dimension(0) >= 1.0 && dimension(0) <= 7.0))
    refuse("it says that it has " + std::to_string(static_cast<long long>(dimension(0))) + " dimensions");
  std::array<double, 3> size = {{1.0, 1.0, 1.0}};
  for (unsigned int i = 1; i <= dimension(0); ++i)
    if (i <= 3)
      size[i - 1] = dimension(i);
    else if (dimension(i) != 1.0)
      refuse("it has more than three dimensions");
  check_claim(size, bits / 8.0, file_size(file, entry), file, entry);

  const double data = first ? number<float>(header, 108, swapped) : number<std::int64_t>(header, 168, swapped);
  if (!(data == 0.0 || (data >= length && data < 1e9)))
    refuse("its data do not begin behind its header");
}
} // namespace nidus
