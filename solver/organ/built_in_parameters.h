#pragma once

#include <deal.II/base/parameter_handler.h>

#include <string>
#include <vector>

namespace nidus
{
struct BallParameters
{
  double radius = 500.0; ///< um
};

struct EllipsoidParameters
{
  std::vector<double> semi_axes = {600.0, 400.0, 300.0}; ///< um
};

struct CylinderParameters
{
  double radius = 300.0, length = 1000.0; ///< um
  double lumen_radius = 0.0;              ///< um; 0: none
};

struct DeviceChannelParameters
{
  double length = 900.0, width = 200.0, height = 200.0; ///< um, along x, y, z
  double reservoir_length = 0.0;                        ///< um, at each end; 0: none
};

struct LiverLobuleParameters
{
  double radius = 250.0, height = 300.0; ///< um, centre to corner; along z
  double central_vein_radius = 25.0;     ///< um
  double portal_radius = 25.0;           ///< um, of the vessels at the corners
};

struct MarrowBlockParameters
{
  std::vector<double> size = {340.0, 340.0, 340.0}; ///< um
  double sinusoid_radius = 12.5;                    ///< um
  double gap = 60.0;                                ///< um, between the walls of neighbouring sinusoids
  double niche_thickness = 0.0;                     ///< um, of the region around each sinusoid; 0: none
};

/// The shapes that are made of simple bodies.
struct BuiltInParameters
{
  BallParameters ball;
  EllipsoidParameters ellipsoid;
  CylinderParameters cylinder;
  DeviceChannelParameters device;
  LiverLobuleParameters lobule;
  MarrowBlockParameters marrow;

  /// A subsection of 'Organ' for each.
  void declare(dealii::ParameterHandler &handler);

  /// Checks the numbers of @p shape (one of these, or another) against each other. Throws InputError.
  void check(const std::string &shape, unsigned int dimension) const;
};
} // namespace nidus
