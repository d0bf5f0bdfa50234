#pragma once

#include "control/parameter_file.h"

#include <deal.II/base/point.h>

#include <string>
#include <vector>

namespace nidus
{
/// Where blood enters or leaves the vessels.
struct VesselEnd
{
  dealii::Point<3> place; ///< um
  double pressure;        ///< Pa
  std::string entry;      ///< of the parameter file
  std::string text;       ///< as in the file
};

struct VesselFileParameters
{
  std::string file;
  std::string length_unit = "um";
  std::vector<double> shift = {0.0, 0.0, 0.0}; ///< um
  std::string radius_array = "radius";
  std::string pressure_array;   ///< empty: none
  double merge_distance = 1e-3; ///< um
};

struct VesselTreeParameters
{
  double inlet_radius = 25.0;   ///< um
  double terminal_radius = 4.0; ///< um
  double murray_exponent = 3.0;
  double link_length = 50.0; ///< um, of the capillary between an arterial and a venous end
};

struct CapillaryMeshParameters
{
  double spacing = 60.0;       ///< um
  double jitter = 0.25;        ///< of the spacing
  double radius = 3.0;         ///< um
  double radius_spread = 0.15; ///< standard deviation of the logarithm
  std::string axis = "x";
  double inlet_pressure = 3000.0, outlet_pressure = 2000.0; ///< Pa
};

/// The vessels that are resolved as lines.
struct VesselParameters
{
  std::string source = "none";            ///< none | file | tree | capillary mesh
  double viscosity = 3.0;                 ///< mPa s
  std::string viscosity_law = "constant"; ///< constant | in vivo
  std::string inlets, outlets;            ///< "x, y, z, pressure; ..."
  VesselFileParameters file;
  VesselTreeParameters tree;
  CapillaryMeshParameters capillaries;

  std::vector<VesselEnd> inlet_list, outlet_list; ///< resolved

  bool any() const { return source != "none"; }

  void declare(dealii::ParameterHandler &handler);

  /// Checks what one entry alone cannot tell; @p dimension of the run, @p shape of the organ, @p directory that
  /// relative files start from.
  void resolve(unsigned int dimension, const std::string &shape, const std::string &directory);
};
} // namespace nidus
