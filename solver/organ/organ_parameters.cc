#include "organ/organ_parameters.h"

#include "control/input_error.h"

#include <algorithm>

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
  bind(handler, "File", mesh.file,
       "Gmsh file (.msh, format 2.2 or 4.1) of hexahedra (quadrilaterals in 2-D). A relative name starts from the "
       "folder of this parameter file.",
       {"none"}, dealii::Patterns::Anything());
  bind(handler, "Length unit", mesh.length_unit, "Unit of the coordinates in the file.", {"none"},
       dealii::Patterns::Selection("nm|um|mm|cm|m"));
  bind(handler, "Scale", mesh.scale, "Further factor on all coordinates.", {"none"}, allowed::positive());
  bind(handler, "Regions", mesh.regions, "Region of each physical volume of the file, as 'name: id'.", {"none"},
       allowed::named_numbers(0, 1e6));
  handler.leave_subsection();
}
} // namespace

void OrganParameters::declare(const ParameterFile &file, dealii::ParameterHandler &handler)
{
  handler.enter_subsection("Organ");
  bind(handler, "Shape", shape, "Where the geometry comes from.", {"none"},
       dealii::Patterns::Selection("block|lung lobe|mesh file"));
  bind(handler, "Cell size", cell_size, "Edge of a mesh cell of a built-in shape, before wall refinements.", {"um"},
       allowed::positive());
  bind(handler, "Refinements", refinements,
       "Levels of the octree below the coarse mesh. A mesh file is refined so often; a built-in shape starts from "
       "cells that are as many times coarser.",
       {"none"}, dealii::Patterns::Integer(0, 8));
  bind(handler, "Wall refinements", wall_refinements,
       "Further levels in cells that are cut by a border between regions.", {"none"}, dealii::Patterns::Integer(0, 4));
  declare_block(handler, block);
  declare_lung_lobe(handler, lung_lobe);
  declare_mesh_file(handler, mesh_file);

  const auto names = file.names_below({"Organ", "Regions"});
  regions.resize(names.size());
  handler.enter_subsection("Regions");
  for (std::size_t i = 0; i < names.size(); ++i)
  {
    regions[i].name = names[i];
    handler.enter_subsection(names[i]);
    bind(handler, "Tissue", regions[i].tissue, "Whether the region carries fields and agents (air does not).",
         {"none"});
    bind(handler, "Interstitial fraction", regions[i].interstitial_fraction,
         "Volume fraction in which soluble factors move.", {"1", "[M: physiology texts]", "M"},
         dealii::Patterns::Double(1e-6, 1.0));
    bind(handler, "Blood flow", regions[i].blood_flow,
         "Blood that passes the capillaries, per tissue volume and time: it brings circulating cells.",
         {"1/min", "[D] cardiac output of a mouse over the volume of its lungs", "L"}, allowed::non_negative());
    handler.leave_subsection();
  }
  handler.leave_subsection();
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
  if (shape == "lung lobe" && dimension != 3)
    throw InputError("Organ/Shape", shape, "'block' or 'mesh file' in 2-D", "set Run/Dimension = 3");
  if (shape == "mesh file")
  {
    if (mesh_file.file.empty())
      throw InputError("Organ/Mesh file/File", "", "the name of a .msh file", "name the mesh of the organ");
    if (mesh_file.file.front() != '/' && !directory.empty())
      mesh_file.file = directory + "/" + mesh_file.file;
    if (mesh_file.regions.empty())
      throw InputError("Organ/Mesh file/Regions", "", "'name: physical volume id' for each volume of the file",
                       "for example 'parenchyma: 4'");
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
