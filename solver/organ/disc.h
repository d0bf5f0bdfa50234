#pragma once

#include <deal.II/base/bounding_box.h>
#include <deal.II/base/point.h>

#include <algorithm>

namespace nidus
{
/// How a body lies to a box.
enum class Overlap
{
  none,
  part,
  whole ///< the body fills the box
};

/// A disc in the plane of the first two axes; in 3-D a cylinder along the third that has no ends.
struct Disc
{
  double x, y, radius; ///< um

  template <int dim>
  bool holds(const dealii::Point<dim> &point) const
  {
    return (point[0] - x) * (point[0] - x) + (point[1] - y) * (point[1] - y) < radius * radius;
  }

  template <int dim>
  Overlap overlap(const dealii::BoundingBox<dim> &box) const
  {
    const auto &[lower, upper] = box.get_boundary_points();
    const double near_x = std::clamp(x, lower[0], upper[0]) - x, near_y = std::clamp(y, lower[1], upper[1]) - y;
    const double far_x = std::max(x - lower[0], upper[0] - x), far_y = std::max(y - lower[1], upper[1] - y);
    if (near_x * near_x + near_y * near_y >= radius * radius)
      return Overlap::none;
    return far_x * far_x + far_y * far_y < radius * radius ? Overlap::whole : Overlap::part;
  }
};
} // namespace nidus
