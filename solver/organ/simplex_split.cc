#include "organ/simplex_split.h"

#include <deal.II/grid/grid_tools.h>

#include <algorithm>
#include <map>
#include <vector>

namespace nidus
{
namespace
{
/// The vertices of the new mesh: one in the middle of each set of old vertices that is asked for.
template <int dim>
class Middles
{
public:
  explicit Middles(const std::vector<dealii::Point<dim>> &old) : points(old) {}

  unsigned int of(std::vector<unsigned int> corners)
  {
    if (corners.size() == 1)
      return corners[0];
    std::sort(corners.begin(), corners.end());
    const auto [place, is_new] = known.emplace(corners, static_cast<unsigned int>(points.size()));
    if (is_new)
    {
      dealii::Point<dim> middle;
      for (const unsigned int corner : corners)
        middle += points[corner] / static_cast<double>(corners.size());
      points.push_back(middle);
    }
    return place->second;
  }

  std::vector<dealii::Point<dim>> points;

private:
  std::map<std::vector<unsigned int>, unsigned int> known;
};

/// The part of a simplex at its corner @p corner, in the order of deal.II; @p others are the other corners.
template <int n_others, int dim>
dealii::CellData<n_others> part(Middles<dim> &middles, const unsigned int corner,
                                const std::array<unsigned int, n_others> &others)
{
  dealii::CellData<n_others> cell;
  for (unsigned int v = 0; v < (1u << n_others); ++v)
  {
    std::vector<unsigned int> set = {corner};
    for (unsigned int i = 0; i < n_others; ++i)
      if (v >> i & 1u)
        set.push_back(others[i]);
    cell.vertices[v] = middles.of(set);
  }
  return cell;
}

/// All corners of @p object but corner @p left_out.
template <int n_others, typename Accessor>
std::array<unsigned int, n_others> others_of(const Accessor &object, const unsigned int left_out)
{
  std::array<unsigned int, n_others> others = {};
  unsigned int n = 0;
  for (unsigned int v = 0; v <= n_others; ++v)
    if (v != left_out)
      others[n++] = object->vertex_index(v);
  return others;
}

template <int dim>
bool is_positive(const std::vector<dealii::Point<dim>> &points, const unsigned int corner,
                 const std::array<unsigned int, dim> &others)
{
  dealii::Tensor<2, dim> edges;
  for (unsigned int i = 0; i < dim; ++i)
    edges[i] = points[others[i]] - points[corner];
  return dealii::determinant(edges) >= 0.0;
}
} // namespace

template <int dim>
void split_simplices(const dealii::Triangulation<dim> &simplices, dealii::Triangulation<dim> &mesh)
{
  Middles<dim> middles(simplices.get_vertices());
  std::vector<dealii::CellData<dim>> cells;
  dealii::SubCellData surface;
  for (const auto &cell : simplices.active_cell_iterators())
  {
    for (unsigned int v = 0; v <= dim; ++v)
    {
      auto others = others_of<dim>(cell, v);
      if (!is_positive<dim>(middles.points, cell->vertex_index(v), others))
        std::swap(others[0], others[1]);
      cells.push_back(part<dim>(middles, cell->vertex_index(v), others));
      cells.back().material_id = cell->material_id();
    }
    for (const unsigned int f : cell->face_indices())
    {
      const auto face = cell->face(f);
      if (!face->at_boundary() || face->boundary_id() == 0)
        continue;
      for (unsigned int v = 0; v < dim; ++v)
      {
        auto piece = part<dim - 1>(middles, face->vertex_index(v), others_of<dim - 1>(face, v));
        piece.boundary_id = face->boundary_id();
        if constexpr (dim == 2)
          surface.boundary_lines.push_back(piece);
        else
          surface.boundary_quads.push_back(piece);
      }
    }
  }
  dealii::GridTools::consistently_order_cells(cells);
  mesh.create_triangulation(middles.points, cells, surface);
}

template void split_simplices<2>(const dealii::Triangulation<2> &, dealii::Triangulation<2> &);
template void split_simplices<3>(const dealii::Triangulation<3> &, dealii::Triangulation<3> &);
} // namespace nidus
