#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace nidus
{
/// Where the voxels of an image are, in the unit of its file.
struct VoxelGrid
{
  std::array<std::size_t, 3> size = {{1, 1, 1}}; ///< voxels along each axis of the image; the first runs fastest
  dealii::Point<3> origin;                       ///< centre of the first voxel
  dealii::Tensor<2, 3> steps;                    ///< column d: from a voxel to the next along axis d

  std::size_t n_voxels() const { return size[0] * size[1] * size[2]; }
};

/// An image as it was read.
struct VoxelFile
{
  VoxelGrid grid;
  std::function<double(std::size_t)> value; ///< of each voxel; holds the data
  std::string unit;                         ///< of length, as the file says ("mm"); empty: it does not say
  std::vector<std::string> warnings;
};

/**
 * Reads an image by the ending of its name. Throws InputError, which names @p entry, for a file that cannot be read, is
 * truncated, holds no numbers or claims what it cannot hold, and for a spacing that cannot be.
 */
VoxelFile read_voxels(const std::string &file, const std::string &entry);

namespace voxels
{
/// One reader for each family of formats; read_voxels() checks the grid.
VoxelFile read_nifti(const std::string &file, const std::string &entry);
VoxelFile read_vti(const std::string &file, const std::string &entry);
VoxelFile read_meta_image(const std::string &file, const std::string &entry);
VoxelFile read_nrrd(const std::string &file, const std::string &entry);

/**
 * Throws InputError unless an image of @p size voxels of @p bytes each can be in a file of @p file_bytes (compressed at
 * most as far as zlib can) and in the memory of this machine. To be asked before anything is allocated.
 */
void check_claim(const std::array<double, 3> &size, double bytes, double file_bytes, const std::string &file,
                 const std::string &entry);

/// Size of a file in bytes. Throws InputError if there is none that can be read.
double file_size(const std::string &file, const std::string &entry);

/// Throws InputError for a header of NIfTI that VTK's reader, which believes what it reads, would fall over.
void check_nifti_header(const std::string &file, const std::string &entry);

/// Throws InputError unless a file of VTK (.vti, .vtp, .vtu) is complete to its last tag.
void check_xml(const std::string &file, const std::string &entry);
} // namespace voxels
} // namespace nidus
