#include "organ/surface_faults.h"

#include <deal.II/base/tensor.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

namespace nidus
{
namespace
{
using Corners = std::array<unsigned int, 3>;

/// Six times the volume of a tetrahedron; 0 when it is not more than rounding can make of none.
double orientation(const dealii::Point<3> &a, const dealii::Point<3> &b, const dealii::Point<3> &c,
                   const dealii::Point<3> &d)
{
  const dealii::Tensor<1, 3> ad = a - d, bd = b - d, cd = c - d;
  const double volume = ad * dealii::cross_product_3d(bd, cd);
  return std::abs(volume) > 1e-12 * ad.norm() * bd.norm() * cd.norm() ? volume : 0.0;
}

/// Whether the open segment from @p p to @p q goes through the inside of the triangle.
bool pierces(const dealii::Point<3> &p, const dealii::Point<3> &q, const std::array<dealii::Point<3>, 3> &t)
{
  const double from = orientation(t[0], t[1], t[2], p), to = orientation(t[0], t[1], t[2], q);
  if (!((from > 0.0 && to < 0.0) || (from < 0.0 && to > 0.0)))
    return false;
  const double u = orientation(p, q, t[0], t[1]), v = orientation(p, q, t[1], t[2]), w = orientation(p, q, t[2], t[0]);
  return (u > 0.0 && v > 0.0 && w > 0.0) || (u < 0.0 && v < 0.0 && w < 0.0);
}

using EdgeSet = std::set<std::pair<unsigned int, unsigned int>>;

/// Adds the edges of the triangle @p edges that go through @p other.
void add_piercing(const Triangles &triangles, const Corners &edges, const Corners &other, EdgeSet &crossing)
{
  const auto has = [&](const unsigned int point) {
    return std::find(other.begin(), other.end(), point) != other.end();
  };
  for (unsigned int i = 0; i < 3; ++i)
  {
    const unsigned int a = edges[i], b = edges[(i + 1) % 3];
    // An edge from a common corner starts in the plane of the other triangle.
    if (has(a) || has(b))
      continue;
    if (pierces(triangles.points[a], triangles.points[b],
                {{triangles.points[other[0]], triangles.points[other[1]], triangles.points[other[2]]}}))
      crossing.emplace(std::min(a, b), std::max(a, b));
  }
}

void add_text(std::ostringstream &text, const std::vector<SurfaceFaults::Edge> &edges, const std::string &kind)
{
  constexpr std::size_t shown = 3;
  if (edges.empty())
    return;
  text << (text.tellp() > 0 ? "; " : "") << edges.size() << " " << kind << " edge" << (edges.size() > 1 ? "s" : "")
       << ", at ";
  const auto point = [](const dealii::Point<3> &p) {
    std::ostringstream result;
    result << "(" << p[0] << " " << p[1] << " " << p[2] << ")";
    return result.str();
  };
  for (std::size_t i = 0; i < std::min(shown, edges.size()); ++i)
    text << (i > 0 ? ", " : "") << point(edges[i].first) << "-" << point(edges[i].second);
  if (edges.size() > shown)
    text << ", ...";
}
} // namespace

std::string SurfaceFaults::text() const
{
  std::ostringstream text;
  add_text(text, open, "open");
  add_text(text, branched, "branched");
  add_text(text, crossing, "crossing");
  return text.str();
}

SurfaceFaults find_faults(const Triangles &triangles)
{
  SurfaceFaults faults;
  std::vector<std::pair<unsigned int, unsigned int>> edges;
  edges.reserve(3 * triangles.corners.size());
  for (const auto &corners : triangles.corners)
    for (unsigned int i = 0; i < 3; ++i)
      edges.emplace_back(std::min(corners[i], corners[(i + 1) % 3]), std::max(corners[i], corners[(i + 1) % 3]));
  std::sort(edges.begin(), edges.end());
  for (auto first = edges.begin(); first != edges.end();)
  {
    const auto last = std::upper_bound(first, edges.end(), *first);
    if (last - first != 2)
      (last - first == 1 ? faults.open : faults.branched)
          .emplace_back(triangles.points[first->first], triangles.points[first->second]);
    first = last;
  }

  EdgeSet crossing;
  const BoxTree tree(triangles.boxes());
  for (std::uint32_t t = 0; t < tree.size(); ++t)
    tree.any_in(tree[t], [&](const std::uint32_t other) {
      if (other != t)
        add_piercing(triangles, triangles.corners[t], triangles.corners[other], crossing);
      return false;
    });
  for (const auto &[a, b] : crossing)
    faults.crossing.emplace_back(triangles.points[a], triangles.points[b]);
  return faults;
}
} // namespace nidus
