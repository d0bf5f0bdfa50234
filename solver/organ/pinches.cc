#include "organ/pinches.h"

#include <map>
#include <numeric>
#include <vector>

namespace nidus
{
namespace
{
/// Groups of cells that are joined step by step (union-find over a few cells).
class Groups
{
public:
  explicit Groups(const std::size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), std::size_t(0)); }

  std::size_t root(std::size_t i) const
  {
    while (parent[i] != i)
      i = parent[i];
    return i;
  }

  void join(const std::size_t a, const std::size_t b) { parent[root(a)] = root(b); }

  std::size_t number() const
  {
    std::size_t count = 0;
    for (std::size_t i = 0; i < parent.size(); ++i)
      count += parent[i] == i ? 1 : 0;
    return count;
  }

private:
  std::vector<std::size_t> parent;
};

/// For each object (edge or vertex) the cells around it, and for each of their faces that contain it the two sides.
struct Star
{
  std::map<unsigned int, std::size_t> cells;               ///< index of the cell -> number in this star
  std::map<unsigned int, std::vector<unsigned int>> sides; ///< index of the face -> cells
};

unsigned int count_split(const std::map<unsigned int, Star> &stars)
{
  unsigned int count = 0;
  for (const auto &[object, star] : stars)
  {
    Groups groups(star.cells.size());
    for (const auto &[face, cells] : star.sides)
      if (cells.size() == 2)
        groups.join(star.cells.at(cells[0]), star.cells.at(cells[1]));
    count += groups.number() > 1 ? 1 : 0;
  }
  return count;
}
} // namespace

template <int dim>
unsigned int count_pinches(const dealii::Triangulation<dim> &mesh)
{
  std::map<unsigned int, Star> vertices, lines;
  for (const auto &cell : mesh.active_cell_iterators())
    for (const unsigned int f : cell->face_indices())
    {
      const auto face = cell->face(f);
      const auto note = [&](Star &star) {
        star.cells.emplace(cell->index(), star.cells.size());
        star.sides[face->index()].push_back(cell->index());
      };
      for (const unsigned int v : face->vertex_indices())
        note(vertices[face->vertex_index(v)]);
      if constexpr (dim == 3)
        for (const unsigned int l : face->line_indices())
          note(lines[face->line(l)->index()]);
    }
  return count_split(vertices) + count_split(lines);
}

template unsigned int count_pinches<2>(const dealii::Triangulation<2> &);
template unsigned int count_pinches<3>(const dealii::Triangulation<3> &);
} // namespace nidus
