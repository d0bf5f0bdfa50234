#pragma once

#include "organ/vessel_parameters.h"

#include <deal.II/base/point.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/// Lines as a file has them, in its unit.
struct VesselLines
{
  std::vector<dealii::Point<3>> points;
  std::vector<std::uint32_t> first, second; ///< points of each segment
  std::vector<double> radius;               ///< of each segment
  std::vector<double> pressure;             ///< of each point, Pa; empty: not asked for
};

/// Thrown on the rank that reads, to become an InputError on all ranks.
struct UnreadableVessels
{
  std::string entry, allowed, cure;

  /// What the parameter file says in the entry.
  std::string value(const VesselFileParameters &file) const
  {
    return entry == "Vessels/File/Radius array" ? file.radius_array : file.pressure_array;
  }
};

/// Lines and polylines of VTK polydata or of an unstructured grid; other cells are left out. Not collective. Throws
/// UnreadableVessels.
VesselLines read_vtk_lines(const std::string &file, const std::string &radius_array, const std::string &pressure_array);
} // namespace nidus
