#include "io/piece_list.h"

#include "io/vtk_arrays.h"

namespace nidus
{
namespace
{
std::string text_of(const ListedArray &array)
{
  std::string text = "      <PDataArray type=\"" + array.type + "\" Name=\"" + escaped(array.name) + "\"";
  if (!array.components.empty())
    text += " NumberOfComponents=\"" + std::to_string(array.components.size()) + "\"";
  for (std::size_t c = 0; c < array.components.size(); ++c)
    text += " ComponentName" + std::to_string(c) + "=\"" + escaped(array.components[c]) + "\"";
  if (array.unit.empty())
    return text + "/>\n";
  return text + ">\n        <InformationKey name=\"UNITS_LABEL\" location=\"vtkDataArray\">" + escaped(array.unit) +
         "</InformationKey>\n      </PDataArray>\n";
}

std::string section(const std::string &name, const std::vector<ListedArray> &arrays)
{
  std::string text = "    <" + name + ">\n";
  for (const auto &array : arrays)
    text += text_of(array);
  return text + "    </" + name + ">\n";
}
} // namespace

std::string PieceList::text(const std::vector<std::string> &pieces) const
{
  std::string text = "<?xml version=\"1.0\"?>\n<VTKFile type=\"P" + kind +
                     "\" version=\"0.1\" byte_order=\"LittleEndian\">\n  <P" + kind + " GhostLevel=\"0\">\n";
  text += section("PPointData", at_points) + section("PCellData", in_cells);
  text += "    <PPoints>\n      <PDataArray type=\"Float64\" Name=\"Points\" NumberOfComponents=\"3\"/>\n"
          "    </PPoints>\n";
  for (const std::string &piece : pieces)
    text += "    <Piece Source=\"" + piece + "\"/>\n";
  return text + "  </P" + kind + ">\n</VTKFile>\n";
}
} // namespace nidus
