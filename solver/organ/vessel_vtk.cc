#include "organ/vessel_vtk.h"

#include "organ/legacy_vtk_check.h"

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkDataArray.h>
#include <vtkGenericDataObjectReader.h>
#include <vtkIdList.h>
#include <vtkLogger.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkPolyData.h>
#include <vtkSmartPointer.h>
#include <vtkStringOutputWindow.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLPolyDataReader.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace nidus
{
namespace
{
constexpr const char *entry = "Vessels/File/File";

/// Collects what VTK would print, as long as it lives.
class QuietVtk
{
public:
  QuietVtk() : before(vtkOutputWindow::GetInstance()), verbosity(vtkLogger::GetCurrentVerbosityCutoff())
  {
    vtkOutputWindow::SetInstance(text);
    vtkLogger::SetStderrVerbosity(vtkLogger::VERBOSITY_OFF);
  }
  ~QuietVtk()
  {
    vtkLogger::SetStderrVerbosity(verbosity);
    vtkOutputWindow::SetInstance(before);
  }
  QuietVtk(const QuietVtk &) = delete;
  QuietVtk &operator=(const QuietVtk &) = delete;

  /// The first sentence of the first fault; empty: none.
  std::string fault() const
  {
    std::istringstream lines(text->GetOutput());
    std::string line;
    while (std::getline(lines, line))
    {
      const auto colon = line.find("): ");
      if (colon != std::string::npos)
        return line.substr(colon + 3);
    }
    return text->GetOutput().empty() ? "" : "damaged";
  }

private:
  vtkSmartPointer<vtkOutputWindow> before;
  vtkLogger::Verbosity verbosity;
  vtkNew<vtkStringOutputWindow> text;
};

UnreadableVessels damaged(const std::string &reason)
{
  return {entry, "a whole file of VTK" + (reason.empty() ? "" : " (" + reason + ")"), "export or copy the file again"};
}

/// Whether each cell is made of points that the list of cells holds.
bool are_whole(vtkPointSet &data)
{
  std::vector<vtkCellArray *> lists;
  if (auto *polydata = vtkPolyData::SafeDownCast(&data))
    lists = {polydata->GetVerts(), polydata->GetLines(), polydata->GetPolys(), polydata->GetStrips()};
  else if (auto *grid = vtkUnstructuredGrid::SafeDownCast(&data))
    lists = {grid->GetCells()};
  return std::all_of(lists.begin(), lists.end(), [](vtkCellArray *list) { return list == nullptr || list->IsValid(); });
}

vtkSmartPointer<vtkPointSet> read_point_set(const std::string &file)
{
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream)
    throw UnreadableVessels{entry, "a file that can be read",
                            "check the name; a relative name starts from the folder of the parameter file"};
  const auto bytes = static_cast<double>(stream.tellg());
  const QuietVtk vtk;
  vtkSmartPointer<vtkPointSet> data;
  unsigned long error = 0;
  if (file.substr(file.size() - 4) == ".vtp")
  {
    vtkNew<vtkXMLPolyDataReader> reader;
    reader->SetFileName(file.c_str());
    reader->UpdateInformation();
    // zlib compresses to 1/1032 at best.
    const double claimed = static_cast<double>(reader->GetNumberOfPoints()) + reader->GetNumberOfCells();
    if (claimed > 1100.0 * bytes)
      throw damaged("it claims more points than it can hold");
    reader->Update();
    error = reader->GetErrorCode();
    data = reader->GetOutput();
  }
  else
  {
    if (const std::string fault = legacy_vtk_fault(file, bytes); !fault.empty())
      throw damaged(fault);
    vtkNew<vtkGenericDataObjectReader> reader;
    reader->SetFileName(file.c_str());
    reader->Update();
    error = reader->GetErrorCode();
    data = vtkPointSet::SafeDownCast(reader->GetOutput());
  }
  if (error != 0 || !vtk.fault().empty())
    throw damaged(vtk.fault());
  if (data == nullptr)
    throw damaged("neither polydata nor an unstructured grid");
  if (!are_whole(*data))
    throw damaged("its cells have points that are not listed");
  return data;
}

std::string names_of(vtkDataSet &data)
{
  std::string names;
  vtkDataSetAttributes *lists[] = {data.GetCellData(), data.GetPointData()};
  const char *of[] = {" of cells", " of points"};
  for (unsigned int l = 0; l < 2; ++l)
    for (int a = 0; a < lists[l]->GetNumberOfArrays(); ++a)
      if (lists[l]->GetArrayName(a) != nullptr)
        names += (names.empty() ? "" : ", ") + std::string(lists[l]->GetArrayName(a)) + of[l];
  return names.empty() ? "none" : names;
}

/// Throws unless there is one number for each of @p n things.
void check_array(vtkDataArray &array, const vtkIdType n, const std::string &name)
{
  if (array.GetNumberOfTuples() != n || array.GetNumberOfComponents() != 1)
    throw damaged("the array '" + name + "' has " + std::to_string(array.GetNumberOfTuples()) + " entries of " +
                  std::to_string(array.GetNumberOfComponents()) + " numbers, not " + std::to_string(n) + " of one");
}
} // namespace

