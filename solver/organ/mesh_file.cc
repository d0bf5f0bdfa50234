#include "organ/mesh_file.h"

#include "control/input_error.h"
#include "organ/length_unit.h"
#include "organ/mesh_reader.h"
#include "organ/pinches.h"

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

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
