#pragma once

#include "organ/box_tree.h"

#include <deal.II/base/point.h>

#include <array>
#include <vector>

namespace nidus
{
/// A surface of triangles; points that coincide are one.
struct Triangles
{
  std::vector<dealii::Point<3>> points;
  std::vector<std::array<unsigned int, 3>> corners;

  /// The box around each triangle.
  std::vector<Box> boxes() const;
};

/// A closed surface of triangles, which knows what it encloses.
class ClosedSurface
{
public:
  /// @p triangles must be closed (organ/surface_faults.h).
  explicit ClosedSurface(Triangles triangles);

  /**
   * Whether @p point is enclosed: the number of triangles above it is odd.
   *
   * Neighbouring triangles decide with the same numbers on which side of their common edge the point is, so none is
   * counted twice or missed; only a point within rounding of the surface may be taken for one on the other side.
   */
  bool encloses(const dealii::Point<3> &point) const;

  /// Whether a part of the surface is in @p box.
  bool meets(const Box &box) const;

  double volume() const { return enclosed; }
  const Box &hull() const { return tree.hull(); }

private:
  bool is_above(const std::array<unsigned int, 3> &corners, const dealii::Point<3> &point) const;

  Triangles triangles;
  BoxTree tree;
  double enclosed = 0.0;
};
} // namespace nidus
