#pragma once

#include "organ/box_grid_shape.h"

namespace nidus
{
/**
 * The channel of a microfluidic device along x, from "inlet" to "outlet" between "wall"s: gel, and when asked for a
 * reservoir at each end ("source", "sink"). There is no "outside": region 0 is the gel.
 */
template <int dim>
class DeviceChannel : public BoxGridShape<dim>
{
public:
  explicit DeviceChannel(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override;
  unsigned int region(const dealii::Point<dim> &point, unsigned int coarse_region) const override;
  bool is_uniform(const dealii::BoundingBox<dim> &box) const override;

protected:
  std::array<typename BoxGridShape<dim>::Axis, dim> grid() const override;
  bool misses(const dealii::BoundingBox<dim> &) const override { return false; }
  std::pair<std::string, std::string> end_names(unsigned int axis) const override;

private:
  std::array<double, 3> size;
  double reservoir;
};
} // namespace nidus
