#include "control/input_error.h"
#include "organ/voxel_file.h"
#include "organ/vtk_faults.h"

#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkMatrix3x3.h>
#include <vtkMatrix4x4.h>
#include <vtkNIFTIImageHeader.h>
#include <vtkNIFTIImageReader.h>
#include <vtkPointData.h>
#include <vtkSmartPointer.h>
#include <vtkStreamingDemandDrivenPipeline.h>
#include <vtkXMLImageDataReader.h>

#include <cmath>

namespace nidus
{
namespace
{
[[noreturn]] void refuse(const std::string &file, const std::string &entry, const std::string &reason)
{
  throw InputError(entry, file, "an image that can be read (" + reason + ")",
                   "the file is damaged, truncated or of another format: save it again");
}

std::array<double, 3> sizes(const int extent[6])
{
  std::array<double, 3> size;
  for (unsigned int d = 0; d < 3; ++d)
    size[d] = static_cast<double>(extent[2 * d + 1]) - extent[2 * d] + 1.0;
  return size;
}

/// The values of @p array, which must have one number for each voxel.
std::function<double(std::size_t)> values_of(vtkDataArray *array, const std::size_t n_voxels, const std::string &file,
                                             const std::string &entry)
{
  if (array == nullptr || array->GetNumberOfComponents() != 1 ||
      static_cast<std::size_t>(array->GetNumberOfTuples()) != n_voxels)
    refuse(file, entry, "it must have one number in each voxel");
  const vtkSmartPointer<vtkDataArray> held = array;
  return [held](const std::size_t voxel) { return held->GetComponent(static_cast<vtkIdType>(voxel), 0); };
}
} // namespace

VoxelFile voxels::read_nifti(const std::string &file, const std::string &entry)
{
  check_nifti_header(file, entry);
  vtkNew<VtkFaults> faults;
  vtkNew<vtkNIFTIImageReader> reader;
  faults->watch(reader);
  reader->SetFileName(file.c_str());
  reader->UpdateInformation();
  if (faults->any() || reader->GetErrorCode() != 0)
    refuse(file, entry, faults->any() ? faults->first() : "it has no NIfTI header");
  const auto size = sizes(reader->GetDataExtent());
  reader->Update();
  if (faults->any() || reader->GetErrorCode() != 0)
    refuse(file, entry, "its data end too early, or are damaged");

  VoxelFile image;
  vtkNIFTIImageHeader *header = reader->GetNIFTIHeader();
  // Both matrices, where the file has them, lead from spacing times index to the world; 'sform' is the finer one.
  vtkMatrix4x4 *world = reader->GetSFormMatrix() != nullptr ? reader->GetSFormMatrix() : reader->GetQFormMatrix();
  for (unsigned int d = 0; d < 3; ++d)
  {
    image.grid.size[d] = static_cast<std::size_t>(size[d]);
    // The reader makes 1 of a spacing of zero. A missing third axis has none.
    const double spacing = header->GetDim(0) > static_cast<int>(d) && header->GetPixDim(static_cast<int>(d) + 1) == 0.0
                               ? 0.0
                               : reader->GetDataSpacing()[d];
    for (unsigned int i = 0; i < 3; ++i)
      image.grid.steps[i][d] = spacing * (world != nullptr ? world->GetElement(i, d) : i == d ? 1.0 : 0.0);
    image.grid.origin[d] = world != nullptr ? world->GetElement(d, 3) : 0.0;
  }
  const int unit = header->GetXYZTUnits() & 0x07;
  image.unit = unit == 1 ? "m" : unit == 2 ? "mm" : unit == 3 ? "um" : "";
  const auto raw = values_of(reader->GetOutput()->GetPointData()->GetScalars(), image.grid.n_voxels(), file, entry);
  const double slope = reader->GetRescaleSlope(), intercept = reader->GetRescaleIntercept();
  if (slope == 0.0 || (slope == 1.0 && intercept == 0.0))
    image.value = raw;
  else
    image.value = [=](const std::size_t voxel) { return slope * raw(voxel) + intercept; };
  if (world == nullptr)
    image.warnings.push_back("the image '" + file + "' has no orientation: its axes are taken for x, y and z");
  return image;
}

VoxelFile voxels::read_vti(const std::string &file, const std::string &entry)
{
  check_xml(file, entry);
  vtkNew<VtkFaults> faults;
  vtkNew<vtkXMLImageDataReader> reader;
  faults->watch(reader);
  if (reader->CanReadFile(file.c_str()) == 0)
    refuse(file, entry, "it is no VTK image");
  reader->SetFileName(file.c_str());
  reader->UpdateInformation();
  if (faults->any() || reader->GetErrorCode() != 0)
    refuse(file, entry, faults->any() ? faults->first() : "its header cannot be read");
  int extent[6] = {0, -1, 0, -1, 0, -1};
  reader->GetOutputInformation(0)->Get(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), extent);
  check_claim(sizes(extent), 1.0, file_size(file, entry), file, entry);
  reader->Update();
  if (faults->any() || reader->GetErrorCode() != 0)
    refuse(file, entry, faults->any() ? faults->first() : "its data cannot be read");

  vtkImageData *data = reader->GetOutput();
  vtkDataArray *points = data->GetPointData()->GetScalars();
  if (points == nullptr && data->GetPointData()->GetNumberOfArrays() > 0)
    points = data->GetPointData()->GetArray(0);
  vtkDataArray *cells = data->GetCellData()->GetScalars();
  if (cells == nullptr && data->GetCellData()->GetNumberOfArrays() > 0)
    cells = data->GetCellData()->GetArray(0);
  // Labels at points are voxels around the points; labels of cells are voxels themselves.
  const bool at_points = points != nullptr;
  VoxelFile image;
  dealii::Point<3> first;
  for (unsigned int d = 0; d < 3; ++d)
  {
    image.grid.size[d] = static_cast<std::size_t>(std::max(1, data->GetDimensions()[d] - (at_points ? 0 : 1)));
    first[d] = data->GetExtent()[2 * d] + (at_points || data->GetDimensions()[d] == 1 ? 0.0 : 0.5);
    for (unsigned int i = 0; i < 3; ++i)
      image.grid.steps[i][d] = data->GetDirectionMatrix()->GetElement(i, d) * data->GetSpacing()[d];
  }
  image.grid.origin =
      dealii::Point<3>(data->GetOrigin()[0], data->GetOrigin()[1], data->GetOrigin()[2]) + image.grid.steps * first;
  image.value = values_of(at_points ? points : cells, image.grid.n_voxels(), file, entry);
  return image;
}
} // namespace nidus
