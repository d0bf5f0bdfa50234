#include "io/vessel_output.h"

#include "io/outcome.h"
#include "io/vtk_arrays.h"
#include "io/vtk_text.h"
#include "io/whole_file.h"

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkTypeInt32Array.h>
#include <vtkXMLPolyDataWriter.h>

#include <stdexcept>
#include <string>

namespace nidus
{
namespace
{
/// Adds an array with the number that @p value gives of each of @p n things.
template <typename Array, typename Value>
void add(vtkDataSetAttributes &target, const std::size_t n, const char *name, const char *unit, const Value &value)
{
  vtkNew<Array> array;
  array->SetName(name);
  array->SetNumberOfTuples(static_cast<vtkIdType>(n));
  for (std::size_t i = 0; i < n; ++i)
    array->SetValue(static_cast<vtkIdType>(i), value(i));
  if (unit != nullptr)
    set_unit(*array, unit);
  target.AddArray(array);
}

void add_geometry(vtkPolyData &data, const VesselNetwork &network)
{
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  for (const auto &point : network.points)
    points->InsertNextPoint(point[0], point[1], point[2]);
  vtkNew<vtkCellArray> lines;
  for (const auto &segment : network.segments)
  {
    const vtkIdType ends[] = {segment.first, segment.second};
    lines->InsertNextCell(2, ends);
  }
  data.SetPoints(points);
  data.SetLines(lines);
}

/// The text of the .vtp file. Throws std::runtime_error.
std::string vtp_text(const VesselSystem &vessels)
{
  const auto &network = vessels.network;
  const auto &flow = vessels.flow;
  const std::size_t n = network.segments.size();
  vtkNew<vtkPolyData> data;
  add_geometry(*data, network);
  auto &of_points = *data->GetPointData();
  auto &of_cells = *data->GetCellData();
  add<vtkDoubleArray>(of_points, network.points.size(), "pressure", "Pa", [&](auto p) { return flow.pressure[p]; });
  add<vtkTypeInt32Array>(of_points, network.points.size(), "component", nullptr,
                         [&](auto p) { return static_cast<std::int32_t>(network.component[p]); });
  add<vtkDoubleArray>(of_cells, n, "radius", "um", [&](auto s) { return network.segments[s].radius; });
  add<vtkDoubleArray>(of_cells, n, "flow", "um^3/min", [&](auto s) { return flow.flow[s]; });
  add<vtkDoubleArray>(of_cells, n, "velocity", "um/min", [&](auto s) { return flow.velocity(network, s); });
  add<vtkDoubleArray>(of_cells, n, "wall_shear", "Pa", [&](auto s) { return flow.wall_shear(network, s); });
  add<vtkTypeInt32Array>(of_cells, n, "kind", nullptr,
                         [&](auto s) { return static_cast<std::int32_t>(network.segments[s].kind); });
  add<vtkTypeInt32Array>(of_cells, n, "component", nullptr, [&](auto s) {
    return static_cast<std::int32_t>(network.component[network.segments[s].first]);
  });

  add_names(*data, "kind_names", {"unknown", "artery", "capillary", "vein"});
  return vtk_text<vtkXMLPolyDataWriter>(*data, std::to_string(n) + " vessels");
}
} // namespace

void write_vessels(const OutputFolder &folder, const VesselSystem &vessels)
{
  on_root(folder.communicator(), [&] { write_whole_file(folder.path("vessels.vtp"), vtp_text(vessels)); });
}
} // namespace nidus
