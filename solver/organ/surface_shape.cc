#include "organ/surface_shape.h"

#include "control/input_error.h"
#include "organ/length_unit.h"
#include "organ/surface_faults.h"
#include "organ/surface_file.h"

namespace nidus
{
SurfaceShape::SurfaceShape(const OrganParameters &parameters)
    : BoxGridShape<3>(coarse_edge_of(parameters)), names{"outside"}
{
  const std::string entry = "Organ/Surface/Surfaces";
  const double unit = micrometres_per(parameters.surface.length_unit) * parameters.surface.scale;
  for (const auto &region : parameters.surface.named)
  {
    Triangles triangles = read_surface(region.file, entry);
    const SurfaceFaults faults = find_faults(triangles);
    if (!faults.is_closed() || (!faults.crossing.empty() && !parameters.surface.accept_crossings))
      throw InputError(
          entry, region.name + ": " + region.file,
          "closed surfaces that do not cross themselves (this one has " + faults.text() + ", in the unit of the file)",
          faults.is_closed() ? "mend it, for example with MeshLab, or set Organ/Surface/Accept crossings = true"
                             : "close the surface, for example with MeshLab");
    if (!faults.crossing.empty())
      notes.push_back("the surface of " + region.name + " has " + faults.text() +
                      "; what it encloses twice is outside");
    for (auto &point : triangles.points)
      point = dealii::Point<3>(unit * point);
    names.push_back(region.name);
    surfaces.emplace_back(std::move(triangles));
    if (surfaces.size() == 1)
      hull = surfaces.back().hull();
    hull.include(surfaces.back().hull());
  }
  const auto sizes = size_warnings(
      {hull.upper[0] - hull.lower[0], hull.upper[1] - hull.lower[1], hull.upper[2] - hull.lower[2]}, "Organ/Surface");
  notes.insert(notes.end(), sizes.begin(), sizes.end());
}

unsigned int SurfaceShape::region(const dealii::Point<3> &point, const unsigned int) const
{
  for (std::size_t s = 0; s < surfaces.size(); ++s)
    if (surfaces[s].encloses(point))
      return static_cast<unsigned int>(s + 1);
  return outside;
}

bool SurfaceShape::is_uniform(const dealii::BoundingBox<3> &box) const
{
  Box same;
  for (unsigned int d = 0; d < 3; ++d)
  {
    same.lower[d] = box.lower_bound(d);
    same.upper[d] = box.upper_bound(d);
  }
  for (const ClosedSurface &surface : surfaces)
  {
    if (surface.meets(same))
      return false;
    // What is in the first surface does not see the next ones.
    if (surface.encloses(box.center()))
      return true;
  }
  return true;
}

std::vector<double> SurfaceShape::source_volumes() const
{
  // With surfaces in each other, a region is not all that its surface encloses.
  if (surfaces.size() > 1)
    return {};
  return {0.0, surfaces.front().volume()};
}

std::array<BoxGridShape<3>::Axis, 3> SurfaceShape::grid() const
{
  return {{covering(hull.lower[0], hull.upper[0]), covering(hull.lower[1], hull.upper[1]),
           covering(hull.lower[2], hull.upper[2])}};
}
} // namespace nidus
