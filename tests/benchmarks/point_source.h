#pragma once

#include <string>
#include <vector>

namespace nidus::benchmark
{
/// Error of the field of a point source against the Yukawa solution with its mirror images.
struct PointSource
{
  std::string name;
  double step = 0.0;                 ///< min; 0: quasi-steady
  double error = 0.0;                ///< relative L2, 40 to 300 um from the source
  double axis = 0.0, diagonal = 0.0; ///< relative error at 100 and 104 um
  double mass = 0.0;                 ///< relative error of the amount
  double seconds = 0.0;              ///< from the ready mesh to the field at its steady state
  double nodes = 0.0;
};

/**
 * Net export of a point in the middle of a cube of 1.02 mm with 51 nodes along an edge, D = 6000 um^2/min, decay
 * 0.1/min, no-flux walls, 120 min from an empty cube. Cells within @p refined_radius (um) are halved.
 */
PointSource measure_point_source(double step, double gauss_share, double refined_radius);
} // namespace nidus::benchmark
