#include "organ/vessel_parameters.h"

#include "control/file_name.h"
#include "control/input_error.h"

#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
void declare_file(dealii::ParameterHandler &handler, VesselFileParameters &file)
{
  handler.enter_subsection("File");
  bind(
      handler, "File", file.file,
      "Polylines with a radius: VTK (.vtp, or .vtk of polydata or an unstructured grid) or neuron morphology (.swc). A "
      "relative name starts from the folder of this parameter file.",
      {"none"}, allowed::file());
  bind(handler, "Length unit", file.length_unit, "Unit of coordinates and radii in the file.", {"none"},
       dealii::Patterns::Selection("nm|um|mm|cm|m"));
  bind(handler, "Shift", file.shift, "Added to all coordinates, after the unit.", {"um"},
       dealii::Patterns::List(dealii::Patterns::Double(), 3, 3));
  bind(handler, "Radius array", file.radius_array,
       "VTK: name of the cell or point array with the radii (of points: a segment has the mean of its ends).", {"none"},
       dealii::Patterns::Anything());
  bind(
      handler, "Pressure array", file.pressure_array,
      "VTK: name of the point array with pressures [Pa]. They are prescribed at ends, points of one segment, where the "
      "value is finite; other values are not read. Empty: 'Inlets' and 'Outlets' say it.",
      {"none"}, dealii::Patterns::Anything());
  bind(handler, "Merge distance", file.merge_distance,
       "Points that are no farther apart are one point: branches of a file often repeat the point where they meet.",
       {"um"}, allowed::positive());
  handler.leave_subsection();
}

void declare_tree(dealii::ParameterHandler &handler, VesselTreeParameters &tree)
{
  handler.enter_subsection("Tree");
  bind(handler, "Inlet radius", tree.inlet_radius,
       "Radius of a tree at its root; with several roots, the exponent's mean of their radii.", {"um", "[A]", "M"},
       allowed::positive());
  bind(handler, "Terminal radius", tree.terminal_radius,
       "Radius at which branching ends. The tree has (inlet radius / terminal radius)^exponent ends for each inlet.",
       {"um", "[A]", "M"}, allowed::positive());
  bind(handler, "Murray exponent", tree.murray_exponent, "m in r0^m = r1^m + r2^m at each bifurcation.",
       {"1", "[M: Murray 1926] 3; 2 to 3 are seen", "M"}, dealii::Patterns::Double(1.0, 10.0));
  bind(handler, "Link length", tree.link_length,
       "Length of the capillary that joins an end of the arterial tree with one of the venous tree.",
       {"um", "[A]", "L"}, allowed::positive());
  handler.leave_subsection();
}

void declare_capillaries(dealii::ParameterHandler &handler, CapillaryMeshParameters &mesh)
{
  handler.enter_subsection("Capillary mesh");
  bind(handler, "Spacing", mesh.spacing, "Mean distance of neighbouring junctions.", {"um", "[A]", "M"},
       allowed::positive());
  bind(handler, "Jitter", mesh.jitter, "Greatest shift of a junction along each axis, per spacing.", {"1"},
       dealii::Patterns::Double(0.0, 0.45));
  bind(handler, "Radius", mesh.radius, "Median radius.", {"um", "[M]", "M"}, allowed::positive());
  bind(handler, "Radius spread", mesh.radius_spread, "Standard deviation of the logarithm of radii.", {"1", "[A]", "L"},
       dealii::Patterns::Double(0.0, 1.0));
  bind(handler, "Axis", mesh.axis,
       "Blood enters at the lower and leaves at the upper side of the block along this axis.", {"none"},
       dealii::Patterns::Selection("x|y|z"));
  bind(handler, "Inlet pressure", mesh.inlet_pressure, "Pressure at the lower side.", {"Pa", "[M]", "L"});
  bind(handler, "Outlet pressure", mesh.outlet_pressure, "Pressure at the upper side.", {"Pa", "[M]", "L"});
  handler.leave_subsection();
}

