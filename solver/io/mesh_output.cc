#include "io/mesh_output.h"

#include "control/names_of.h"
#include "io/outcome.h"
#include "io/piece_list.h"
#include "io/vtk_arrays.h"
#include "io/vtk_text.h"
#include "io/whole_file.h"
#include "organ/boundaries.h"

#include <nlohmann/json.hpp>

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkTypeInt32Array.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLPolyDataWriter.h>
#include <vtkXMLUnstructuredGridWriter.h>

#include <array>
#include <stdexcept>

namespace nidus
{
namespace
{
const std::vector<std::string> mesh_arrays = {"region", "level", "rank", "tissue"},
                               surface_arrays = {"boundary", "rank"};

/// One number for each cell under each name.
struct CellNumbers
{
  explicit CellNumbers(const std::vector<std::string> &names)
  {
    for (std::size_t a = 0; a < names.size(); ++a)
      arrays[a]->SetName(names[a].c_str());
  }

  void add(const std::vector<int> &numbers)
  {
    for (std::size_t a = 0; a < numbers.size(); ++a)
      arrays[a]->InsertNextValue(numbers[a]);
  }

  void give_to(vtkDataSet &data, const std::size_t n) const
  {
    for (std::size_t a = 0; a < n; ++a)
      data.GetCellData()->AddArray(arrays[a]);
  }