VesselLines read_vtk_lines(const std::string &file, const std::string &radius_array, const std::string &pressure_array)
{
  const auto data = read_point_set(file);
  const vtkIdType n_points = data->GetNumberOfPoints(), n_cells = data->GetNumberOfCells();
  vtkDataArray *of_cells = data->GetCellData()->GetArray(radius_array.c_str());
  vtkDataArray *of_points = data->GetPointData()->GetArray(radius_array.c_str());
  vtkDataArray *pressures = pressure_array.empty() ? nullptr : data->GetPointData()->GetArray(pressure_array.c_str());
  if (of_cells == nullptr && of_points == nullptr)
    throw UnreadableVessels{"Vessels/File/Radius array", "arrays of " + file + ": " + names_of(*data),
                            "correct the name"};
  if (!pressure_array.empty() && pressures == nullptr)
    throw UnreadableVessels{"Vessels/File/Pressure array",
                            "arrays of points of " + file + "; it has: " + names_of(*data), "correct the name"};
  if (of_cells != nullptr)
    check_array(*of_cells, n_cells, radius_array);
  else
    check_array(*of_points, n_points, radius_array);
  if (pressures != nullptr)
    check_array(*pressures, n_points, pressure_array);

  VesselLines lines;
  double place[3];
  for (vtkIdType p = 0; p < n_points; ++p)
  {
    data->GetPoint(p, place);
    lines.points.emplace_back(place[0], place[1], place[2]);
    if (pressures != nullptr)
      lines.pressure.push_back(pressures->GetTuple1(p));
  }
  vtkNew<vtkIdList> ids;
  for (vtkIdType c = 0; c < n_cells; ++c)
  {
    const int kind = data->GetCellType(c);
    if (kind != VTK_LINE && kind != VTK_POLY_LINE)
      continue;
    data->GetCellPoints(c, ids);
    for (vtkIdType i = 0; i + 1 < ids->GetNumberOfIds(); ++i)
    {
      const vtkIdType a = ids->GetId(i), b = ids->GetId(i + 1);
      if (a < 0 || b < 0 || a >= n_points || b >= n_points)
        throw damaged("line " + std::to_string(c + 1) + " has a point that is not in the file");
      double radius = 0.0;
      if (of_cells != nullptr)
        radius = of_cells->GetTuple1(c);
      else
      {
        const double r_a = of_points->GetTuple1(a), r_b = of_points->GetTuple1(b);
        // A mean would hide a radius of zero.
        radius = r_a > 0.0 && r_b > 0.0 ? 0.5 * (r_a + r_b) : std::min(r_a, r_b);
      }
      lines.first.push_back(static_cast<std::uint32_t>(a));
      lines.second.push_back(static_cast<std::uint32_t>(b));
      lines.radius.push_back(radius);
    }
  }
  return lines;
}
} // namespace nidus