std::vector<VesselEnd> parse_ends(const std::string &text, const std::string &entry)
{
  std::vector<VesselEnd> ends;
  for (const auto &item : dealii::Utilities::split_string_list(text, ';'))
  {
    std::vector<double> numbers;
    try
    {
      numbers = dealii::Utilities::string_to_double(dealii::Utilities::split_string_list(item, ','));
    }
    catch (const dealii::ExceptionBase &)
    {
      numbers.clear();
    }
    if (numbers.size() != 4 || !std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); }))
      throw InputError(entry, item, "'x, y, z, pressure' in um and Pa, several with ';' between them",
                       "correct these numbers");
    ends.push_back({{numbers[0], numbers[1], numbers[2]}, numbers[3], entry, item});
  }
  return ends;
}
} // namespace

void VesselParameters::declare(dealii::ParameterHandler &handler)
{
  handler.enter_subsection("Vessels");
  bind(handler, "Source", source,
       "Where vessels that are resolved as lines come from. none: all vessels are homogenised.", {"none"},
       dealii::Patterns::Selection("none|file|tree|capillary mesh"));
  bind(handler, "Viscosity", viscosity, "Apparent viscosity of blood; the law 'in vivo' multiplies it, as plasma's.",
       {"mPa s", "[M] 3 to 4 for blood, 1.2 for plasma", "M"}, allowed::positive());
  bind(handler, "Viscosity law", viscosity_law,
       "constant: the same everywhere; in vivo: depends on the diameter, at a discharge haematocrit of 0.45.",
       {"none", "[M: Pries et al. 1994]", "M"}, dealii::Patterns::Selection("constant|in vivo"));
  bind(handler, "Inlets", inlets,
       "Where blood enters: 'x, y, z, pressure', several with ';' between them. A tree starts there; in a file the "
       "nearest "
       "point of the network is taken, within a segment's length.",
       {"um and Pa"}, dealii::Patterns::Anything());
  bind(handler, "Outlets", outlets, "Where blood leaves, in the same form.", {"um and Pa"},
       dealii::Patterns::Anything());
  declare_file(handler, file);
  declare_tree(handler, tree);
  declare_capillaries(handler, capillaries);
  handler.leave_subsection();
}

void VesselParameters::resolve(const unsigned int dimension, const std::string &shape, const std::string &directory)
{
  inlet_list = parse_ends(inlets, "Vessels/Inlets");
  outlet_list = parse_ends(outlets, "Vessels/Outlets");
  if (!any())
    return;
  if (dimension != 3)
    throw InputError("Vessels/Source", source, "none in 2-D", "set Run/Dimension = 3");
  if (source == "file")
  {
    if (file.file.empty())
      throw InputError("Vessels/File/File", "", "the name of a .vtp, .vtk or .swc file", "name the file");
    if (file.file.front() != '/' && !directory.empty())
      file.file = directory + "/" + file.file;
  }
  if (source == "tree")
  {
    for (const auto &[list, entry] :
         {std::pair<const std::vector<VesselEnd> *, std::string>{&inlet_list, "Inlets"}, {&outlet_list, "Outlets"}})
      if (list->empty())
        throw InputError("Vessels/" + entry, "", "at least one place 'x, y, z, pressure' for a tree", "name a place");
    if (tree.terminal_radius > tree.inlet_radius)
      throw input_error("Vessels/Tree/Terminal radius", tree.terminal_radius, "at most 'Inlet radius'", "lower it");
  }
  if (source == "capillary mesh")
  {
    if (shape != "block")
      throw InputError("Vessels/Source", source, "none, file or tree for the shape '" + shape + "'",
                       "a capillary mesh is made for a block only");
    if (!(capillaries.inlet_pressure > capillaries.outlet_pressure))
      throw input_error("Vessels/Capillary mesh/Inlet pressure", capillaries.inlet_pressure,
                        "more than 'Outlet pressure'", "raise it");
  }
}
} // namespace nidus
