#pragma once

#include "coupling/cell_nodes.h"
#include "coupling/lattice_radius.h"
#include "organ/cell_locator.h"
#include "organ/vessel_system.h"

#include <memory>
#include <vector>

namespace nidus
{
/// Two directions normal to the unit vector @p direction and to each other.
std::array<dealii::Tensor<1, 3>, 2> normals(const dealii::Tensor<1, 3> &direction);

/// Whether a segment with its wall comes near the box between two corners.
bool touches(const VesselNetwork &network, std::size_t segment,
             const std::pair<dealii::Point<3>, dealii::Point<3>> &box);

/**
 * The walls of resolved vessels in the cells of a mesh, and the exchange of fields with blood through them.
 *
 * A vessel is a line source, 2 pi r P (B - c) per length, on the circle of its radius: each segment is cut into pieces
 * of at most a third of the shortest edge, and the wall of a piece into points, that hand their area to the nodes of
 * their cell with the weights of the shape functions. The exchange at a node is with the concentration there, so it is
 * a loss on the diagonal, implicit, and positivity stays. The permeability that a node gets is in series with the
 * tissue between the wall and the effective radius of the nodes (LatticeRadius),
 *
 *     1 / P_node = 1 / P + r / (phi D) ln(r_effective / r),
 *
 * which is exact for a straight vessel along an axis of cubic cells, wherever it is in them. Parts of a wall that are
 * not in tissue hand their area to the rest of the segment. Tissue inside a vessel stays tissue.
 *
 * What resolved vessels exchange in a region, P times their wall per tissue volume, is taken off the homogenised
 * exchange there: together they are the 'Vascular exchange rate' of the region, and nothing counts twice.
 */
template <int dim>
class VesselWalls
{
public:
  /// Sets the exchange of @p fields. @p vessels may be null: nothing happens then. Throws InputError on all ranks for a
  /// rate of exchange that is smaller than what resolved vessels exchange. Collective.
  VesselWalls(std::shared_ptr<const VesselSystem> vessels, const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
              FieldSet<dim> &fields);

  /// Null: none.
  const VesselSystem *system() const { return vessels.get(); }

  /// Shortest edge of the cells, um.
  double shortest_edge() const { return step; }

  /// Part of the wall of each segment that is in tissue; the same on all ranks.
  const std::vector<double> &part_in_tissue() const { return found; }

  /// Area of walls in each region, um^2, the same on all ranks.
  const std::vector<double> &area_by_region() const { return areas; }

private:
  /// A point of a wall in a cell of this rank.
  struct WallPoint
  {
    std::size_t segment;
    typename CellLocator<dim>::Place place;
    double area; ///< um^2
    dealii::Point<dim> wall, axis;
    dealii::Tensor<1, dim> direction;
  };

  template <typename Visit>
  void for_each_wall_point(const Visit &visit) const;
  void find_parts();
  double effective_radius(const WallPoint &point, double radius, LatticeRadius &lattice) const;
  /// Also finds the areas by region. um^dim/min, interlaced like the owned part of the state.
  std::vector<double> exchange_at_nodes(const CellNodes<dim> &nodes, const FieldSet<dim> &fields);
  std::vector<std::vector<double>> unresolved_rates(const FieldSet<dim> &fields) const;

  std::shared_ptr<const VesselSystem> vessels;
  const CellLocator<dim> &locator;
  double step;
  std::vector<double> found;
  std::vector<double> areas;
};
} // namespace nidus
