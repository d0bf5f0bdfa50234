#pragma once

#include "organ/shape.h"

namespace nidus
{
/**
 * A lobe of a mouse lung as an implicit shape, with a monopodial airway tree (as mice have: one axial path that gives
 * off lateral branches; Metzger et al. 2008, [M]).
 *
 * The x axis runs from base to apex, y from the hilum (medial) to the ribs (costal), z across. The outline is a
 * tapered ellipsoid with an impression of the heart on the medial side and of the diaphragm at the base.
 */
class LungLobe : public Shape<3>
{
public:
  explicit LungLobe(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override { return {"outside", "parenchyma", "airway"}; }
  void make_coarse_mesh(dealii::Triangulation<3> &mesh) const override;
  unsigned int region(const dealii::Point<3> &point, unsigned int coarse_region) const override;

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
  double coarse_cell_size;
  std::vector<Branch> airway;
};
} // namespace nidus
