#include "organ/label_image.h"

#include "control/input_error.h"
#include "organ/length_unit.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

namespace nidus
{
template <int dim>
LabelImage<dim>::LabelImage(const OrganParameters &parameters)
    : BoxGridShape<dim>(this->coarse_edge_of(parameters)), names{"outside"}
{
  const LabelImageParameters &given = parameters.label_image;
  const VoxelFile image = read_voxels(given.file, "Organ/Label image/File");
  notes = image.warnings;
  if (!image.unit.empty() && image.unit != given.length_unit)
    notes.push_back("the image '" + given.file + "' says that its lengths are in " + image.unit +
                    ", 'Organ/Label image/Length unit' that they are in " + given.length_unit);
  const double unit = micrometres_per(given.length_unit) * given.scale;
  voxels = image.grid;
  voxels.origin = dealii::Point<3>(unit * voxels.origin);
  voxels.steps *= unit;
  to_index = dealii::invert(voxels.steps);
  if (dim == 2)
    check_plane(given.file);
  take(image, given);
  find_extent();
  const auto size = upper - lower;
  std::vector<double> extents(dim);
  for (unsigned int d = 0; d < dim; ++d)
    extents[d] = size[d];
  for (const auto &warning : size_warnings(extents, "Organ/Label image"))
    notes.push_back(warning);
}

template <int dim>
void LabelImage<dim>::check_plane(const std::string &file) const
{
  const auto &steps = voxels.steps;
  const double tilt = std::abs(steps[0][2]) + std::abs(steps[1][2]) + std::abs(steps[2][0]) + std::abs(steps[2][1]);
  if (voxels.size[2] != 1 || tilt > 1e-6 * steps.norm())
    throw InputError("Organ/Label image/File", file,
                     "an image of one slice in the plane of x and y for a run in 2-D (this one has " +
                         std::to_string(voxels.size[2]) + " slices, or is tilted)",
                     "cut out one slice, or set Run/Dimension = 3");
}

template <int dim>
void LabelImage<dim>::take(const VoxelFile &image, const LabelImageParameters &parameters)
{
  constexpr unsigned int most_regions = 254, unknown = 255;
  if (parameters.named.size() > most_regions)
    throw InputError("Organ/Label image/Regions", std::to_string(parameters.named.size()) + " regions",
                     "at most 254 regions", "put labels together");
  std::unordered_map<long, unsigned int> region_of;
  for (const auto &region : parameters.named)
  {
    for (const long label : region.labels)
      region_of[label] = static_cast<unsigned int>(names.size());
    names.push_back(region.name);
  }

  held.resize(voxels.n_voxels());
  counts.assign(names.size(), 0);
  std::set<long> present, used;
  // Neighbours mostly have the same label.
  double last = std::nan("");
  unsigned int last_region = unknown;
  for (std::size_t voxel = 0; voxel < held.size(); ++voxel)
  {
    const double value = image.value(voxel);
    if (value != last)
    {
      if (!(std::abs(value) < 1e9) || value != std::floor(value))
        throw InputError("Organ/Label image/File", parameters.file,
                         "an image of labels, which are whole numbers (voxel " + std::to_string(voxel) + " is " +
                             std::to_string(value) + ")",
                         "name the image of the segmentation, not the grey values, and save it with whole numbers");
      last = value;
      const auto found = region_of.find(static_cast<long>(value));
      last_region = found == region_of.end() ? this->outside : found->second;
      if (found != region_of.end())
        used.insert(found->first);
      // For a message; a damaged image may have as many labels as voxels.
      if (present.size() < 40)
        present.insert(static_cast<long>(value));
    }
    held[voxel] = static_cast<std::uint8_t>(last_region);
    ++counts[last_region];
  }

  std::string labels;
  for (const long label : present)
    labels += (labels.empty() ? "" : " ") + std::to_string(label);
  for (const auto &region : parameters.named)
    for (const long label : region.labels)
      if (used.count(label) == 0)
        throw InputError("Organ/Label image/Regions", region.name + ": " + std::to_string(label),
                         "labels that occur in " + parameters.file + ": " + labels, "correct the label, or remove it");
}

template <int dim>
void LabelImage<dim>::find_extent()
{
  std::array<std::size_t, 3> first = voxels.size, last = {{0, 0, 0}};
  std::size_t voxel = 0;
  for (std::size_t k = 0; k < voxels.size[2]; ++k)
    for (std::size_t j = 0; j < voxels.size[1]; ++j)
      for (std::size_t i = 0; i < voxels.size[0]; ++i, ++voxel)
        if (held[voxel] != this->outside)
        {
          const std::array<std::size_t, 3> at = {{i, j, k}};
          for (unsigned int d = 0; d < 3; ++d)
          {
            first[d] = std::min(first[d], at[d]);
            last[d] = std::max(last[d], at[d]);
          }
        }
  for (unsigned int d = 0; d < dim; ++d)
  {
    lower[d] = 1e300;
    upper[d] = -1e300;
  }
  for (unsigned int corner = 0; corner < 8; ++corner)
  {
    dealii::Tensor<1, 3> place;
    for (unsigned int d = 0; d < 3; ++d)
      place[d] = corner >> d & 1u ? static_cast<double>(last[d]) + 0.5 : static_cast<double>(first[d]) - 0.5;
    const dealii::Point<3> point = voxels.origin + voxels.steps * place;
    for (unsigned int d = 0; d < dim; ++d)
    {
      lower[d] = std::min(lower[d], point[d]);
      upper[d] = std::max(upper[d], point[d]);
    }
  }
}

template <int dim>
dealii::Point<3> LabelImage<dim>::index(const dealii::Point<dim> &point) const
{
  dealii::Point<3> place;
  place[2] = voxels.origin[2];
  for (unsigned int d = 0; d < dim; ++d)
    place[d] = point[d];
  return dealii::Point<3>(to_index * (place - voxels.origin));
}

template <int dim>
unsigned int LabelImage<dim>::region(const dealii::Point<dim> &point, const unsigned int) const
{
  const dealii::Point<3> place = index(point);
  std::size_t voxel = 0, stride = 1;
  for (unsigned int d = 0; d < 3; ++d)
  {
    const double nearest = std::floor(place[d] + 0.5);
    if (!(nearest >= 0.0 && nearest < static_cast<double>(voxels.size[d])))
      return this->outside;
    voxel += stride * static_cast<std::size_t>(nearest);
    stride *= voxels.size[d];
  }
  return held[voxel];
}

template <int dim>
bool LabelImage<dim>::is_uniform(const dealii::BoundingBox<dim> &box) const
{
  // All voxels in the range of indices that the corners of the box span; for a tilted image some of them are not in it.
  dealii::Point<3> least(1e300, 1e300, 1e300), most(-1e300, -1e300, -1e300);
  for (unsigned int corner = 0; corner < (1u << dim); ++corner)
  {
    const dealii::Point<3> place = index(box.vertex(corner));
    for (unsigned int d = 0; d < 3; ++d)
    {
      least[d] = std::min(least[d], place[d]);
      most[d] = std::max(most[d], place[d]);
    }
  }
  std::array<std::size_t, 3> begin, end;
  bool sticks_out = false;
  for (unsigned int d = 0; d < 3; ++d)
  {
    const double n = static_cast<double>(voxels.size[d]);
    const double first = std::floor(least[d] + 0.5), last = std::floor(most[d] + 0.5);
    if (last < 0.0 || first >= n)
      return true;
    sticks_out |= first < 0.0 || last >= n;
    begin[d] = static_cast<std::size_t>(std::max(first, 0.0));
    end[d] = static_cast<std::size_t>(std::min(last, n - 1.0)) + 1;
  }
  const auto at = [&](std::size_t i, std::size_t j, std::size_t k) {
    return held[i + voxels.size[0] * (j + voxels.size[1] * k)];
  };
  const unsigned int region = sticks_out ? this->outside : at(begin[0], begin[1], begin[2]);
  for (std::size_t k = begin[2]; k < end[2]; ++k)
    for (std::size_t j = begin[1]; j < end[1]; ++j)
      for (std::size_t i = begin[0]; i < end[0]; ++i)
        if (at(i, j, k) != region)
          return false;
  return true;
}

template <int dim>
std::vector<double> LabelImage<dim>::source_volumes() const
{
  const auto &steps = voxels.steps;
  const double voxel =
      dim == 3 ? std::abs(dealii::determinant(steps)) : std::abs(steps[0][0] * steps[1][1] - steps[0][1] * steps[1][0]);
  std::vector<double> volumes;
  for (std::size_t r = 0; r < counts.size(); ++r)
    volumes.push_back(r == this->outside ? 0.0 : static_cast<double>(counts[r]) * voxel);
  return volumes;
}

template <int dim>
std::array<typename BoxGridShape<dim>::Axis, dim> LabelImage<dim>::grid() const
{
  std::array<typename BoxGridShape<dim>::Axis, dim> axes;
  for (unsigned int d = 0; d < dim; ++d)
    axes[d] = this->covering(lower[d], upper[d]);
  return axes;
}

template class LabelImage<2>;
template class LabelImage<3>;
} // namespace nidus
