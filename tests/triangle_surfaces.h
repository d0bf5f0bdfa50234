#pragma once

#include "organ/closed_surface.h"

#include <cmath>
#include <fstream>
#include <string>

namespace nidus::test
{
/// An ellipsoid around @p centre, of 2 n (n - 1) triangles between n parallels and 2 n meridians.
inline Triangles ellipsoid(const dealii::Tensor<1, 3> &semi_axes, const unsigned int n,
                           const dealii::Point<3> &centre = {})
{
  Triangles result;
  const auto add = [&](const double x, const double y, const double z) {
    result.points.push_back(centre + dealii::Tensor<1, 3>({x * semi_axes[0], y * semi_axes[1], z * semi_axes[2]}));
  };
  add(0.0, 0.0, 1.0);
  for (unsigned int i = 1; i < n; ++i)
    for (unsigned int j = 0; j < 2 * n; ++j)
      add(std::sin(M_PI * i / n) * std::cos(M_PI * j / n), std::sin(M_PI * i / n) * std::sin(M_PI * j / n),
          std::cos(M_PI * i / n));
  add(0.0, 0.0, -1.0);
  const auto at = [&](const unsigned int i, const unsigned int j) { return 1 + (i - 1) * 2 * n + j % (2 * n); };
  const auto last = static_cast<unsigned int>(result.points.size() - 1);
  for (unsigned int j = 0; j < 2 * n; ++j)
  {
    result.corners.push_back({{0, at(1, j), at(1, j + 1)}});
    result.corners.push_back({{last, at(n - 1, j + 1), at(n - 1, j)}});
    for (unsigned int i = 1; i + 1 < n; ++i)
    {
      result.corners.push_back({{at(i, j), at(i + 1, j), at(i + 1, j + 1)}});
      result.corners.push_back({{at(i, j), at(i + 1, j + 1), at(i, j + 1)}});
    }
  }
  return result;
}

/// A text file .obj, .ply or .stl.
inline void write(const Triangles &surface, const std::string &name)
{
  std::ofstream out(name);
  out.precision(9);
  const std::string ending = name.substr(name.size() - 4);
  if (ending == ".ply")
    out << "ply\nformat ascii 1.0\nelement vertex " << surface.points.size()
        << "\nproperty float x\nproperty float y\nproperty float z\nelement face " << surface.corners.size()
        << "\nproperty list uchar int vertex_indices\nend_header\n";
  if (ending == ".stl")
  {
    out << "solid organ\n";
    for (const auto &corners : surface.corners)
    {
      out << "facet normal 0 0 0\nouter loop\n";
      for (const unsigned int corner : corners)
        out << "vertex " << surface.points[corner] << "\n";
      out << "endloop\nendfacet\n";
    }
    out << "endsolid organ\n";
    return;
  }
  for (const auto &point : surface.points)
    out << (ending == ".obj" ? "v " : "") << point << "\n";
  for (const auto &corners : surface.corners)
    if (ending == ".obj")
      out << "f " << corners[0] + 1 << " " << corners[1] + 1 << " " << corners[2] + 1 << "\n";
    else
      out << "3 " << corners[0] << " " << corners[1] << " " << corners[2] << "\n";
}
} // namespace nidus::test
