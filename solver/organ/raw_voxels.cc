#include "organ/raw_voxels.h"

#include "control/input_error.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>

namespace nidus
{
namespace
{
using Bytes = std::vector<unsigned char>;

[[noreturn]] void refuse_truncated(const RawVoxels &raw, const std::string &entry, const double found,
                                   const double needed)
{
  std::ostringstream text;
  text.precision(15);
  text << "an image with all of its voxels (the data need " << needed << " bytes from byte " << raw.offset << " of "
       << raw.file << ", " << found << " can be read)";
  throw InputError(entry, raw.file, text.str(), "the file is truncated or damaged: save or copy it again");
}

Bytes read_raw(const RawVoxels &raw, std::ifstream &stream, const std::size_t n_bytes, const double available,
               const std::string &entry)
{
  if (available < static_cast<double>(n_bytes))
    refuse_truncated(raw, entry, available, static_cast<double>(n_bytes));
  Bytes bytes(n_bytes);
  stream.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(n_bytes));
  if (static_cast<std::size_t>(stream.gcount()) != n_bytes)
    refuse_truncated(raw, entry, static_cast<double>(stream.gcount()), static_cast<double>(n_bytes));
  return bytes;
}

Bytes inflate_all(const RawVoxels &raw, std::ifstream &stream, const std::size_t n_bytes, const std::string &entry)
{
  Bytes bytes(n_bytes), part(1u << 20);
  z_stream state = {};
  // 15: the largest window; 32: the header tells zlib from gzip.
  if (inflateInit2(&state, 15 + 32) != Z_OK)
    throw std::runtime_error("zlib cannot be started");
  const std::unique_ptr<z_stream, int (*)(z_stream *)> end(&state, inflateEnd);
  std::size_t written = 0;
  int outcome = Z_OK;
  while (outcome == Z_OK && written < n_bytes)
  {
    if (state.avail_in == 0)
    {
      stream.read(reinterpret_cast<char *>(part.data()), static_cast<std::streamsize>(part.size()));
      state.next_in = part.data();
      state.avail_in = static_cast<uInt>(stream.gcount());
      if (state.avail_in == 0)
        break;
    }
    const auto room = static_cast<uInt>(std::min<std::size_t>(n_bytes - written, 1u << 30));
    state.next_out = bytes.data() + written;
    state.avail_out = room;
    outcome = inflate(&state, Z_NO_FLUSH);
    written += room - state.avail_out;
  }
  if (written < n_bytes)
    refuse_truncated(raw, entry, static_cast<double>(written), static_cast<double>(n_bytes));
  return bytes;
}

template <typename Number>
std::function<double(std::size_t)> numbers_of(Bytes &&bytes, const bool swap)
{
  if (swap && sizeof(Number) > 1)
    for (std::size_t at = 0; at + sizeof(Number) <= bytes.size(); at += sizeof(Number))
      std::reverse(bytes.begin() + at, bytes.begin() + at + sizeof(Number));
  const auto held = std::make_shared<Bytes>(std::move(bytes));
  return [held](const std::size_t voxel) {
    Number number;
    std::memcpy(&number, held->data() + voxel * sizeof(Number), sizeof(Number));
    return static_cast<double>(number);
  };
}

template <typename One, typename Two, typename Four, typename Eight>
std::function<double(std::size_t)> whole_numbers_of(const unsigned int bytes_each, Bytes &&bytes, const bool swap)
{
  switch (bytes_each)
  {
  case 1:
    return numbers_of<One>(std::move(bytes), swap);
  case 2:
    return numbers_of<Two>(std::move(bytes), swap);
  case 4:
    return numbers_of<Four>(std::move(bytes), swap);
  default:
    return numbers_of<Eight>(std::move(bytes), swap);
  }
}

std::function<double(std::size_t)> read_text(const RawVoxels &raw, std::ifstream &stream, const std::size_t n,
                                             const std::string &entry)
{
  const auto numbers = std::make_shared<std::vector<double>>();
  for (double number; numbers->size() < n && stream >> number;)
    numbers->push_back(number);
  if (numbers->size() < n)
    throw InputError(entry, raw.file,
                     "an image with all of its voxels (" + std::to_string(n) + " numbers, " +
                         std::to_string(numbers->size()) + " can be read)",
                     "the file is truncated or damaged: save or copy it again");
  return [numbers](const std::size_t voxel) { return (*numbers)[voxel]; };
}
} // namespace

std::function<double(std::size_t)> RawVoxels::read(const std::array<double, 3> &size, const std::string &entry) const
{
  const double file_bytes = voxels::file_size(file, entry);
  voxels::check_claim(size, bytes, file_bytes, file, entry);
  const auto n = static_cast<std::size_t>(size[0] * size[1] * size[2]);
  const std::size_t n_bytes = n * bytes;
  std::ifstream stream(file, std::ios::binary);
  const double start = at_end ? std::max(0.0, file_bytes - static_cast<double>(n_bytes)) : static_cast<double>(offset);
  stream.seekg(static_cast<std::streamoff>(start));
  if (encoding == Encoding::text)
    return read_text(*this, stream, n, entry);
  Bytes content = encoding == Encoding::raw ? read_raw(*this, stream, n_bytes, file_bytes - start, entry)
                                            : inflate_all(*this, stream, n_bytes, entry);
  const std::uint16_t one = 1;
  unsigned char first_byte;
  std::memcpy(&first_byte, &one, 1);
  const bool swap = big_endian == (first_byte == 1);
  if (kind == Kind::real)
    return bytes == 4 ? numbers_of<float>(std::move(content), swap) : numbers_of<double>(std::move(content), swap);
  if (kind == Kind::integer)
    return whole_numbers_of<std::int8_t, std::int16_t, std::int32_t, std::int64_t>(bytes, std::move(content), swap);
  return whole_numbers_of<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>(bytes, std::move(content), swap);
}
} // namespace nidus
