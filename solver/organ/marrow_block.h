#pragma once

#include "organ/box_grid_shape.h"
#include "organ/disc.h"

namespace nidus
{
/// A block of marrow with parallel sinusoids in a square array, and a region around each when asked for. There is no
/// "outside": region 0 is the parenchyma.
template <int dim>
class MarrowBlock : public BoxGridShape<dim>
{
public:
  explicit MarrowBlock(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override;
  unsigned int region(const dealii::Point<dim> &point, unsigned int coarse_region) const override;
  bool is_uniform(const dealii::BoundingBox<dim> &box) const override;

protected:
  std::array<typename BoxGridShape<dim>::Axis, dim> grid() const override;
  bool misses(const dealii::BoundingBox<dim> &) const override { return false; }

private:
  std::vector<double> size;
  double niche_thickness;
  std::vector<Disc> sinusoids;
};
} // namespace nidus
