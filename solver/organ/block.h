#pragma once

#include "organ/shape.h"

#include <array>

namespace nidus
{
/// A rectangular piece of tissue, with a straight airway through its middle when asked for.
template <int dim>
class Block : public Shape<dim>
{
public:
  explicit Block(const OrganParameters &parameters);

  std::vector<std::string> region_names() const override;
  void make_coarse_mesh(dealii::Triangulation<dim> &mesh) const override;
  double n_coarse_cells() const override;
  std::map<dealii::types::boundary_id, std::string> ends() const override;
  std::vector<unsigned int> periodic_axes() const override { return periodic; }
  unsigned int region(const dealii::Point<dim> &point, unsigned int coarse_region) const override;

private:
  /// Coarse cells along each axis.
  std::array<double, dim> repetitions() const;

  dealii::Point<dim> size;
  double coarse_cell_size;
  double lumen_radius;
  std::vector<unsigned int> periodic;
};
} // namespace nidus
