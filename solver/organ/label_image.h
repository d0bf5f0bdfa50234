#pragma once

#include "organ/box_grid_shape.h"
#include "organ/voxel_file.h"

#include <cstdint>

namespace nidus
{
/**
 * An organ in a label image: a point belongs to the voxel around it. Labels that the parameters do not name, and all
 * that is not in the image, are "outside".
 *
 * Coordinates are those of the image's world in um. Each rank holds one byte for each voxel. In 2-D the image has one
 * slice, in the plane of the first two coordinates.
 */
template <int dim>
class LabelImage : public BoxGridShape<dim>
{
public:
  /// Reads the image. Throws InputError.
  explicit LabelImage(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override { return names; }
  unsigned int region(const dealii::Point<dim> &point, unsigned int coarse_region) const override;
  bool is_uniform(const dealii::BoundingBox<dim> &box) const override;
  std::vector<double> source_volumes() const override;
  std::vector<std::string> warnings() const override { return notes; }

protected:
  std::array<typename BoxGridShape<dim>::Axis, dim> grid() const override;

private:
  void check_plane(const std::string &file) const;
  void take(const VoxelFile &image, const LabelImageParameters &parameters);
  void find_extent();
  /// Place of a point among the voxels: whole numbers are their centres.
  dealii::Point<3> index(const dealii::Point<dim> &point) const;

  std::vector<std::string> names;
  std::vector<std::string> notes;
  VoxelGrid voxels;               ///< in um
  dealii::Tensor<2, 3> to_index;  ///< inverse of the steps
  std::vector<std::uint8_t> held; ///< region of each voxel
  std::vector<std::uint64_t> counts;
  dealii::Point<dim> lower, upper; ///< of the voxels that are in a region
};
} // namespace nidus
