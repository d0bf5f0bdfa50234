#include "organ/mesh_file.h"

#include "control/input_error.h"
#include "organ/length_unit.h"
#include "organ/mesh_reader.h"
#include "organ/physical_names.h"
#include "organ/pinches.h"

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include <algorithm>
#include <map>
#include <set>

namespace nidus
{
template <int dim>
MeshFile<dim>::MeshFile(const OrganParameters &parameters)
{
  read_mesh(parameters.mesh_file, coarse);
  const auto box = dealii::GridTools::compute_bounding_box(coarse);
  std::vector<double> extents;
  for (unsigned int d = 0; d < dim; ++d)
    extents.push_back(box.side_length(d));
  notes = size_warnings(extents, "Organ/Mesh file");
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
void MeshFile<dim>::name_regions(const MeshFileParameters &parameters)
{
  const auto physical = physical_names(parameters.file);
  std::map<dealii::types::material_id, unsigned int> index_of_id;
  for (const auto &[name, id] : parameters.regions)
  {
    index_of_id[static_cast<dealii::types::material_id>(id)] = static_cast<unsigned int>(names.size());
    names.push_back(name);
  }
  for (const auto &cell : coarse.active_cell_iterators())
  {
    const auto id = cell->material_id();
    const auto named = physical.find({dim, static_cast<int>(id)});
    const auto found = index_of_id.emplace(id, static_cast<unsigned int>(names.size()));
    if (found.second && named == physical.end())
      throw InputError("Organ/Mesh file/Regions", "no name for physical volume " + std::to_string(id),
                       "a name for every physical volume that occurs in " + parameters.file,
                       "add 'NAME: " + std::to_string(id) + "', or name the physical volume in Gmsh");
    if (found.second && std::find(names.begin(), names.end(), named->second) != names.end())
      throw InputError("Organ/Mesh file/Regions", named->second,
                       "a name for physical volume " + std::to_string(id) + " that no other volume has",
                       "add 'NAME: " + std::to_string(id) + "'");
    if (found.second)
      names.push_back(named->second);
    cell->set_material_id(found.first->second);
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
  for (const auto &[group, name] : physical_names(parameters.file))
    if (group.first == dim - 1 && ids.count(group.second) > 0)
      end_names.emplace(group.second, name);
}

template <int dim>
void MeshFile<dim>::make_coarse_mesh(dealii::Triangulation<dim> &mesh) const
{
  mesh.copy_triangulation(coarse);
}

template class MeshFile<2>;
template class MeshFile<3>;
} // namespace nidus
