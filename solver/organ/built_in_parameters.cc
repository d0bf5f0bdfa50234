#include "organ/built_in_parameters.h"

#include "control/input_error.h"
#include "control/parameter_file.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
void declare_round(dealii::ParameterHandler &handler, BuiltInParameters &shapes)
{
  handler.enter_subsection("Ball");
  bind(handler, "Radius", shapes.ball.radius, "Radius of a ball (a disc in 2-D) around the origin.", {"um"},
       allowed::positive());
  handler.leave_subsection();

  handler.enter_subsection("Ellipsoid");
  bind(handler, "Semi-axes", shapes.ellipsoid.semi_axes,
       "Half of the extent along x, y, z (2-D: x, y) of an ellipsoid around the origin.", {"um"},
       dealii::Patterns::List(allowed::positive(), 2, 3));
  handler.leave_subsection();

  auto &cylinder = shapes.cylinder;
  handler.enter_subsection("Cylinder");
  bind(handler, "Radius", cylinder.radius, "Radius of a cylinder around the z axis.", {"um"}, allowed::positive());
  bind(handler, "Length", cylinder.length, "From 'z min' at 0 to 'z max'.", {"um"}, allowed::positive());
  bind(handler, "Lumen radius", cylinder.lumen_radius, "Radius of a lumen (region 'lumen') along the axis; 0: none.",
       {"um"}, allowed::non_negative());
  handler.leave_subsection();
}

void declare_device(dealii::ParameterHandler &handler, DeviceChannelParameters &device)
{
  handler.enter_subsection("Device channel");
  bind(handler, "Length", device.length,
       "Along x, reservoirs included. The ends of the mesh are the boundaries 'inlet' (x min), 'outlet' (x max) and "
       "'wall'.",
       {"um", "[A]", "M"}, allowed::positive());
  bind(handler, "Width", device.width, "Along y.", {"um", "[A]", "M"}, allowed::positive());
  bind(handler, "Height", device.height, "Along z; not read in 2-D.", {"um", "[A]", "M"}, allowed::positive());
  bind(handler, "Reservoir length", device.reservoir_length,
       "Length of the regions 'source' (at the inlet) and 'sink' (at the outlet) beside the region 'gel'; 0: gel "
       "alone. A reservoir without tissue is a boundary of the gel that has its name.",
       {"um"}, allowed::non_negative());
  handler.leave_subsection();
}

void declare_lobule(dealii::ParameterHandler &handler, LiverLobuleParameters &lobule)
{
  handler.enter_subsection("Liver lobule");
  bind(handler, "Radius", lobule.radius, "Centre to corner of a hexagonal prism around the z axis.",
       {"um", "[M: mouse, 200-350]", "M"}, allowed::positive());
  bind(handler, "Height", lobule.height, "From 'z min' at 0 to 'z max'; not read in 2-D.", {"um", "[A]", "M"},
       allowed::positive());
  bind(handler, "Central vein radius", lobule.central_vein_radius, "Of the region 'central_vein' along the axis.",
       {"um", "[A]", "L"}, allowed::positive());
  bind(handler, "Portal radius", lobule.portal_radius,
       "Of the region 'portal' at the six corners, of which a third lies in the lobule.", {"um", "[A]", "L"},
       allowed::positive());
  handler.leave_subsection();
}

void declare_marrow(dealii::ParameterHandler &handler, MarrowBlockParameters &marrow)
{
  handler.enter_subsection("Marrow block");
  bind(handler, "Size", marrow.size, "Edge lengths of the block, one number for each dimension.", {"um"},
       dealii::Patterns::List(allowed::positive(), 2, 3));
  bind(handler, "Sinusoid radius", marrow.sinusoid_radius,
       "Of the region 'sinusoid': parallel vessels along z in a square array (in 2-D discs) that is centred in the "
       "block.",
       {"um", "[M: Nombela-Arrieta]", "M"}, allowed::positive());
  bind(handler, "Gap", marrow.gap, "Between the walls of neighbouring sinusoids.", {"um", "[M: Nombela-Arrieta]", "M"},
       allowed::positive());
  bind(handler, "Niche thickness", marrow.niche_thickness,
       "Of the region 'perisinusoidal' around each sinusoid; 0: no such region.", {"um", "[A]", "L"},
       allowed::non_negative());
  handler.leave_subsection();
}

void check_lobule(const LiverLobuleParameters &lobule)
{
  // Veins must not touch each other; corners are as far from each other as from the centre.
  const std::string entry = "Organ/Liver lobule/";
  if (lobule.portal_radius >= 0.5 * lobule.radius)
    throw input_error(entry + "Portal radius", lobule.portal_radius, "less than half of 'Radius'", "make it smaller");
  if (lobule.central_vein_radius + lobule.portal_radius >= std::sqrt(0.75) * lobule.radius)
    throw input_error(entry + "Central vein radius", lobule.central_vein_radius,
                      "less than the distance from the centre to the sides, without 'Portal radius'",
                      "make it smaller");
}
} // namespace

void BuiltInParameters::declare(dealii::ParameterHandler &handler)
{
  declare_round(handler, *this);
  declare_device(handler, device);
  declare_lobule(handler, lobule);
  declare_marrow(handler, marrow);
}

void BuiltInParameters::check(const std::string &shape, const unsigned int dimension) const
{
  const auto check_count = [&](const std::string &entry, const std::size_t found) {
    if (found != dimension)
      throw InputError(entry, std::to_string(found) + " numbers",
                       std::to_string(dimension) + " numbers, one for each dimension", "match it with Run/Dimension");
  };
  if (shape == "ellipsoid")
    check_count("Organ/Ellipsoid/Semi-axes", ellipsoid.semi_axes.size());
  if (shape == "marrow block")
  {
    check_count("Organ/Marrow block/Size", marrow.size.size());
    if (2.0 * marrow.niche_thickness >= marrow.gap)
      throw input_error("Organ/Marrow block/Niche thickness", marrow.niche_thickness, "less than half of 'Gap'",
                        "make it thinner, or put the sinusoids further apart");
  }
  if (shape == "cylinder" && dimension != 3)
    throw InputError("Organ/Shape", shape, "'ball' for a disc in 2-D", "set Run/Dimension = 3");
  if (shape == "cylinder" && cylinder.lumen_radius >= cylinder.radius)
    throw input_error("Organ/Cylinder/Lumen radius", cylinder.lumen_radius, "less than 'Radius'", "make it smaller");
  if (shape == "device channel" && 2.0 * device.reservoir_length >= device.length)
    throw input_error("Organ/Device channel/Reservoir length", device.reservoir_length, "less than half of 'Length'",
                      "leave room for the gel");
  if (shape == "liver lobule")
    check_lobule(lobule);
}
} // namespace nidus
