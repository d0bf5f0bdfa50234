#pragma once

#include "organ/box_grid_shape.h"

namespace nidus
{
/// An ellipsoid or a ball (in 2-D an ellipse or a disc) of tissue around the origin, with its axes along the
/// coordinates.
template <int dim>
class Ellipsoid : public BoxGridShape<dim>
{
public:
  /// @p semi_axes: half of the extent along each axis, um.
  Ellipsoid(const OrganParameters &parameters, const std::vector<double> &semi_axes);

  std::vector<std::string> region_names() const override { return {"outside", "parenchyma"}; }
  unsigned int region(const dealii::Point<dim> &point, unsigned int coarse_region) const override;
  bool is_uniform(const dealii::BoundingBox<dim> &box) const override;
  std::vector<double> source_volumes() const override;

protected:
  std::array<typename BoxGridShape<dim>::Axis, dim> grid() const override;

private:
  std::vector<double> semi_axes;
};
} // namespace nidus
