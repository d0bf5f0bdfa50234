#include "organ/voxel_file.h"

#include "control/input_error.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>

namespace nidus
{
namespace
{
bool ends_with(const std::string &text, const std::string &ending)
{
  return text.size() >= ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

void check_grid(const VoxelGrid &grid, const std::string &file, const std::string &entry)
{
  std::array<double, 3> spacing;
  std::ostringstream found;
  for (unsigned int d = 0; d < 3; ++d)
  {
    double squared = 0.0;
    for (unsigned int i = 0; i < 3; ++i)
      squared += grid.steps[i][d] * grid.steps[i][d];
    spacing[d] = std::sqrt(squared);
    found << (d > 0 ? " x " : "") << spacing[d];
  }
  // Slices may be far apart, but not so far: such a number comes from a damaged header or from mixed units.
  const auto [least, most] = std::minmax_element(spacing.begin(), spacing.end());
  if (!(*least > 0.0) || !(*most < 1e4 * *least) || !std::isfinite(grid.origin.norm()))
    throw InputError(entry, file,
                     "an image with a spacing above 0 along each axis, at most 10000 times larger along one than along "
                     "another (the spacing of this one is " +
                         found.str() + ")",
                     "correct the spacing in the header of the image");
  const double volume = std::abs(dealii::determinant(grid.steps));
  if (!(volume > 1e-3 * spacing[0] * spacing[1] * spacing[2]))
    throw InputError(entry, file, "an image whose axes point in three directions (the axes of this one lie in a plane)",
                     "correct the orientation in the header of the image");
}
} // namespace

VoxelFile read_voxels(const std::string &file, const std::string &entry)
{
  std::string lower = file;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](const unsigned char c) { return std::tolower(c); });
  voxels::file_size(file, entry);
  const auto read = [&] {
    if (ends_with(lower, ".nii") || ends_with(lower, ".nii.gz"))
      return voxels::read_nifti(file, entry);
    if (ends_with(lower, ".vti"))
      return voxels::read_vti(file, entry);
    if (ends_with(lower, ".mha") || ends_with(lower, ".mhd"))
      return voxels::read_meta_image(file, entry);
    if (ends_with(lower, ".nrrd") || ends_with(lower, ".nhdr"))
      return voxels::read_nrrd(file, entry);
    throw InputError(entry, file, "a file .nii, .nii.gz, .nrrd, .nhdr, .mha, .mhd or .vti",
                     "save the labels in one of these formats");
  };
  VoxelFile image = read();
  check_grid(image.grid, file, entry);
  return image;
}

double voxels::file_size(const std::string &file, const std::string &entry)
{
  struct stat status = {};
  if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || access(file.c_str(), R_OK) != 0)
    throw InputError(entry, file, "a file that can be read",
                     "check the name; a relative name starts from the folder of the parameter file");
  return static_cast<double>(status.st_size);
}

void voxels::check_xml(const std::string &file, const std::string &entry)
{
  const double bytes = file_size(file, entry);
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(std::max(0.0, bytes - 200.0)));
  const std::string end((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (end.find("</VTKFile>") == std::string::npos)
    throw InputError(entry, file, "a file of VTK that can be read (it ends without '</VTKFile>')",
                     "the file is truncated or of another format: save or copy it again");
}

void voxels::check_claim(const std::array<double, 3> &size, const double bytes, const double file_bytes,
                         const std::string &file, const std::string &entry)
{
  // zlib compresses to 1/1032 at best.
  constexpr double best_compression = 1100.0;
  const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  const double needed = size[0] * size[1] * size[2] * bytes;
  std::ostringstream claim;
  claim << size[0] << " x " << size[1] << " x " << size[2] << " voxels, " << needed / 1e6 << " MB";
  const bool is_count =
      std::all_of(size.begin(), size.end(), [](const double n) { return n >= 1.0 && n < 1e9 && n == std::floor(n); });
  if (!is_count || needed > best_compression * std::max(file_bytes, 1.0))
    throw InputError(entry, file,
                     "an image that holds what its header claims (" + claim.str() + ", but the file has " +
                         std::to_string(static_cast<long long>(file_bytes)) + " bytes)",
                     "the header is damaged or the file is truncated: save it again");
  if (needed > 0.5 * memory)
    throw InputError(entry, file,
                     "an image of at most half of the memory of this machine (this is " + claim.str() + ")",
                     "crop the image to the organ, or make its voxels larger");
}
} // namespace nidus
