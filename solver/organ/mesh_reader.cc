#include "organ/mesh_reader.h"

#include "control/input_error.h"
#include "organ/abaqus_check.h"
#include "organ/box_tree.h"
#include "organ/gmsh_check.h"
#include "organ/length_unit.h"
#include "organ/simplex_split.h"
#include "organ/voxel_file.h"

#include <deal.II/grid/grid_in.h>
#include <deal.II/grid/grid_tools.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

namespace nidus
{
namespace
{
const char *const file_entry = "Organ/Mesh file/File";

/// The first line of what deal.II has to say, without its stack trace.
std::string reason(const dealii::ExceptionBase &exception)
{
  std::ostringstream text;
  exception.print_info(text);
  std::istringstream lines(text.str());
  std::string line;
  while (std::getline(lines, line) && line.find_first_not_of(" \t") == std::string::npos)
    ;
  line = line.empty() ? exception.what() : line.substr(line.find_first_not_of(" \t"));
  // deal.II goes on to name its documentation.
  const std::string no_cell = "Something went wrong when making cell ";
  if (line.find(no_cell) != 0)
    return line;
  return "cell " + std::to_string(std::atoi(line.c_str() + no_cell.size())) +
         " cannot be made of its corners: it is flat, or two of them are one point";
}

bool ends_with(const std::string &text, const std::string &ending)
{
  return text.size() >= ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

[[noreturn]] void refuse(const std::string &file, const std::string &why)
{
  throw InputError(file_entry, file, "a mesh that can be read (" + why + ")",
                   "the file is damaged or truncated: export the mesh again, Gmsh meshes as ASCII with physical "
                   "volumes");
}

/// Abaqus files begin with a keyword or a comment, both with a star.
bool is_abaqus(std::ifstream &stream)
{
  std::string line;
  while (std::getline(stream, line) && line.find_first_not_of(" \t\r") == std::string::npos)
    ;
  stream.clear();
  stream.seekg(0);
  return line.find_first_not_of(" \t") != std::string::npos && line[line.find_first_not_of(" \t")] == '*';
}

template <int dim>
void read_by_ending(const MeshFileParameters &parameters, dealii::Triangulation<dim> &mesh)
{
  const std::string &file = parameters.file;
  if (ends_with(file, ".vtu"))
    return read_vtu(parameters, mesh);
  std::ifstream stream(file);
  if (!stream)
    throw InputError(file_entry, file, "a mesh file that can be read",
                     "check the name; a relative name starts from the folder of the parameter file");
  const double bytes = voxels::file_size(file, file_entry);
  const auto refuse_any = [&](const std::string &fault) {
    if (!fault.empty())
      refuse(file, fault);
  };
  dealii::GridIn<dim> reader(mesh);
  try
  {
    if (ends_with(file, ".msh"))
    {
      refuse_any(gmsh_fault(file, bytes));
      reader.read_msh(stream);
    }
    else if (ends_with(file, ".inp") && is_abaqus(stream))
    {
      const AbaqusFile abaqus = abaqus_file(file, bytes, dim);
      refuse_any(abaqus.fault);
      std::istringstream text(abaqus.text);
      reader.read_abaqus(text);
    }
    else if (ends_with(file, ".inp"))
      reader.read_ucd(stream);
    else
      throw InputError(file_entry, file, "a file .msh, .vtu or .inp", "export the mesh in one of these formats");
  }
  catch (const dealii::ExceptionBase &exception)
  {
    refuse(file, reason(exception));
  }
}

template <int dim>
void check_cells(const std::string &file, const dealii::Triangulation<dim> &mesh)
{
  // Below it, what rounding leaves of a cell without volume.
  constexpr double least = 1e-6;
  unsigned int bad = 0;
  std::ostringstream first;
  for (const auto &cell : mesh.active_cell_iterators())
  {
    const double quality = scaled_jacobian<dim>(cell);
    if (quality > least)
      continue;
    if (bad++ == 0)
      first << "the first is cell " << cell->index() << " around (" << cell->center() << ") in the unit of the file, "
            << (quality < -least ? "turned inside out" : "flat") << " at a corner";
  }
  if (bad > 0)
    throw InputError(file_entry, file,
                     "cells of positive volume at all corners (" + std::to_string(bad) + " of " +
                         std::to_string(mesh.n_active_cells()) + " are inverted or degenerate; " + first.str() + ")",
                     "improve the mesh in its generator");
}

/// Faces at the end of the mesh with a vertex in their middle: there the mesh is torn, since cells of two sizes meet
/// that share no face.
template <int dim>
void check_conforming(const std::string &file, const dealii::Triangulation<dim> &mesh)
{
  const auto around = [](const dealii::Point<dim> &point, const double margin) {
    Box box = {{{0.0, 0.0, 0.0}}, {{0.0, 0.0, 0.0}}};
    for (unsigned int d = 0; d < dim; ++d)
    {
      box.lower[d] = point[d] - margin;
      box.upper[d] = point[d] + margin;
    }
    return box;
  };
  std::vector<Box> vertices;
  for (const auto &vertex : mesh.get_vertices())
    vertices.push_back(around(vertex, 0.0));
  const BoxTree tree(std::move(vertices));
  unsigned int torn = 0;
  std::ostringstream first;
  for (const auto &face : mesh.active_face_iterators())
    if (face->at_boundary() &&
        tree.any_in(around(face->center(), 1e-4 * face->diameter()), [](auto) { return true; }) && torn++ == 0)
      first << face->center();
  if (torn > 0)
    throw InputError(file_entry, file,
                     "a mesh whose cells meet face to face (" + std::to_string(torn) +
                         " faces have a vertex in their middle, the first at (" + first.str() +
                         ") in the unit of the file)",
                     "name a mesh without hanging nodes, and refine it with Organ/Refinements and Organ/Refined balls");
}
} // namespace

template <int dim>
double scaled_jacobian(const typename dealii::Triangulation<dim>::cell_iterator &cell)
{
  double least = std::numeric_limits<double>::max();
  for (unsigned int v = 0; v < (1u << dim); ++v)
  {
    dealii::Tensor<2, dim> edges;
    double lengths = 1.0;
    for (unsigned int d = 0; d < dim; ++d)
    {
      edges[d] = cell->vertex(v | 1u << d) - cell->vertex(v & ~(1u << d));
      lengths *= edges[d].norm();
    }
    least = std::min(least, lengths > 0.0 ? dealii::determinant(edges) / lengths : 0.0);
  }
  return least;
}

template <int dim>
void read_mesh(const MeshFileParameters &parameters, dealii::Triangulation<dim> &mesh)
{
  read_by_ending(parameters, mesh);
  if (mesh.all_reference_cells_are_simplex())
  {
    dealii::Triangulation<dim> simplices;
    simplices.copy_triangulation(mesh);
    mesh.clear();
    split_simplices(simplices, mesh);
  }
  if (!mesh.all_reference_cells_are_hyper_cube())
    throw InputError(file_entry, parameters.file,
                     dim == 3 ? "hexahedra only, or tetrahedra only" : "quadrilaterals only, or triangles only",
                     "let the mesh generator make one kind of cells");
  check_cells(parameters.file, mesh);
  check_conforming(parameters.file, mesh);
  dealii::GridTools::scale(micrometres_per(parameters.length_unit) * parameters.scale, mesh);
}

template void read_mesh<2>(const MeshFileParameters &, dealii::Triangulation<2> &);
template void read_mesh<3>(const MeshFileParameters &, dealii::Triangulation<3> &);
template double scaled_jacobian<2>(const dealii::Triangulation<2>::cell_iterator &);
template double scaled_jacobian<3>(const dealii::Triangulation<3>::cell_iterator &);
} // namespace nidus
