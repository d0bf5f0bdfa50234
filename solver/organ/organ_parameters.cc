#include "organ/organ_parameters.h"

#include "control/file_name.h"
#include "control/input_error.h"
#include "control/named_list.h"
#include "control/names_of.h"
#include "organ/length_unit.h"

#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace nidus
{
namespace
{
void declare_block(dealii::ParameterHandler &handler, BlockParameters &block)
{
  handler.enter_subsection("Block");
  bind(handler, "Size", block.size, "Edge lengths of the block, one number for each dimension.", {"um"},
       dealii::Patterns::List(allowed::positive(), 2, 3));
  bind(handler, "Lumen radius", block.lumen_radius,
       "Radius of a straight airway (region 'airway') through the middle, along the last axis; 0: none.", {"um"},
       allowed::non_negative());
  bind(handler, "Periodic axes", block.periodic_axes,
       "Axes along which fields continue at the opposite side: a representative piece of a larger tissue. Agents are "
       "reflected there as at any end of the mesh.",
       {"none"}, dealii::Patterns::List(dealii::Patterns::Selection("x|y|z"), 0, 3));
  handler.leave_subsection();
}

void declare_lung_lobe(dealii::ParameterHandler &handler, LungLobeParameters &lobe)
{
  handler.enter_subsection("Lung lobe");
  bind(handler, "Length", lobe.length, "Apex to base.", {"um", "[A]", "M"}, allowed::positive());
  bind(handler, "Width", lobe.width, "Greatest extent from the hilum side to the costal side.", {"um", "[A]", "M"},
       allowed::positive());
  bind(handler, "Thickness", lobe.thickness, "Greatest extent across.", {"um", "[A]", "M"}, allowed::positive());
  bind(handler, "Airway radius", lobe.airway_radius, "Radius of the lobar bronchus at the hilum; branches are thinner.",
       {"um", "[A]", "L"}, allowed::positive());
  bind(handler, "Airway generations", lobe.airway_generations, "Generations of monopodial branching; 0: no airway.",
       {"none"}, dealii::Patterns::Integer(0, 6));
  handler.leave_subsection();
}

void declare_mesh_file(dealii::ParameterHandler &handler, MeshFileParameters &mesh)
{
  handler.enter_subsection("Mesh file");
  bind(
      handler, "File", mesh.file,
      "Mesh of Gmsh (.msh, format 2.2 or 4.1, ASCII), VTK (.vtu), Abaqus or UCD (.inp). Cells are hexahedra, or "
      "tetrahedra, each of which is split into four hexahedra (2-D: quadrilaterals, or triangles, split into three). A "
      "relative name starts from the folder of this parameter file.",
      {"none"}, allowed::file());
  bind(handler, "Length unit", mesh.length_unit, "Unit of the coordinates in the file.", {"none"},
       dealii::Patterns::Selection(length_units));
  bind(handler, "Scale", mesh.scale, "Further factor on all coordinates.", {"none"}, allowed::positive());
  bind(handler, "Region array", mesh.region_array,
       "Cell array of a .vtu file with the number of the region; at cells of the surface, where it has such, with that "
       "of "
       "the boundary.",
       {"none"}, dealii::Patterns::Anything());
  bind(handler, "Regions", mesh.regions,
       "Region of each physical volume of the file, as 'name: id'; volumes that are not listed have the name that a "
       "Gmsh file gives them ($PhysicalNames).",
       {"none"}, allowed::named_numbers(0, 1e6));
  bind(handler, "Boundaries", mesh.boundaries,
       "Name of physical surfaces of the file at the end of the mesh (lines in 2-D), as 'name: id'; others have the "
       "name that a Gmsh file gives them, and the rest is 'outside'.",
       {"none"}, allowed::named_numbers(1, 1e6));
  handler.leave_subsection();
}

void declare_region(dealii::ParameterHandler &handler, RegionParameters &region)
{
  bind(handler, "Tissue", region.tissue, "Whether the region carries fields and agents (air does not).", {"none"});
  bind(handler, "Interstitial fraction", region.interstitial_fraction, "Volume fraction in which soluble factors move.",
       {"1", "[M: physiology texts]", "M"}, dealii::Patterns::Double(1e-6, 1.0));
  bind(handler, "Blood flow", region.blood_flow,
       "Blood that passes the capillaries, per tissue volume and time: it brings circulating cells.",
       {"1/min", "[D] cardiac output of a mouse over the volume of its lungs", "L"}, allowed::non_negative());
  bind(handler, "Diffusion tensor", region.diffusion_factors,
       "What multiplies the diffusivities of all fields, for tissue with aligned fibres: xx, yy, zz, xy, xz, yz "
       "(2-D: xx, yy, xy), symmetric and positive definite; empty: the same in all directions. Entries off the "
       "diagonal couple nodes across corners, so that steep fields may become slightly negative.",
       {"1"}, dealii::Patterns::List(dealii::Patterns::Double(), 0, 6));
}

/// "x, y, z, radius, levels; ..." as balls.
std::vector<RefinedBall> parse_balls(const std::string &text, const unsigned int dimension)
{
  std::vector<RefinedBall> balls;
  const std::string allowed = std::string(dimension == 2 ? "'x, y, radius, levels'" : "'x, y, z, radius, levels'") +
                              " with a radius above 0 and 1 to 8 levels, several with ';' between them";
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
    const bool complete = numbers.size() == dimension + 2;
    const double levels = complete ? numbers.back() : 0.0;
    if (!complete || !std::all_of(numbers.begin(), numbers.end(), [](const double x) { return std::isfinite(x); }) ||
        numbers[dimension] <= 0.0 || levels < 1.0 || levels > 8.0 || levels != std::floor(levels))
      throw InputError("Organ/Refined balls", item, allowed, "correct the numbers of this ball");
    balls.push_back(
        {{numbers.begin(), numbers.begin() + dimension}, numbers[dimension], static_cast<unsigned int>(levels), item});
  }
  return balls;
}

template <int dim>
void check_tensor(const RegionParameters &region)
{
  if (region.diffusion_factors.empty())
    return;
  const std::string entry = "Organ/Regions/" + region.name + "/Diffusion tensor";
  std::ostringstream value;
  for (const double factor : region.diffusion_factors)
    value << (value.tellp() > 0 ? ", " : "") << factor;
  if (region.diffusion_factors.size() != dim * (dim + 1) / 2)
    throw InputError(entry, value.str(), dim == 2 ? "3 numbers: xx, yy, xy" : "6 numbers: xx, yy, zz, xy, xz, yz",
                     "match it with Run/Dimension");
  const auto eigenvalues = dealii::eigenvalues(region.diffusion_tensor<dim>());
  if (!(eigenvalues[dim - 1] > 0.0))
  {
    std::ostringstream found;
    for (const double eigenvalue : eigenvalues)
      found << (found.tellp() > 0 ? ", " : "") << eigenvalue;
    throw InputError(entry, value.str(),
                     "a positive definite tensor (this one has the eigenvalues " + found.str() + ")",
                     "make the entries off the diagonal smaller");
  }
}
} // namespace

