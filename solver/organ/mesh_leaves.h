#pragma once

#include <deal.II/distributed/tria.h>

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace nidus
{
/**
 * The active cells of an octree mesh, as text that a checkpoint can hold: for each its path in the octree, its region
 * and its first level (Organ::first_level).
 */
class MeshLeaves
{
public:
  struct Label
  {
    dealii::types::material_id region;
    unsigned int first_level;
  };

  MeshLeaves() = default;
  /// Reads what line() has written. Throws std::runtime_error for anything else.
  explicit MeshLeaves(const std::string &lines);

  static std::string line(const dealii::CellId &cell, const Label &label);

  enum class Place
  {
    leaf,
    above, ///< leaves lie in this cell
    below  ///< the cell lies in a leaf, or nowhere
  };
  Place place(const dealii::CellId &cell) const;

  const Label &label(const dealii::CellId &cell) const { return leaves.at(path(cell)); }
  std::size_t size() const { return leaves.size(); }

private:
  static std::string path(const dealii::CellId &cell);

  std::unordered_map<std::string, Label> leaves;
  std::unordered_set<std::string> branches; ///< the cells above the leaves
};
} // namespace nidus
