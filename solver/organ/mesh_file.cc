#include "organ/mesh_file.h"

#include "control/input_error.h"
#include "organ/pinches.h"

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_in.h>
#include <deal.II/grid/grid_tools.h>

#include <fstream>
#include <map>
#include <set>

namespace nidus
{
namespace
{
double micrometres_per(const std::string &unit)
{
  static const std::map<std::string, double> lengths = {
      {"nm", 1e-3}, {"um", 1.0}, {"mm", 1e3}, {"cm", 1e4}, {"m", 1e6}};
  return lengths.at(unit);
}

/// The first line of what deal.II has to say, without its stack trace.
std::string reason(const dealii::ExceptionBase &exception)
{
  std::ostringstream text;
  exception.print_info(text);
  std::istringstream lines(text.str());
  std::string line;
  while (std::getline(lines, line))
    if (line.find_first_not_of(" \t") != std::string::npos)
      return line.substr(line.find_first_not_of(" \t"));
  return exception.what();
}
} // namespace

template <int dim>
MeshFile<dim>::MeshFile(const OrganParameters &parameters)
{
  read(parameters.mesh_file);
  name_regions(parameters.mesh_file);
  name_ends(parameters.mesh_file);
  pinched = count_pinches(coarse) > 0;
  if (parameters.refinements > 0 && pinched)
  {
    dealii::Triangulation<dim> refined;
    refined.copy_triangulation(coarse);
    refined.refine_global(parameters.refinements);
    coarse.clear();
    dealii::GridGenerator::flatten_triangulation(refined, coarse);
    done = parameters.refinements;
  }
}

template <int dim>
void MeshFile<dim>::read(const MeshFileParameters &mesh)
{
  std::ifstream stream(mesh.file);
  if (!stream)
    throw InputError("Organ/Mesh file/File", mesh.file, "a Gmsh file that can be read",
                     "check the name; a relative name starts from the folder of the parameter file");
  try
  {
    dealii::GridIn<dim> reader(coarse);
    reader.read_msh(stream);
  }
  catch (const dealii::ExceptionBase &exception)
  {
    throw InputError("Organ/Mesh file/File", mesh.file, "a Gmsh file, format 2.2 or 4.1 (" + reason(exception) + ")",
                     "export the mesh again as ASCII .msh with physical volumes");
  }
  if (!coarse.all_reference_cells_are_hyper_cube())
    throw InputError("Organ/Mesh file/File", mesh.file, "hexahedra (quadrilaterals in 2-D) only",
                     "recombine the mesh in Gmsh before exporting it");
  dealii::GridTools::scale(micrometres_per(mesh.length_unit) * mesh.scale, coarse);
}

template <int dim>
void MeshFile<dim>::name_regions(const MeshFileParameters &parameters)
{
  std::map<dealii::types::material_id, unsigned int> index_of_id;
  for (const auto &[name, id] : parameters.regions)
  {
    index_of_id[static_cast<dealii::types::material_id>(id)] = static_cast<unsigned int>(names.size());
    names.push_back(name);
  }
  for (const auto &cell : coarse.active_cell_iterators())
  {
    const auto found = index_of_id.find(cell->material_id());
    if (found == index_of_id.end())
      throw InputError("Organ/Mesh file/Regions", "no name for physical volume " + std::to_string(cell->material_id()),
                       "a name for every physical volume that occurs in " + parameters.file,
                       "add 'NAME: " + std::to_string(cell->material_id()) + "'");
    cell->set_material_id(found->second);
  }
}

template <int dim>
void MeshFile<dim>::name_ends(const MeshFileParameters &parameters)
{
  std::set<dealii::types::boundary_id> ids;
  for (const auto &face : coarse.active_face_iterators())
    if (face->at_boundary())
      ids.insert(face->boundary_id());
  for (const auto &[name, number] : parameters.boundaries)
  {
    const auto id = static_cast<dealii::types::boundary_id>(number);
    if (ids.count(id) == 0 || !end_names.emplace(id, name).second)
      throw InputError("Organ/Mesh file/Boundaries", name + ": " + std::to_string(id),
                       "physical surfaces of " + parameters.file + " at the end of its mesh, each named once",
                       "correct the id, or give surfaces a physical group in Gmsh");
  }
}

template <int dim>
void MeshFile<dim>::make_coarse_mesh(dealii::Triangulation<dim> &mesh) const
{
  mesh.copy_triangulation(coarse);
}

template class MeshFile<2>;
template class MeshFile<3>;
} // namespace nidus
