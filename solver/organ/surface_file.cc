#include "organ/surface_file.h"

#include "control/input_error.h"
#include "organ/obj_check.h"
#include "organ/ply_check.h"
#include "organ/voxel_file.h"
#include "organ/vtk_faults.h"
#include "organ/words.h"

#include <vtkCellArray.h>
#include <vtkCellArrayIterator.h>
#include <vtkOBJReader.h>
#include <vtkPLYReader.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkSTLReader.h>
#include <vtkSmartPointer.h>
#include <vtkXMLPolyDataReader.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>

namespace nidus
{
namespace
{
[[noreturn]] void refuse(const std::string &file, const std::string &entry, const std::string &reason)
{
  throw InputError(entry, file, "a surface that can be read (" + reason + ")",
                   "the file is damaged, truncated or of another format: save it again");
}

std::string ending_of(const std::string &file)
{
  const auto dot = file.rfind('.');
  std::string ending = dot == std::string::npos ? "" : file.substr(dot);
  std::transform(ending.begin(), ending.end(), ending.begin(), [](const unsigned char c) { return std::tolower(c); });
  return ending;
}

/// A binary .stl file has 50 bytes for each of the triangles whose number follows its 80 bytes of text.
void check_stl(const std::string &file, const std::string &entry)
{
  const double bytes = voxels::file_size(file, entry);
  std::ifstream stream(file, std::ios::binary);
  // As far as VTK looks for what is no text, and farther: where it sees binary data, so must this function.
  std::array<char, 512> head = {};
  stream.read(head.data(), head.size());
  const auto read = stream.gcount();
  if (std::memcmp(head.data(), "solid", 5) == 0)
  {
    // Text, unless a program has put this word before binary data all the same.
    std::string text(head.data(), static_cast<std::size_t>(read));
    if (is_text(text))
    {
      stream.clear();
      stream.seekg(std::max(0.0, bytes - 200.0));
      std::string end((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
      if (end.find("endsolid") == std::string::npos)
        refuse(file, entry, "the text ends without 'endsolid'");
      return;
    }
  }
  if (read < 84)
    refuse(file, entry, "it ends within the header");
  std::uint32_t claimed;
  std::memcpy(&claimed, head.data() + 80, sizeof claimed);
  if (84.0 + 50.0 * claimed > bytes)
    refuse(file, entry,
           "its header claims " + std::to_string(claimed) + " triangles, there is room for " +
               std::to_string(static_cast<long long>((bytes - 84.0) / 50.0)));
}

template <typename Reader>
vtkSmartPointer<vtkPolyData> read_with(const std::string &file, const std::string &entry)
{
  vtkNew<VtkFaults> faults;
  vtkNew<Reader> reader;
  faults->watch(reader);
  reader->SetFileName(file.c_str());
  if constexpr (std::is_same_v<Reader, vtkXMLPolyDataReader>)
  {
    reader->UpdateInformation();
    const double claimed = static_cast<double>(reader->GetNumberOfPoints()) + reader->GetNumberOfCells();
    if (claimed > 1100.0 * voxels::file_size(file, entry))
      refuse(file, entry, "it claims more points than it can hold");
  }
  reader->Update();
  if (faults->any() || reader->GetErrorCode() != 0)
    refuse(file, entry, faults->any() ? faults->first() : "its data end too early");
  return reader->GetOutput();
}

vtkSmartPointer<vtkPolyData> read_any(const std::string &file, const std::string &entry)
{
  const std::string ending = ending_of(file);
  voxels::file_size(file, entry);
  if (ending == ".stl")
  {
    check_stl(file, entry);
    return read_with<vtkSTLReader>(file, entry);
  }
  if (ending == ".ply")
  {
    check_ply(file, entry);
    return read_with<vtkPLYReader>(file, entry);
  }
  if (ending == ".obj")
  {
    check_obj(file, entry);
    return read_with<vtkOBJReader>(file, entry);
  }
  if (ending == ".vtp")
  {
    voxels::check_xml(file, entry);
    return read_with<vtkXMLPolyDataReader>(file, entry);
  }
  throw InputError(entry, file, "a file .stl, .ply, .obj or .vtp", "save the surface in one of these formats");
}
} // namespace

Triangles read_surface(const std::string &file, const std::string &entry)
{
  const vtkSmartPointer<vtkPolyData> data = read_any(file, entry);
  if (data == nullptr || data->GetPoints() == nullptr || data->GetNumberOfPolys() + data->GetNumberOfStrips() == 0)
    refuse(file, entry, "it has no faces");
  if (data->GetNumberOfStrips() > 0)
    refuse(file, entry, "it has strips of triangles; save it with single faces");

  Triangles triangles;
  std::vector<unsigned int> point_of(static_cast<std::size_t>(data->GetNumberOfPoints()));
  std::map<std::array<double, 3>, unsigned int> known;
  for (vtkIdType p = 0; p < data->GetNumberOfPoints(); ++p)
  {
    std::array<double, 3> x;
    data->GetPoint(p, x.data());
    if (!std::isfinite(x[0]) || !std::isfinite(x[1]) || !std::isfinite(x[2]))
      refuse(file, entry, "point " + std::to_string(p) + " is at no place");
    const auto [place, is_new] = known.emplace(x, static_cast<unsigned int>(triangles.points.size()));
    if (is_new)
      triangles.points.emplace_back(x[0], x[1], x[2]);
    point_of[static_cast<std::size_t>(p)] = place->second;
  }
  const auto faces = vtk::TakeSmartPointer(data->GetPolys()->NewIterator());
  for (faces->GoToFirstCell(); !faces->IsDoneWithTraversal(); faces->GoToNextCell())
  {
    vtkIdType n;
    const vtkIdType *corners;
    faces->GetCurrentCell(n, corners);
    for (vtkIdType i = 0; i < n; ++i)
      if (corners[i] < 0 || corners[i] >= data->GetNumberOfPoints())
        refuse(file, entry, "a face has the point " + std::to_string(corners[i]) + ", which there is not");
    for (vtkIdType i = 2; i < n; ++i)
    {
      const std::array<unsigned int, 3> corner = {
          {point_of[corners[0]], point_of[corners[i - 1]], point_of[corners[i]]}};
      // Two corners at one place: nothing of the surface is in such a triangle.
      if (corner[0] != corner[1] && corner[1] != corner[2] && corner[2] != corner[0])
        triangles.corners.push_back(corner);
    }
  }
  if (triangles.corners.empty())
    refuse(file, entry, "all of its faces are degenerate");
  return triangles;
}
} // namespace nidus
