#pragma once

#include "organ/closed_surface.h"

#include <string>
#include <utility>
#include <vector>

namespace nidus
{
/// What keeps a surface from being the boundary of a region.
struct SurfaceFaults
{
  using Edge = std::pair<dealii::Point<3>, dealii::Point<3>>;

  std::vector<Edge> open;     ///< edges of one triangle only
  std::vector<Edge> branched; ///< edges of more than two triangles
  std::vector<Edge> crossing; ///< edges that go through a triangle which does not have them

  bool is_closed() const { return open.empty() && branched.empty(); }

  /// "2 open edges, at (0 0 0)-(1 0 0), ...", with the first few of each kind.
  std::string text() const;
};

/// Looks at each edge, and at each pair of triangles whose boxes meet. Triangles that lie in one plane do not cross.
SurfaceFaults find_faults(const Triangles &triangles);
} // namespace nidus