std::vector<unsigned int> BlockParameters::periodic() const
{
  std::vector<unsigned int> axes;
  for (unsigned int d = 0; d < 3; ++d)
    if (std::find(periodic_axes.begin(), periodic_axes.end(), std::string(1, "xyz"[d])) != periodic_axes.end())
      axes.push_back(d);
  return axes;
}

void OrganParameters::declare(const ParameterFile &file, dealii::ParameterHandler &handler)
{
  handler.enter_subsection("Organ");
  bind(handler, "Shape", shape, "Where the geometry comes from.", {"none"},
       dealii::Patterns::Selection("block|device channel|ball|ellipsoid|cylinder|liver lobule|lung lobe|"
                                   "marrow block|label image|surface|mesh file"));
  bind(handler, "Cell size", cell_size, "Edge of a mesh cell before wall refinements; a mesh file has its own.", {"um"},
       allowed::positive());
  bind(
      handler, "Refinements", refinements,
      "Levels of the octree below the coarse mesh. A mesh file is refined so often; other shapes start from cells that "
      "are as many times coarser.",
      {"none"}, dealii::Patterns::Integer(0, 8));
  bind(handler, "Wall refinements", wall_refinements,
       "Further levels in cells that are cut by a border between regions.", {"none"}, dealii::Patterns::Integer(0, 4));
  bind(handler, "Refined balls", refined_balls,
       "Where cells are refined further: 'x, y, z, radius, levels' (2-D: without z), several with ';' between them. "
       "Cells that touch the ball get so many levels below 'Refinements'. Lengths are um.",
       {"none"}, dealii::Patterns::Anything());
  declare_block(handler, block);
  declare_lung_lobe(handler, lung_lobe);
  built_in.declare(handler);
  label_image.declare(handler);
  surface.declare(handler);
  declare_mesh_file(handler, mesh_file);
  declare_refinement_rules(file, handler, refinement_rules);

  declare_named_list(file, handler, {"Organ", "Regions"}, regions, declare_region);
  handler.leave_subsection();
}

