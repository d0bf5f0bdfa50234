#pragma once

#include "io/rank_groups.h"

#include <vtkNew.h>
#include <vtkXMLWriter.h>

#include <stdexcept>
#include <string>

namespace nidus
{
/// The bytes of a file of VTK, compressed. @p what it holds, for the fault: throws std::runtime_error.
///
/// Numbers stand where they belong, as text (base64). Raw bytes behind the XML would take a quarter less, but
/// ParaView 5.11 and VTK 9.1 cannot read them with expat from 2.6 on, nor with the corrected 2.5 of Debian bookworm
/// (https://gitlab.kitware.com/vtk/vtk/-/issues/19258).
template <typename Writer, typename Data>
std::string vtk_text(Data &data, const std::string &what)
{
  vtkNew<Writer> writer;
  writer->SetInputData(&data);
  writer->SetDataModeToBinary();
  writer->SetCompressorTypeToZLib();
  writer->SetCompressionLevel(1);
  writer->WriteToOutputStringOn();
  if (writer->Write() == 0)
    throw std::runtime_error("VTK cannot write " + what);
  return writer->GetOutputString();
}

/// Puts the pieces of the other ranks of a group behind that of its first rank, whose @p text of a file it is then;
/// elsewhere only the piece of @p text is left. So each rank compresses its own piece, and one writes. Collective over
/// the group.
void join_pieces(std::string &text, const RankGroups &groups);
} // namespace nidus
