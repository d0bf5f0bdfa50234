#pragma once

#include "organ/voxel_file.h"

#include <vtkImageData.h>
#include <vtkMatrix4x4.h>
#include <vtkNIFTIImageWriter.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkUnsignedCharArray.h>
#include <vtkXMLImageDataWriter.h>

#include <zlib.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

/// Label images as other programs write them.
namespace nidus::test
{
struct Labels
{
  VoxelGrid grid; ///< steps along rotated axes
  std::vector<std::uint8_t> label;
};

/// Voxels whose label is @p label_at of their centre.
inline Labels draw(const VoxelGrid &grid, const std::function<unsigned int(const dealii::Point<3> &)> &label_at)
{
  Labels image{grid, {}};
  for (std::size_t k = 0; k < grid.size[2]; ++k)
    for (std::size_t j = 0; j < grid.size[1]; ++j)
      for (std::size_t i = 0; i < grid.size[0]; ++i)
      {
        dealii::Tensor<1, 3> place({double(i), double(j), double(k)});
        image.label.push_back(static_cast<std::uint8_t>(label_at(grid.origin + grid.steps * place)));
      }
  return image;
}

/// Cubic voxels of @p edge that fill the cube from -@p half to +@p half along each axis.
inline VoxelGrid cube_of_voxels(const double half, const double edge)
{
  VoxelGrid grid;
  const auto n = static_cast<std::size_t>(std::ceil(2.0 * half / edge));
  grid.size = {{n, n, n}};
  for (unsigned int d = 0; d < 3; ++d)
  {
    grid.steps[d][d] = edge;
    grid.origin[d] = -0.5 * edge * static_cast<double>(n - 1);
  }
  return grid;
}

inline double spacing(const VoxelGrid &grid, const unsigned int axis)
{
  return std::sqrt(grid.steps[0][axis] * grid.steps[0][axis] + grid.steps[1][axis] * grid.steps[1][axis] +
                   grid.steps[2][axis] * grid.steps[2][axis]);
}

inline vtkSmartPointer<vtkImageData> vtk_image(const Labels &image)
{
  const auto data = vtkSmartPointer<vtkImageData>::New();
  const auto &size = image.grid.size;
  data->SetDimensions(static_cast<int>(size[0]), static_cast<int>(size[1]), static_cast<int>(size[2]));
  data->SetSpacing(spacing(image.grid, 0), spacing(image.grid, 1), spacing(image.grid, 2));
  vtkNew<vtkUnsignedCharArray> labels;
  labels->SetName("label");
  for (const auto label : image.label)
    labels->InsertNextValue(label);
  data->GetPointData()->SetScalars(labels);
  return data;
}

inline void write_vti(const Labels &image, const std::string &name)
{
  const auto data = vtk_image(image);
  data->SetOrigin(image.grid.origin[0], image.grid.origin[1], image.grid.origin[2]);
  double direction[9];
  for (unsigned int i = 0; i < 3; ++i)
    for (unsigned int d = 0; d < 3; ++d)
      direction[3 * i + d] = image.grid.steps[i][d] / spacing(image.grid, d);
  data->SetDirectionMatrix(direction);
  vtkNew<vtkXMLImageDataWriter> writer;
  writer->SetInputData(data);
  writer->SetFileName(name.c_str());
  writer->Write();
}

/// .nii or .nii.gz, with an sform matrix.
inline void write_nifti(const Labels &image, const std::string &name)
{
  vtkNew<vtkMatrix4x4> world;
  for (unsigned int i = 0; i < 3; ++i)
  {
    for (unsigned int d = 0; d < 3; ++d)
      world->SetElement(i, d, image.grid.steps[i][d] / spacing(image.grid, d));
    world->SetElement(i, 3, image.grid.origin[i]);
  }
  vtkNew<vtkNIFTIImageWriter> writer;
  writer->SetInputData(vtk_image(image));
  writer->SetSFormMatrix(world);
  writer->SetFileName(name.c_str());
  writer->Write();
}

inline std::string bytes_of(const Labels &image)
{
  return {reinterpret_cast<const char *>(image.label.data()), image.label.size()};
}

inline std::string zlib_of(const std::string &bytes)
{
  uLongf length = compressBound(bytes.size());
  std::string result(length, '\0');
  compress(reinterpret_cast<Bytef *>(result.data()), &length, reinterpret_cast<const Bytef *>(bytes.data()),
           bytes.size());
  result.resize(length);
  return result;
}

/// @p data_file: "LOCAL", or the name of a file for the data.
inline void write_meta_image(const Labels &image, const std::string &name, const bool compressed,
                             const std::string &data_file = "LOCAL")
{
  const auto &grid = image.grid;
  const std::string data = compressed ? zlib_of(bytes_of(image)) : bytes_of(image);
  std::ofstream out(name, std::ios::binary);
  out.precision(17);
  out << "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = "
      << (compressed ? "True" : "False") << "\nTransformMatrix =";
  for (unsigned int d = 0; d < 3; ++d)
    for (unsigned int i = 0; i < 3; ++i)
      out << " " << grid.steps[i][d] / spacing(grid, d);
  out << "\nOffset = " << grid.origin << "\nElementSpacing = " << spacing(grid, 0) << " " << spacing(grid, 1) << " "
      << spacing(grid, 2) << "\nDimSize = " << grid.size[0] << " " << grid.size[1] << " " << grid.size[2]
      << "\nElementType = MET_UCHAR\nElementDataFile = " << data_file << "\n";
  if (data_file == "LOCAL")
    out << data;
  else
    std::ofstream(data_file, std::ios::binary) << data;
}

inline void write_nrrd(const Labels &image, const std::string &name, const bool compressed)
{
  const auto &grid = image.grid;
  {
    std::ofstream out(name, std::ios::binary);
    out.precision(17);
    out << "NRRD0005\n# a comment\ntype: unsigned char\ndimension: 3\nspace: left-posterior-superior\nsizes: "
        << grid.size[0] << " " << grid.size[1] << " " << grid.size[2] << "\nspace directions:";
    for (unsigned int d = 0; d < 3; ++d)
      out << " (" << grid.steps[0][d] << "," << grid.steps[1][d] << "," << grid.steps[2][d] << ")";
    out << "\nkinds: domain domain domain\nendian: little\nencoding: " << (compressed ? "gzip" : "raw")
        << "\nspace origin: (" << grid.origin[0] << "," << grid.origin[1] << "," << grid.origin[2] << ")\n\n";
    if (!compressed)
      out << bytes_of(image);
  }
  if (compressed)
  {
    const gzFile file = gzopen(name.c_str(), "ab");
    gzwrite(file, image.label.data(), static_cast<unsigned int>(image.label.size()));
    gzclose(file);
  }
}
} // namespace nidus::test
