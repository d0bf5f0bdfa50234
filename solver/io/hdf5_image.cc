#include "io/hdf5_image.h"

#include <algorithm>
#include <stdexcept>

namespace nidus
{
namespace
{
/// The innermost message of HDF5's stack of errors.
herr_t take_message(const unsigned int depth, const H5E_error2_t *error, void *target)
{
  if (depth == 0 && error->desc != nullptr)
    *static_cast<std::string *>(target) = error->desc;
  return 0;
}

/// Gives what a function of HDF5 has returned, unless that is a fault.
template <typename Result>
Result checked(const Result result)
{
  if (result >= 0)
    return result;
  std::string message = "no reason is given";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_message, &message);
  throw std::runtime_error("HDF5: " + message);
}

/// A handle of HDF5, closed at the end.
class Handle
{
public:
  Handle(const hid_t id, herr_t (*close)(hid_t)) : id(checked(id)), close(close) {}
  ~Handle() { close(id); }
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  operator hid_t() const { return id; }

private:
  hid_t id;
  herr_t (*close)(hid_t);
};

/// How an array is stored: in compressed blocks, if it has any rows.
void set_storage(const hid_t properties, const hsize_t rows, const hsize_t width)
{
  constexpr hsize_t numbers_in_block = 1u << 17; // a megabyte fits HDF5's cache of blocks
  checked(H5Pset_obj_track_times(properties, false));
  if (rows == 0)
    return;
  const hsize_t block[] = {std::min(rows, std::max<hsize_t>(numbers_in_block / width, 1)), width};
  checked(H5Pset_chunk(properties, width == 1 ? 1 : 2, block));
  checked(H5Pset_shuffle(properties));
  checked(H5Pset_deflate(properties, 1));
}

void set_unit(const hid_t array, const std::string &unit)
{
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  checked(H5Tset_size(type, unit.size()));
  checked(H5Tset_cset(type, H5T_CSET_UTF8));
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle attribute(H5Acreate2(array, "unit", type, scalar, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  checked(H5Awrite(attribute, type, unit.data()));
}
} // namespace

Hdf5Image::Hdf5Image()
{
  constexpr std::size_t growth = 1u << 22;
  checked(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr)); // faults are thrown, not printed
  const Handle in_memory(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  checked(H5Pset_fapl_core(in_memory, growth, false));
  file = checked(H5Fcreate("image", H5F_ACC_TRUNC, H5P_DEFAULT, in_memory));
}

Hdf5Image::~Hdf5Image()
{
  H5Fclose(file);
}

void Hdf5Image::add(const std::string &name, const std::vector<double> &numbers, const hsize_t width,
                    const std::string &unit)
{
  add(name, H5T_NATIVE_DOUBLE, numbers.data(), numbers.size() / width, width, unit);
}

void Hdf5Image::add(const std::string &name, const std::vector<long long> &numbers, const hsize_t width,
                    const std::string &unit)
{
  add(name, H5T_NATIVE_LLONG, numbers.data(), numbers.size() / width, width, unit);
}

void Hdf5Image::add(const std::string &name, const std::vector<std::int32_t> &numbers, const hsize_t width,
                    const std::string &unit)
{
  add(name, H5T_NATIVE_INT32, numbers.data(), numbers.size() / width, width, unit);
}

void Hdf5Image::add(const std::string &name, const hid_t type, const void *numbers, const hsize_t rows,
                    const hsize_t width, const std::string &unit)
{
  const hsize_t size[] = {rows, width};
  const Handle space(H5Screate_simple(width == 1 ? 1 : 2, size, nullptr), H5Sclose);
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  set_storage(properties, rows, width);
  const Handle array(H5Dcreate2(file, name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose);
  if (rows > 0)
    checked(H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers));
  if (!unit.empty())
    set_unit(array, unit);
}

std::string Hdf5Image::bytes() const
{
  checked(H5Fflush(file, H5F_SCOPE_LOCAL));
  std::string image(static_cast<std::size_t>(checked(H5Fget_file_image(file, nullptr, 0))), '\0');
  checked(H5Fget_file_image(file, image.data(), image.size()));
  return image;
}
} // namespace nidus
