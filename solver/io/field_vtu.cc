#include "io/field_vtu.h"

#include "io/piece_list.h"
#include "io/vtk_arrays.h"
#include "io/vtk_text.h"

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkDoubleArray.h>
#include <vtkIdTypeArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkTypeInt32Array.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridWriter.h>

namespace nidus
{
namespace
{
/// Lets @p array show @p numbers, which must outlive it.
template <typename Array, typename Number>
void show(Array &array, std::vector<Number> &numbers, const std::string &name)
{
  constexpr int leave_to_owner = 1;
  array.SetName(escaped(name).c_str());
  array.SetArray(numbers.data(), static_cast<vtkIdType>(numbers.size()), leave_to_owner);
}

template <int dim>
void set_geometry(vtkUnstructuredGrid &grid, FieldPart &part)
{
  vtkNew<vtkDoubleArray> coordinates;
  coordinates->SetNumberOfComponents(3);
  show(*coordinates, part.points, "Points");
  vtkNew<vtkPoints> points;
  points->SetData(coordinates);
  vtkNew<vtkIdTypeArray> corners;
  show(*corners, part.corners, "connectivity");
  vtkNew<vtkCellArray> cells;
  cells->SetData(1 << dim, corners);
  grid.SetPoints(points);
  grid.SetCells(dim == 2 ? VTK_QUAD : VTK_HEXAHEDRON, cells);
}
} // namespace

template <int dim>
std::string vtu_text(FieldPart &part, const std::vector<ObservedColumn> &arrays,
                     const std::vector<std::string> &region_names, const double time)
{
  vtkNew<vtkUnstructuredGrid> grid;
  set_geometry<dim>(*grid, part);
  for (std::size_t s = 0; s < arrays.size(); ++s)
  {
    vtkNew<vtkDoubleArray> array;
    show(*array, part.values[s], arrays[s].name);
    set_unit(*array, arrays[s].unit);
    grid->GetPointData()->AddArray(array);
  }
  std::vector<std::int32_t> *numbers[] = {&part.region, &part.rank, &part.level};
  for (std::size_t a = 0; a < std::size(field_cell_arrays); ++a)
  {
    vtkNew<vtkTypeInt32Array> array;
    show(*array, *numbers[a], field_cell_arrays[a]);
    grid->GetCellData()->AddArray(array);
  }
  add_time(*grid, time);
  add_names(*grid, "region_names", region_names);
  return vtk_text<vtkXMLUnstructuredGridWriter>(*grid, std::to_string(part.n_cells()) + " mesh cells");
}

std::string pvtu_text(const std::vector<ObservedColumn> &arrays, const std::vector<std::string> &pieces)
{
  PieceList list{"UnstructuredGrid", {}, {}};
  for (const auto &array : arrays)
    list.at_points.push_back({array.name, "Float64", array.unit, {}});
  for (const char *name : field_cell_arrays)
    list.in_cells.push_back({name, "Int32", "", {}});
  return list.text(pieces);
}

template std::string vtu_text<2>(FieldPart &, const std::vector<ObservedColumn> &, const std::vector<std::string> &,
                                 double);
template std::string vtu_text<3>(FieldPart &, const std::vector<ObservedColumn> &, const std::vector<std::string> &,
                                 double);
} // namespace nidus
