#pragma once

#include "organ/box_grid_shape.h"
#include "organ/disc.h"

namespace nidus
{
/**
 * A liver lobule: a hexagonal prism along z around a central vein, with a portal vessel at each corner.
 *
 * Two corners lie on the x axis. The sides, at which neighbouring lobules begin, are "outside"; the ends are "z min"
 * and "z max". In 2-D a cross-section.
 */
template <int dim>
class LiverLobule : public BoxGridShape<dim>
{
public:
  explicit LiverLobule(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override { return {"outside", "parenchyma", "central_vein", "portal"}; }
  unsigned int region(const dealii::Point<dim> &point, unsigned int coarse_region) const override;
  bool is_uniform(const dealii::BoundingBox<dim> &box) const override;
  std::vector<double> source_volumes() const override;

protected:
  std::array<typename BoxGridShape<dim>::Axis, dim> grid() const override;

private:
  double inner_radius; ///< centre to side, um
  double height;       ///< um
  Disc central_vein;
  std::array<Disc, 6> portals;
};
} // namespace nidus
