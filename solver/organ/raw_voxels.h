#pragma once

#include "organ/voxel_file.h"

#include <cstdint>
#include <string>

namespace nidus
{
/// Voxels that stand in a file as they are in memory, or compressed, or as text.
struct RawVoxels
{
  enum class Encoding
  {
    raw,
    zlib, ///< with a header of zlib or of gzip
    text  ///< numbers with blanks between them
  };
  enum class Kind
  {
    integer,
    natural, ///< unsigned
    real
  };

  std::string file;         ///< that holds the data
  std::uint64_t offset = 0; ///< of the first byte
  bool at_end = false;      ///< raw data at the end of the file, wherever they begin
  Encoding encoding = Encoding::raw;
  Kind kind = Kind::natural;
  unsigned int bytes = 1; ///< of a voxel: 1, 2, 4, 8
  bool big_endian = false;

  /// Reads @p size voxels. Throws InputError for a file that has fewer, or cannot have so many.
  std::function<double(std::size_t)> read(const std::array<double, 3> &size, const std::string &entry) const;
};
} // namespace nidus
