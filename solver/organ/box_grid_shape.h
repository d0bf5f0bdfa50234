#pragma once

#include "organ/shape.h"

#include <array>

namespace nidus
{
/**
 * A shape whose coarse mesh is a grid of boxes, without those that miss it: region 0 is "outside" and fills what is
 * left out.
 *
 * Some boxes that miss the shape stay, so that the coarse mesh has no pinches (organ/pinches.h).
 */
template <int dim>
class BoxGridShape : public Shape<dim>
{
public:
  static constexpr unsigned int outside = 0;

  /// Throws InputError when there are more boxes than every rank can hold.
  void make_coarse_mesh(dealii::Triangulation<dim> &mesh) const override;
  std::map<dealii::types::boundary_id, std::string> ends() const override;

protected:
  /// @p coarse_edge: wanted edge of a box, um.
  explicit BoxGridShape(double coarse_edge) : coarse_edge(coarse_edge) {}

  /// Edge of a coarse cell for the wanted cell size, um.
  static double coarse_edge_of(const OrganParameters &parameters);

  struct Axis
  {
    double lower = 0.0;    ///< um
    double edge = 0.0;     ///< of a box, um
    unsigned int n = 0;    ///< boxes
    bool has_ends = false; ///< the shape fills the grid to both ends, which have names
  };

  /// An axis that starts at @p lower with boxes of the wanted edge, and ends at or behind @p upper.
  Axis covering(double lower, double upper) const;
  /// The same, with equal margins at both ends.
  Axis centred(double lower, double upper) const;
  /// An axis that keeps both ends exactly, with boxes as near to the wanted edge as that allows.
  Axis fitted(double lower, double upper) const;

  virtual std::array<Axis, dim> grid() const = 0;

  /// Whether nothing but "outside" is in @p box.
  virtual bool misses(const dealii::BoundingBox<dim> &box) const;

  /// Names of the lower and the upper end of an axis with ends.
  virtual std::pair<std::string, std::string> end_names(unsigned int axis) const;

private:
  double coarse_edge;
};
} // namespace nidus
