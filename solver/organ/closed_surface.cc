#include "organ/closed_surface.h"

#include <deal.II/base/tensor.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
using Vector = dealii::Tensor<1, 3>;

/// Whether an axis separates a triangle from a box around the origin.
bool separates(const Vector &axis, const std::array<Vector, 3> &corners, const Vector &half)
{
  const double reach = half[0] * std::abs(axis[0]) + half[1] * std::abs(axis[1]) + half[2] * std::abs(axis[2]);
  const double a = axis * corners[0], b = axis * corners[1], c = axis * corners[2];
  return std::min({a, b, c}) > reach || std::max({a, b, c}) < -reach;
}

/// Of a triangle and a box that meets the box around it (the separating axes of Akenine-Moeller, 2001).
bool triangle_meets(const std::array<dealii::Point<3>, 3> &triangle, const Box &box)
{
  Vector half;
  dealii::Point<3> centre;
  for (unsigned int d = 0; d < 3; ++d)
  {
    half[d] = 0.5 * (box.upper[d] - box.lower[d]);
    centre[d] = 0.5 * (box.upper[d] + box.lower[d]);
  }
  const std::array<Vector, 3> corners = {{triangle[0] - centre, triangle[1] - centre, triangle[2] - centre}};
  const std::array<Vector, 3> edges = {{corners[1] - corners[0], corners[2] - corners[1], corners[0] - corners[2]}};
  if (separates(dealii::cross_product_3d(edges[0], edges[1]), corners, half))
    return false;
  for (const Vector &edge : edges)
    for (unsigned int d = 0; d < 3; ++d)
    {
      Vector unit;
      unit[d] = 1.0;
      if (separates(dealii::cross_product_3d(edge, unit), corners, half))
        return false;
    }
  return true;
}
} // namespace

std::vector<Box> Triangles::boxes() const
{
  std::vector<Box> result;
  result.reserve(corners.size());
  for (const auto &triangle : corners)
  {
    Box box;
    for (unsigned int d = 0; d < 3; ++d)
    {
      const double a = points[triangle[0]][d], b = points[triangle[1]][d], c = points[triangle[2]][d];
      box.lower[d] = std::min({a, b, c});
      box.upper[d] = std::max({a, b, c});
    }
    result.push_back(box);
  }
  return result;
}

ClosedSurface::ClosedSurface(Triangles given) : triangles(std::move(given)), tree(triangles.boxes())
{
  // The divergence theorem, from a point of the surface, where rounding is small.
  const dealii::Point<3> origin = triangles.points[triangles.corners.front()[0]];
  for (const auto &corners : triangles.corners)
  {
    const Vector a = triangles.points[corners[0]] - origin, b = triangles.points[corners[1]] - origin,
                 c = triangles.points[corners[2]] - origin;
    enclosed += a * dealii::cross_product_3d(b, c) / 6.0;
  }
  enclosed = std::abs(enclosed);
}

bool ClosedSurface::is_above(const std::array<unsigned int, 3> &corners, const dealii::Point<3> &point) const
{
  // Seen from above: is the point in the triangle? An edge counts when it crosses the half line towards +x.
  bool inside = false;
  for (unsigned int i = 0; i < 3; ++i)
  {
    // From the corner with the lower number, so that both triangles of an edge do the same arithmetic.
    const unsigned int first = std::min(corners[i], corners[(i + 1) % 3]),
                       second = std::max(corners[i], corners[(i + 1) % 3]);
    const dealii::Point<3> &a = triangles.points[first], &b = triangles.points[second];
    if ((a[1] > point[1]) != (b[1] > point[1]) && point[0] < a[0] + (point[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
      inside = !inside;
  }
  if (!inside)
    return false;
  const dealii::Point<3> &a = triangles.points[corners[0]], &b = triangles.points[corners[1]],
                         &c = triangles.points[corners[2]];
  const Vector normal = dealii::cross_product_3d(b - a, c - a);
  const auto [least, most] = std::minmax({a[2], b[2], c[2]});
  // A triangle that stands upright is above what is below all of it.
  const double height =
      normal[2] == 0.0 ? most : a[2] - (normal[0] * (point[0] - a[0]) + normal[1] * (point[1] - a[1])) / normal[2];
  return std::clamp(height, least, most) > point[2];
}

bool ClosedSurface::encloses(const dealii::Point<3> &point) const
{
  bool inside = false;
  const Box up = {{{point[0], point[1], point[2]}}, {{point[0], point[1], std::max(point[2], hull().upper[2])}}};
  tree.any_in(up, [&](const std::uint32_t triangle) {
    inside ^= is_above(triangles.corners[triangle], point);
    return false;
  });
  return inside;
}

bool ClosedSurface::meets(const Box &box) const
{
  return tree.any_in(box, [&](const std::uint32_t triangle) {
    const auto &corners = triangles.corners[triangle];
    return triangle_meets({{triangles.points[corners[0]], triangles.points[corners[1]], triangles.points[corners[2]]}},
                          box);
  });
}
} // namespace nidus
