#include "organ/mesh_leaves.h"

#include <sstream>
#include <stdexcept>

namespace nidus
{
std::string MeshLeaves::path(const dealii::CellId &cell)
{
  std::string text = std::to_string(cell.get_coarse_cell_id()) + ":";
  for (const auto child : cell.get_child_indices())
    text += static_cast<char>('0' + child);
  return text;
}

std::string MeshLeaves::line(const dealii::CellId &cell, const Label &label)
{
  return path(cell) + " " + std::to_string(label.region) + " " + std::to_string(label.first_level) + "\n";
}

MeshLeaves::MeshLeaves(const std::string &lines)
{
  std::istringstream stream(lines);
  std::string cell;
  while (stream >> cell)
  {
    Label label{};
    const auto colon = cell.find(':');
    if (!(stream >> label.region >> label.first_level) || colon == std::string::npos ||
        !leaves.emplace(cell, label).second)
      throw std::runtime_error("the list of mesh cells is not one");
    for (auto end = cell.size(); end > colon + 1; --end)
      branches.insert(cell.substr(0, end - 1));
  }
}

MeshLeaves::Place MeshLeaves::place(const dealii::CellId &cell) const
{
  const std::string text = path(cell);
  if (leaves.count(text) > 0)
    return Place::leaf;
  return branches.count(text) > 0 ? Place::above : Place::below;
}
} // namespace nidus
