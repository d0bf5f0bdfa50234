#include "control/input_error.h"
#include "organ/mesh_reader.h"
#include "organ/voxel_file.h"
#include "organ/vtk_faults.h"

#include <deal.II/grid/grid_tools.h>

#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkDataArray.h>
#include <vtkIdList.h>
#include <vtkSmartPointer.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridReader.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace nidus
{
namespace
{
const char *const file_entry = "Organ/Mesh file/File";

[[noreturn]] void refuse(const std::string &file, const std::string &why)
{
  throw InputError(file_entry, file, "a mesh that can be read (" + why + ")",
                   "the file is damaged, truncated or of another format: save it again");
}

vtkSmartPointer<vtkUnstructuredGrid> read_grid(const std::string &file)
{
  const double bytes = voxels::file_size(file, file_entry);
  voxels::check_xml(file, file_entry);
  vtkNew<VtkFaults> faults;
  vtkNew<vtkXMLUnstructuredGridReader> reader;
  faults->watch(reader);
  if (reader->CanReadFile(file.c_str()) == 0)
    refuse(file, "it is no VTK file of an unstructured grid");
  reader->SetFileName(file.c_str());
  reader->UpdateInformation();
  const double claimed = static_cast<double>(reader->GetNumberOfPoints()) + reader->GetNumberOfCells();
  if (claimed > 1100.0 * bytes)
    refuse(file, "it claims more points than it can hold");
  reader->Update();
  if (faults->any() || reader->GetErrorCode() != 0)
    refuse(file, faults->any() ? faults->first() : "its data end too early");
  return reader->GetOutput();
}

vtkDataArray &region_array(vtkUnstructuredGrid &grid, const MeshFileParameters &parameters)
{
  vtkDataArray *array = grid.GetCellData()->GetArray(parameters.region_array.c_str());
  if (array == nullptr || array->GetNumberOfComponents() != 1)
  {
    std::vector<std::string> names;
    const int n_arrays = grid.GetCellData()->GetNumberOfArrays();
    names.reserve(n_arrays);
    for (int a = 0; a < n_arrays; ++a)
      if (const char *name = grid.GetCellData()->GetArrayName(a))
        names.emplace_back(name);
    throw InputError("Organ/Mesh file/Region array", parameters.region_array,
                     "an array with one number for each cell of " + parameters.file + ": " + listed(names),
                     "name the array that holds the regions");
  }
  return *array;
}

/// deal.II's place of each corner that VTK lists; nothing for a kind of cell that is of no use here.
std::vector<unsigned int> places_of(const int type)
{
  switch (type)
  {
  case VTK_LINE:
    return {0, 1};
  case VTK_TRIANGLE:
    return {0, 1, 2};
  case VTK_PIXEL:
  case VTK_TETRA:
    return {0, 1, 2, 3};
  case VTK_QUAD:
    return {0, 1, 3, 2};
  case VTK_VOXEL:
    return {0, 1, 2, 3, 4, 5, 6, 7};
  case VTK_HEXAHEDRON:
    return {0, 1, 3, 2, 4, 5, 7, 6};
  default:
    return {};
  }
}

int dimension_of(const int type)
{
  if (type == VTK_LINE)
    return 1;
  return type == VTK_TRIANGLE || type == VTK_PIXEL || type == VTK_QUAD ? 2 : 3;
}

/// The places at which there are points, and for each point the number of its place: some programs write the points of
/// each cell anew.
template <int dim>
std::pair<std::vector<dealii::Point<dim>>, std::vector<unsigned int>> merged_points(vtkUnstructuredGrid &grid)
{
  std::pair<std::vector<dealii::Point<dim>>, std::vector<unsigned int>> result;
  std::map<std::array<double, 3>, unsigned int> known;
  for (vtkIdType p = 0; p < grid.GetNumberOfPoints(); ++p)
  {
    std::array<double, 3> x;
    grid.GetPoint(p, x.data());
    const auto [place, is_new] = known.emplace(x, static_cast<unsigned int>(result.first.size()));
    if (is_new)
    {
      result.first.emplace_back();
      for (unsigned int d = 0; d < dim; ++d)
        result.first.back()[d] = x[d];
    }
    result.second.push_back(place->second);
  }
  return result;
}

/// VTK leaves the corners as the file has them.
bool are_points(vtkIdList &corners, const std::vector<unsigned int> &places, const vtkIdType n_points)
{
  const auto is_no_point = [&](const vtkIdType p) { return p < 0 || p >= n_points; };
  return corners.GetNumberOfIds() == static_cast<vtkIdType>(places.size()) &&
         std::none_of(corners.begin(), corners.end(), is_no_point);
}

template <int structdim>
dealii::CellData<structdim> cell_data(vtkIdList &corners, const std::vector<unsigned int> &places,
                                      const std::vector<unsigned int> &number_of)
{
  dealii::CellData<structdim> cell(static_cast<unsigned int>(places.size()));
  for (std::size_t i = 0; i < places.size(); ++i)
    cell.vertices[places[i]] = number_of[static_cast<std::size_t>(corners.GetId(static_cast<vtkIdType>(i)))];
  return cell;
}
} // namespace

template <int dim>
void read_vtu(const MeshFileParameters &parameters, dealii::Triangulation<dim> &mesh)
{
  const auto grid = read_grid(parameters.file);
  if (grid->GetNumberOfCells() == 0)
    refuse(parameters.file, "it has no cells");
  vtkDataArray &regions = region_array(*grid, parameters);
  auto [vertices, number_of] = merged_points<dim>(*grid);

  std::vector<dealii::CellData<dim>> cells;
  dealii::SubCellData surface;
  vtkNew<vtkIdList> corners;
  bool simplices = false;
  for (vtkIdType c = 0; c < grid->GetNumberOfCells(); ++c)
  {
    const auto places = places_of(grid->GetCellType(c));
    const int dimension = dimension_of(grid->GetCellType(c));
    const double id = regions.GetTuple1(c);
    if (places.empty() && grid->GetCellType(c) != VTK_VERTEX)
      refuse(parameters.file, "cell " + std::to_string(c) + " is of VTK's type " +
                                  std::to_string(grid->GetCellType(c)) + ", which cannot be used");
    if (!(id >= 0.0) || id > 1e6 || id != std::floor(id))
      refuse(parameters.file, "cell " + std::to_string(c) + " has the region " + std::to_string(id));
    grid->GetCellPoints(c, corners);
    if (!places.empty() && !are_points(*corners, places, grid->GetNumberOfPoints()))
      refuse(parameters.file, "cell " + std::to_string(c) + " has not the corners of its type among its points");
    if (dimension == dim && !places.empty())
    {
      cells.push_back(cell_data<dim>(*corners, places, number_of));
      cells.back().material_id = static_cast<dealii::types::material_id>(id);
      simplices |= places.size() == dim + 1;
    }
    else if (dimension == dim - 1 && !places.empty())
    {
      auto piece = cell_data<dim - 1>(*corners, places, number_of);
      piece.boundary_id = static_cast<dealii::types::boundary_id>(id);
      if constexpr (dim == 2)
        surface.boundary_lines.push_back(piece);
      else
        surface.boundary_quads.push_back(piece);
    }
  }
  if (cells.empty())
    refuse(parameters.file, "it has no cells of " + std::to_string(dim) + " dimensions");
  try
  {
    dealii::GridTools::delete_unused_vertices(vertices, cells, surface);
    if (!simplices)
    {
      dealii::GridTools::invert_all_negative_measure_cells(vertices, cells);
      dealii::GridTools::consistently_order_cells(cells);
    }
    mesh.create_triangulation(vertices, cells, surface);
  }
  catch (const dealii::ExceptionBase &)
  {
    refuse(parameters.file, "its cells do not fit together, or some of them are inverted");
  }
}

template void read_vtu<2>(const MeshFileParameters &, dealii::Triangulation<2> &);
template void read_vtu<3>(const MeshFileParameters &, dealii::Triangulation<3> &);
} // namespace nidus
