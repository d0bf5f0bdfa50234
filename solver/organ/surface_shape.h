#pragma once

#include "organ/box_grid_shape.h"
#include "organ/closed_surface.h"

namespace nidus
{
/// An organ inside of closed surfaces, a region for each: a point belongs to the first that encloses it.
class SurfaceShape : public BoxGridShape<3>
{
public:
  /// Reads the surfaces. Throws InputError, for surfaces that are not closed or cross themselves too.
  explicit SurfaceShape(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override { return names; }
  unsigned int region(const dealii::Point<3> &point, unsigned int coarse_region) const override;
  bool is_uniform(const dealii::BoundingBox<3> &box) const override;
  std::vector<double> source_volumes() const override;
  std::vector<std::string> warnings() const override { return notes; }

protected:
  std::array<Axis, 3> grid() const override;

private:
  std::vector<std::string> names, notes;
  std::vector<ClosedSurface> surfaces; ///< of regions 1, 2, ...
  Box hull;
};
} // namespace nidus
