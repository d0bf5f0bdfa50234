#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/**
 * An HDF5 file that grows in memory, so that its bytes can be written aside and renamed as those of any other file.
 *
 * Arrays are compressed; their bytes do not depend on when they were written. Every function throws std::runtime_error
 * with what HDF5 says.
 */
class Hdf5Image
{
public:
  Hdf5Image();
  ~Hdf5Image();
  Hdf5Image(const Hdf5Image &) = delete;
  Hdf5Image &operator=(const Hdf5Image &) = delete;

  /// Adds an array with rows of @p width numbers; @p unit becomes its attribute "unit", unless it is empty.
  void add(const std::string &name, const std::vector<double> &numbers, hsize_t width, const std::string &unit);
  void add(const std::string &name, const std::vector<long long> &numbers, hsize_t width, const std::string &unit);
  void add(const std::string &name, const std::vector<std::int32_t> &numbers, hsize_t width, const std::string &unit);

  /// The whole file.
  std::string bytes() const;

private:
  void add(const std::string &name, hid_t type, const void *numbers, hsize_t rows, hsize_t width,
           const std::string &unit);

  hid_t file;
};
} // namespace nidus
