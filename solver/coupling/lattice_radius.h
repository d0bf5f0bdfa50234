#pragma once

#include <array>

namespace nidus
{
/**
 * How wide a line source is that a mesh carries at its nodes.
 *
 * A vessel much thinner than the cells hands its exchange to nodes, and what it meets there is the concentration at the
 * nodes, not at its wall. Far from it, the nodes' sources make the same field as a cylinder of the effective radius
 * whose wall has the concentration that they meet on average (Peaceman 1978 for a well in the middle of a cell).
 */
class LatticeRadius
{
public:
  /**
   * Effective radius in units of the cells' edge, of a circle of radius @p radius (edges, along both axes) around a
   * line that passes the plane of nodes at @p place (edges, from a node). From the lattice's potential a (infinite
   * five-point stencil): ln r = 2 pi sum w_i w_j a(i - j) - gamma - 3/2 ln 2, with the weights w that the shape
   * functions give to nodes at the points of the circle.
   */
  double at(const std::array<double, 2> &place, const std::array<double, 2> &radius);

private:
  /// Of the last call: neighbouring points of a vessel ask for the same.
  std::array<double, 2> last_place = {{-1.0, -1.0}}, last_radius = {{-1.0, -1.0}};
  double last = 0.0;
};

/// Potential of the square lattice at node (i, j): its five-point Laplacian is one at the origin, where it is zero, and
/// else zero. 1/4 at (1, 0), 1/pi at (1, 1).
double lattice_potential(int i, int j);
} // namespace nidus
