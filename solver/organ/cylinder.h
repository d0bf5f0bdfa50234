#pragma once

#include "organ/box_grid_shape.h"
#include "organ/disc.h"

namespace nidus
{
/// A cylinder of tissue along z, with a lumen along its axis when asked for; its ends are "z min" and "z max".
class Cylinder : public BoxGridShape<3>
{
public:
  explicit Cylinder(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override;
  unsigned int region(const dealii::Point<3> &point, unsigned int coarse_region) const override;
  bool is_uniform(const dealii::BoundingBox<3> &box) const override;
  std::vector<double> source_volumes() const override;

protected:
  std::array<Axis, 3> grid() const override;

private:
  Disc tissue, lumen;
  double length;
};
} // namespace nidus
