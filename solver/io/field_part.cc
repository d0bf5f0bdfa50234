#include "io/field_part.h"

#include <string_view>

namespace nidus
{
namespace
{
/// VTK's place of the corner that is first, second, ... in deal.II's order, in 2-D (four corners) and 3-D.
constexpr unsigned int place_in_vtk[] = {0, 1, 3, 2, 4, 5, 7, 6};

/// Adds the cells of this rank to @p part. @p nodes: the node of each point, in the local form of the state.
template <int dim>
void add_mesh(FieldPart &part, std::vector<std::size_t> &nodes, const FieldSet<dim> &fields)
{
  constexpr unsigned int n_corners = 1u << dim;
  constexpr vtkIdType no_point = -1;
  const auto rank = static_cast<std::int32_t>(fields.organ.triangulation().locally_owned_subdomain());
  std::vector<vtkIdType> point_of(fields.relevant.n_elements(), no_point);
  std::vector<dealii::types::global_dof_index> dofs(n_corners);
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
    {
      const std::size_t first = part.corners.size();
      part.corners.resize(first + n_corners);
      cell->get_dof_indices(dofs);
      for (unsigned int v = 0; v < n_corners; ++v)
      {
        const unsigned int node = fields.local_index(dofs[v]);
        if (point_of[node] == no_point)
        {
          point_of[node] = static_cast<vtkIdType>(nodes.size());
          nodes.push_back(node);
          for (unsigned int d = 0; d < 3; ++d)
            part.points.push_back(d < dim ? cell->vertex(v)[d] : 0.0);
        }
        part.corners[first + place_in_vtk[v]] = point_of[node];
      }
      part.region.push_back(static_cast<std::int32_t>(cell->material_id()));
      part.rank.push_back(rank);
      part.level.push_back(cell->level());
    }
}

/// The values of all fields at @p nodes, ghosts included, and those of further arrays.
template <int dim>
void add_values(FieldPart &part, const std::vector<std::size_t> &nodes, const FieldSet<dim> &fields,
                const std::vector<ObservedArray> &more)
{
  const unsigned int n = fields.n_fields();
  Vec form = nullptr;
  VecGhostGetLocalForm(fields.state, &form);
  const double *state = nullptr;
  VecGetArrayRead(form, &state);
  for (unsigned int s = 0; s < n; ++s)
  {
    part.values.emplace_back();
    part.values.back().reserve(nodes.size());
    for (const std::size_t node : nodes)
      part.values.back().push_back(state[node * n + s]);
  }
  VecRestoreArrayRead(form, &state);
  VecGhostRestoreLocalForm(fields.state, &form);
  for (const auto &array : more)
  {
    part.values.emplace_back();
    part.values.back().reserve(nodes.size());
    for (const std::size_t node : nodes)
      part.values.back().push_back(array.values[node]);
  }
}

template <typename Number>
std::size_t hash_of(const std::vector<Number> &array)
{
  return std::hash<std::string_view>()({reinterpret_cast<const char *>(array.data()), array.size() * sizeof(Number)});
}
} // namespace

std::uint64_t FieldPart::mesh_hash() const
{
  std::uint64_t hash = 0;
  for (const std::uint64_t part : {hash_of(points), hash_of(corners), hash_of(region), hash_of(rank), hash_of(level)})
    hash = hash * 0x9E3779B97F4A7C15u + part;
  return hash;
}

void FieldPart::gather(const RankGroups &groups)
{
  const auto coordinates = groups.gather(points);
  for (auto &array : values)
    groups.gather(array);
  const auto lengths = groups.gather(corners);
  groups.gather(region);
  groups.gather(rank);
  groups.gather(level);
  // Each rank has numbered its points from zero.
  vtkIdType before = 0;
  std::size_t at = 0;
  for (std::size_t member = 0; member < lengths.size(); ++member)
  {
    for (const std::size_t end = at + lengths[member]; at < end; ++at)
      corners[at] += before;
    before += static_cast<vtkIdType>(coordinates[member] / 3);
  }
}

template <int dim>
FieldPart part_of_rank(const FieldSet<dim> &fields, const std::vector<ObservedArray> &more)
{
  FieldPart part;
  std::vector<std::size_t> nodes;
  add_mesh(part, nodes, fields);
  add_values(part, nodes, fields, more);
  return part;
}

template FieldPart part_of_rank(const FieldSet<2> &, const std::vector<ObservedArray> &);
template FieldPart part_of_rank(const FieldSet<3> &, const std::vector<ObservedArray> &);
} // namespace nidus
