#pragma once

#include <vtkNew.h>
#include <vtkXMLWriter.h>

#include <stdexcept>
#include <string>

namespace nidus
{
/// The bytes of a file of VTK, compressed. @p what it holds, for the fault: throws std::runtime_error.
template <typename Writer, typename Data>
std::string vtk_text(Data &data, const std::string &what)
{
  vtkNew<Writer> writer;
  writer->SetInputData(&data);
  writer->SetDataModeToAppended();
  writer->SetEncodeAppendedData(false);
  writer->SetCompressorTypeToZLib();
  writer->SetCompressionLevel(1);
  writer->WriteToOutputStringOn();
  if (writer->Write() == 0)
    throw std::runtime_error("VTK cannot write " + what);
  return writer->GetOutputString();
}
} // namespace nidus
