#pragma once

#include "organ/shape.h"

namespace nidus
{
/// An organ from a mesh of hexahedra or tetrahedra (quadrilaterals or triangles in 2-D); regions are the numbers of the
/// cells of the file, in a Gmsh file the numbers or names of its physical volumes.
template <int dim>
class MeshFile : public Shape<dim>
{
public:
  /// Reads the file. Throws InputError when it is missing, damaged, or holds other cells.
  explicit MeshFile(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override { return names; }
  void make_coarse_mesh(dealii::Triangulation<dim> &mesh) const override;
  std::map<dealii::types::boundary_id, std::string> ends() const override { return end_names; }
  bool can_be_refined_locally() const override { return !pinched; }
  unsigned int region(const dealii::Point<dim> &, unsigned int coarse_region) const override { return coarse_region; }
  unsigned int refinements_done() const override { return done; }
  bool knows_every_point() const override { return false; }
  /// A cell has the region of its coarse cell.
  bool is_uniform(const dealii::BoundingBox<dim> &) const override { return true; }
  std::vector<std::string> warnings() const override { return notes; }

private:
  void name_regions(const MeshFileParameters &parameters);
  void name_ends(const MeshFileParameters &parameters);

  std::vector<std::string> names, notes;
  dealii::Triangulation<dim> coarse;
  std::map<dealii::types::boundary_id, std::string> end_names;
  unsigned int done = 0;
  bool pinched = false;
};
} // namespace nidus