void OrganParameters::resolve(const unsigned int dimension, const std::string &directory)
{
  if (std::none_of(regions.begin(), regions.end(), [](const auto &region) { return region.tissue; }))
    throw InputError("'Organ/Regions' has no region with 'Tissue = true': the organ is empty",
                     "add 'subsection parenchyma' with 'set Tissue = true' to Organ/Regions");
  if (shape == "block" && block.size.size() != dimension)
    throw InputError("Organ/Block/Size", std::to_string(block.size.size()) + " numbers",
                     std::to_string(dimension) + " numbers, one for each dimension", "match it with Run/Dimension");
  const auto axes = block.periodic();
  if (axes.size() != block.periodic_axes.size() || (!axes.empty() && axes.back() >= dimension))
    throw InputError("Organ/Block/Periodic axes", listed(block.periodic_axes),
                     dimension == 2 ? "x and y, each once" : "x, y and z, each once", "remove what is too much");
  if (!axes.empty() && shape != "block")
    throw InputError("Organ/Block/Periodic axes", listed(block.periodic_axes),
                     "nothing for the shape '" + shape + "': only a block can be periodic", "remove the entry");
  balls = parse_balls(refined_balls, dimension);
  resolve_refinement_rules(refinement_rules, dimension, names_of(regions));
  for (const auto &region : regions)
    dimension == 2 ? check_tensor<2>(region) : check_tensor<3>(region);
  if ((shape == "lung lobe" || shape == "surface") && dimension != 3)
    throw InputError("Organ/Shape", shape, "a shape that exists in 2-D too", "set Run/Dimension = 3");
  built_in.check(shape, dimension);
  if (shape == "label image")
    label_image.resolve(directory);
  if (shape == "surface")
    surface.resolve(directory);
  if (shape == "mesh file")
  {
    if (mesh_file.file.empty())
      throw InputError("Organ/Mesh file/File", "", "the name of a mesh file", "name the mesh of the organ");
    mesh_file.file = in_folder(directory, mesh_file.file);
    if (wall_refinements > 0)
      throw InputError("Organ/Wall refinements", std::to_string(wall_refinements), "0 for a mesh file",
                       "refine the walls in the mesh generator, or the whole mesh with Organ/Refinements");
  }
}

const RegionParameters *OrganParameters::find_region(const std::string &name) const
{
  const auto found = std::find_if(regions.begin(), regions.end(), [&](const auto &r) { return r.name == name; });
  return found == regions.end() ? nullptr : &*found;
}
} // namespace nidus