  std::array<vtkNew<vtkTypeInt32Array>, 4> arrays;
};

template <int dim>
vtkIdType add_point(vtkPoints &points, const dealii::Point<dim> &point)
{
  return points.InsertNextPoint(point[0], point[1], dim == 3 ? point[dim - 1] : 0.0);
}

template <int dim>
std::string mesh_text(const Organ<dim> &organ, const std::vector<std::string> &region_names)
{
  // VTK goes around each quadrilateral.
  constexpr unsigned int place_in_vtk[] = {0, 1, 3, 2, 4, 5, 7, 6};
  const auto &mesh = organ.triangulation();
  std::vector<vtkIdType> point_of(mesh.n_vertices(), -1);
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  vtkNew<vtkUnstructuredGrid> grid;
  CellNumbers numbers(mesh_arrays);
  grid->AllocateExact(mesh.n_active_cells(), (1 << dim) * static_cast<vtkIdType>(mesh.n_active_cells()));
  for (const auto &cell : mesh.active_cell_iterators())
    if (cell->is_locally_owned())
    {
      std::array<vtkIdType, (1u << dim)> corners;
      for (unsigned int v = 0; v < corners.size(); ++v)
      {
        vtkIdType &point = point_of[cell->vertex_index(v)];
        if (point < 0)
          point = add_point(*points, cell->vertex(v));
        corners[place_in_vtk[v]] = point;
      }
      grid->InsertNextCell(dim == 2 ? VTK_QUAD : VTK_HEXAHEDRON, corners.size(), corners.data());
      numbers.add({static_cast<int>(cell->material_id()), cell->level(), static_cast<int>(cell->subdomain_id()),
                   organ.is_tissue(cell) ? 1 : 0});
    }
  grid->SetPoints(points);
  numbers.give_to(*grid, mesh_arrays.size());
  add_names(*grid, "region_names", region_names);
  return vtk_text<vtkXMLUnstructuredGridWriter>(*grid, "a mesh");
}

/// The corners of a face, or of the part of it, in the order of deal.II.
template <int dim>
std::vector<dealii::Point<dim>> corners_of(const typename Organ<dim>::CellIterator &cell, const BoundaryFace &part)
{
  constexpr unsigned int n = 1u << (dim - 1);
  const auto face = cell->face(part.face);
  std::vector<dealii::Point<dim>> corners(n);
  for (unsigned int v = 0; v < n; ++v)
    for (unsigned int w = 0; w < n; ++w)
    {
      // Place of the corner in the face: that of the vertex, or half way between those of the vertex and of the part.
      double weight = 1.0;
      for (unsigned int d = 0; d + 1 < dim; ++d)
      {
        const double at =
            part.subface == BoundaryFace::whole ? (v >> d & 1u) : 0.5 * ((v >> d & 1u) + (part.subface >> d & 1u));
        weight *= w >> d & 1u ? at : 1.0 - at;
      }
      corners[v] += weight * face->vertex(w);
    }
  return corners;
}

template <int dim>
std::string surface_text(const Organ<dim> &organ)
{
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  vtkNew<vtkCellArray> faces;
  CellNumbers numbers(surface_arrays);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
      for (const auto &part : organ.boundaries().faces(cell))
      {
        const auto corners = corners_of<dim>(cell, part);
        faces->InsertNextCell(static_cast<int>(corners.size()));
        for (const unsigned int v : dim == 3 ? std::vector<unsigned int>{0, 1, 3, 2} : std::vector<unsigned int>{0, 1})
          faces->InsertCellPoint(add_point(*points, corners[v]));
        numbers.add({static_cast<int>(part.boundary), static_cast<int>(cell->subdomain_id())});
      }
  vtkNew<vtkPolyData> surface;
  surface->SetPoints(points);
  dim == 3 ? surface->SetPolys(faces) : surface->SetLines(faces);
  numbers.give_to(*surface, surface_arrays.size());
  add_names(*surface, "boundary_names", organ.boundaries().names());
  return vtk_text<vtkXMLPolyDataWriter>(*surface, "a mesh");
}

/// The text that lists a piece of each rank, BASE.N.ENDING.
std::string list_of_pieces(const std::string &kind, const std::vector<std::string> &arrays, const std::string &base,
                           const std::string &ending, const unsigned int n_pieces)
{
  PieceList list{kind, {}, {}};
  for (const auto &array : arrays)
    list.in_cells.push_back({array, "Int32", "", {}});
  std::vector<std::string> pieces(n_pieces, base + ".");
  for (unsigned int piece = 0; piece < n_pieces; ++piece)
    pieces[piece].append(std::to_string(piece)).append(ending);
  return list.text(pieces);
}

template <int dim>
std::string legend_of(const Organ<dim> &organ)
{
  nlohmann::ordered_json legend = {{"dimension", dim}, {"length_unit", "um"}};
  legend["regions"] = nlohmann::ordered_json::array();
  for (std::size_t r = 0; r < organ.regions().size(); ++r)
    legend["regions"].push_back({{"id", r},
                                 {"name", organ.regions()[r].name},
                                 {"tissue", organ.regions()[r].tissue},
                                 {"volume", organ.region_volumes()[r]}});
  legend["boundaries"] = nlohmann::ordered_json::array();
  for (std::size_t b = 0; b < organ.boundaries().names().size(); ++b)
    legend["boundaries"].push_back(
        {{"id", b}, {"name", organ.boundaries().names()[b]}, {"area", organ.boundaries().areas()[b]}});
  return legend.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}
} // namespace

template <int dim>
void write_mesh(const Organ<dim> &organ, const OutputFolder &folder)
{
  const MPI_Comm comm = folder.communicator();
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(comm);
  const std::string rank = std::to_string(dealii::Utilities::MPI::this_mpi_process(comm));
  const auto region_names = names_of(organ.regions());
  on_every_rank(comm, [&] {
    write_whole_file(folder.path("mesh." + rank + ".vtu"), mesh_text(organ, region_names));
    write_whole_file(folder.path("boundaries." + rank + ".vtp"), surface_text(organ));
  });
  folder.write("mesh.pvtu", list_of_pieces("UnstructuredGrid", mesh_arrays, "mesh", ".vtu", n_ranks));
  folder.write("boundaries.pvtp", list_of_pieces("PolyData", surface_arrays, "boundaries", ".vtp", n_ranks));
  folder.write("legend.json", legend_of(organ));
}

template void write_mesh<2>(const Organ<2> &, const OutputFolder &);
template void write_mesh<3>(const Organ<3> &, const OutputFolder &);
} // namespace nidus
