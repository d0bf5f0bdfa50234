#pragma once

#include "organ/box_grid_shape.h"

namespace nidus
{
/**
 * A lobe of a mouse lung as an implicit shape, with a monopodial airway tree (as mice have: one axial path that gives
 * off lateral branches; Metzger et al. 2008, [M]).
 *
 * The x axis runs from base to apex, y from the hilum (medial) to the ribs (costal), z across. The outline is a
 * tapered ellipsoid with an impression of the heart on the medial side and of the diaphragm at the base.
 */
class LungLobe : public BoxGridShape<3>
{
public:
  explicit LungLobe(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override { return {"outside", "parenchyma", "airway"}; }
  unsigned int region(const dealii::Point<3> &point, unsigned int coarse_region) const override;

protected:
  std::array<Axis, 3> grid() const override;
  bool misses(const dealii::BoundingBox<3> &box) const override;

private:
  struct Branch
  {
    dealii::Point<3> start, end;
    double radius;
  };

  bool in_lobe(const dealii::Point<3> &point) const;
  bool in_airway(const dealii::Point<3> &point) const;
  void grow_airway();
  void grow_laterals(const Branch &mother, const dealii::Tensor<1, 3> &normal, unsigned int generations);

  LungLobeParameters size;
  std::vector<Branch> airway;
};
} // namespace nidus
