#include "organ/kept_boxes.h"

#include <algorithm>

namespace nidus
{
namespace
{
/// Whether the members of a cube's corners (bit i: corner i is one) hang together along its edges.
template <int dim>
bool connected(const unsigned int members)
{
  unsigned int reached = members & (~members + 1u), before = 0;
  while (reached != before)
  {
    before = reached;
    for (unsigned int corner = 0; corner < (1u << dim); ++corner)
      if (reached >> corner & 1u)
        for (unsigned int d = 0; d < dim; ++d)
          reached |= members & (1u << (corner ^ (1u << d)));
  }
  return reached == members;
}
} // namespace

template <int dim>
KeptBoxes<dim>::KeptBoxes(const std::array<unsigned int, dim> &n) : n(n)
{
  std::size_t boxes = 1;
  for (unsigned int d = 0; d < dim; ++d)
  {
    stride[d] = boxes;
    boxes *= n[d];
  }
  kept.assign(boxes, 0);
}

template <int dim>
std::array<unsigned int, dim> KeptBoxes<dim>::place(const std::size_t box) const
{
  std::array<unsigned int, dim> result;
  for (unsigned int d = 0; d < dim; ++d)
    result[d] = static_cast<unsigned int>(box / stride[d] % n[d]);
  return result;
}

template <int dim>
std::size_t KeptBoxes<dim>::number() const
{
  return static_cast<std::size_t>(std::count(kept.begin(), kept.end(), 1));
}

template <int dim>
bool KeptBoxes<dim>::mend(const std::array<std::size_t, (1u << dim)> &around)
{
  const auto members = [&] {
    unsigned int bits = 0;
    for (unsigned int i = 0; i < around.size(); ++i)
      bits |= kept[around[i]] ? 1u << i : 0u;
    return bits;
  };
  bool changed = false;
  if constexpr (dim == 3)
    // Around each of the six edges at the vertex lie four boxes: two opposite ones share the edge only.
    for (unsigned int axis = 0; axis < 3; ++axis)
      for (unsigned int side = 0; side < 2; ++side)
      {
        const unsigned int a = 1u << (axis + 1) % 3, b = 1u << (axis + 2) % 3, base = side << axis;
        const std::array<unsigned int, 4> four = {{base, base + a, base + a + b, base + b}};
        const unsigned int bits = members();
        const auto is_kept = [&](const unsigned int i) { return (bits >> four[i] & 1u) != 0; };
        if (is_kept(0) == is_kept(2) && is_kept(1) == is_kept(3) && is_kept(0) != is_kept(1))
        {
          for (const unsigned int i : four)
            kept[around[i]] = 1;
          changed = true;
        }
      }
  if (!connected<dim>(members()))
  {
    for (const std::size_t box : around)
      kept[box] = 1;
    changed = true;
  }
  return changed;
}

template <int dim>
void KeptBoxes<dim>::mend_pinches()
{
  bool changed = true;
  while (changed)
  {
    changed = false;
    for (std::size_t box = 0; box < kept.size(); ++box)
    {
      // The vertex at the upper end of this box; a grid of one layer is looked at as if it were doubled.
      const auto at = place(box);
      std::array<std::size_t, (1u << dim)> around;
      bool inside = true;
      for (unsigned int i = 0; i < around.size() && inside; ++i)
      {
        around[i] = box;
        for (unsigned int d = 0; d < dim; ++d)
          if (i >> d & 1u)
          {
            inside &= at[d] + 1 < n[d] || n[d] == 1;
            around[i] += n[d] == 1 ? 0 : stride[d];
          }
      }
      if (inside)
        changed |= mend(around);
    }
  }
}

template <int dim>
void KeptBoxes<dim>::make_mesh(const std::array<std::vector<double>, dim> &coordinates,
                               dealii::Triangulation<dim> &mesh) const
{
  std::array<std::size_t, dim> vertex_stride;
  std::size_t n_vertices = 1;
  for (unsigned int d = dim; d-- > 0;)
  {
    vertex_stride[d] = n_vertices;
    n_vertices *= n[d] + 1;
  }
  constexpr unsigned int unused = 0xFFFFFFFFu;
  std::vector<unsigned int> number_of(n_vertices, unused);
  std::vector<dealii::Point<dim>> vertices;
  std::vector<dealii::CellData<dim>> cells;
  for (std::size_t box = 0; box < kept.size(); ++box)
    if (kept[box])
    {
      const auto at = place(box);
      dealii::CellData<dim> cell;
      cell.material_id = 0;
      for (unsigned int v = 0; v < (1u << dim); ++v)
      {
        std::size_t vertex = 0;
        dealii::Point<dim> point;
        for (unsigned int d = 0; d < dim; ++d)
        {
          const unsigned int plane = at[d] + (v >> d & 1u);
          vertex += plane * vertex_stride[d];
          point[d] = coordinates[d][plane];
        }
        if (number_of[vertex] == unused)
        {
          number_of[vertex] = static_cast<unsigned int>(vertices.size());
          vertices.push_back(point);
        }
        cell.vertices[v] = number_of[vertex];
      }
      cells.push_back(cell);
    }
  mesh.create_triangulation(vertices, cells, dealii::SubCellData());
}

template class KeptBoxes<2>;
template class KeptBoxes<3>;
} // namespace nidus
