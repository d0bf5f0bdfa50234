#include "fields/field_transfer.h"

#include <deal.II/lac/vector.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

namespace nidus
{
namespace
{
constexpr double rounding = 1e-14;

/// The volumes that vertex quadrature gives to the corners of a cell, um^dim: as in FieldSet's balances.
template <int dim>
std::array<double, dealii::GeometryInfo<dim>::vertices_per_cell>
corner_volumes(const typename dealii::Triangulation<dim>::cell_iterator &cell)
{
  constexpr unsigned int n = dealii::GeometryInfo<dim>::vertices_per_cell;
  dealii::Point<dim> corners[n];
  dealii::Tensor<0, dim> determinants[n];
  for (unsigned int v = 0; v < n; ++v)
    corners[v] = cell->vertex(v);
  dealii::GeometryInfo<dim>::alternating_form_at_vertices(corners, determinants);
  std::array<double, n> volumes;
  for (unsigned int v = 0; v < n; ++v)
    volumes[v] = static_cast<double>(determinants[v]) / n;
  return volumes;
}
} // namespace

template <int dim>
FieldTransfer<dim>::FieldTransfer(Triangulation &mesh, const FieldSet<dim> &fields) : mesh(mesh), before(&fields)
{
  // Copies of such a vector lose their ghosts.
  values.resize(fields.n_fields());
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
  {
    values[s] = fields.extract(s);
    values[s].update_ghost_values();
  }
  handle =
      mesh.register_data_attach([this](const Cell &cell, const Status status) { return pack(cell, status); }, false);
}

template <int dim>
typename FieldTransfer<dim>::Content FieldTransfer<dim>::content(const FieldSet<dim> &fields, const Cell &cell,
                                                                 const dealii::Vector<double> &at_corners) const
{
  Content result;
  if (!fields.organ.regions()[cell->material_id()].tissue)
    return result;
  const auto volumes = corner_volumes<dim>(cell);
  for (unsigned int v = 0; v < volumes.size(); ++v)
    result.amount += volumes[v] * at_corners[v];
  const auto range = std::minmax_element(at_corners.begin(), at_corners.end());
  result.low = *range.first;
  result.high = *range.second;
  return result;
}

template <int dim>
std::vector<char> FieldTransfer<dim>::pack(const Cell &cell, const Status status) const
{
  const unsigned int n = before->fe.n_dofs_per_cell();
  const std::size_t n_fields = values.size();
  std::vector<char> bytes(n_fields * (n * sizeof(double) + sizeof(Content)));
  dealii::Vector<double> at_corners(n);
  const auto with_nodes = [&](const Cell &some) {
    return typename dealii::DoFHandler<dim>::cell_iterator(&mesh, some->level(), some->index(), &before->dof_handler);
  };
  for (std::size_t s = 0; s < n_fields; ++s)
  {
    with_nodes(cell)->get_interpolated_dof_values(values[s], at_corners);
    std::memcpy(bytes.data() + s * n * sizeof(double), at_corners.begin(), n * sizeof(double));
    Content here;
    if (status != Triangulation::CELL_COARSEN)
      here = content(*before, cell, at_corners);
    else
      for (unsigned int c = 0; c < cell->n_children(); ++c)
      {
        with_nodes(cell->child(c))->get_interpolated_dof_values(values[s], at_corners);
        const auto part = content(*before, cell->child(c), at_corners);
        here.amount += part.amount;
        here.low = c == 0 ? part.low : std::min(here.low, part.low);
        here.high = c == 0 ? part.high : std::max(here.high, part.high);
      }
    std::memcpy(bytes.data() + n_fields * n * sizeof(double) + s * sizeof(Content), &here, sizeof(Content));
  }
  return bytes;
}

template <int dim>
void FieldTransfer<dim>::unpack(const FieldSet<dim> &fields, const Cell &cell, const Status status, const char *bytes)
{
  const unsigned int n = fields.fe.n_dofs_per_cell();
  const std::size_t n_fields = values.size();
  const typename dealii::DoFHandler<dim>::cell_iterator with_nodes(&mesh, cell->level(), cell->index(),
                                                                   &fields.dof_handler);
  dealii::Vector<double> at_corners(n), of_child(n);
  for (std::size_t s = 0; s < n_fields; ++s)
  {
    std::memcpy(at_corners.begin(), bytes + s * n * sizeof(double), n * sizeof(double));
    with_nodes->set_dof_values_by_interpolation(at_corners, values[s]);
    Content whole;
    std::memcpy(&whole, bytes + n_fields * n * sizeof(double) + s * sizeof(Content), sizeof(Content));
    if (status != Triangulation::CELL_REFINE)
    {
      contents[cell->active_cell_index() * n_fields + s] = whole;
      continue;
    }
    std::vector<Content> parts(cell->n_children());
    double sum = 0.0;
    for (unsigned int c = 0; c < parts.size(); ++c)
    {
      fields.fe.get_prolongation_matrix(c).vmult(of_child, at_corners);
      parts[c] = content(fields, cell->child(c), of_child);
      sum += parts[c].amount;
    }
    for (unsigned int c = 0; c < parts.size(); ++c)
    {
      // The corners of a distorted parent and those of its children do not add up to the same volume.
      if (sum != 0.0)
        parts[c].amount *= whole.amount / sum;
      parts[c].low = whole.low;
      parts[c].high = whole.high;
      contents[cell->child(c)->active_cell_index() * n_fields + s] = parts[c];
    }
  }
}

template <int dim>
void FieldTransfer<dim>::keep_amounts(FieldSet<dim> &fields, const unsigned int s) const
{
  constexpr unsigned int n = dealii::GeometryInfo<dim>::vertices_per_cell;
  const auto now = fields.extract(s);
  Vector missing(fields.owned, fields.relevant, fields.organ.communicator());
  dealii::Vector<double> at_corners(n);
  std::vector<dealii::types::global_dof_index> nodes(n);
  std::vector<std::pair<dealii::types::global_dof_index, double>> takers;
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
  {
    if (!cell->is_locally_owned() || !fields.organ.is_tissue(cell))
      continue;
    const Content &was = contents[cell->active_cell_index() * values.size() + s];
    cell->get_dof_values(now, at_corners);
    const double defect = was.amount - content(fields, cell, at_corners).amount;
    const auto volumes = corner_volumes<dim>(cell);
    // What rounding makes of cells that have not changed, or went to and fro.
    const double whole = std::accumulate(volumes.begin(), volumes.end(), 0.0);
    if (std::abs(defect) <= rounding * whole * std::max(std::abs(was.low), std::abs(was.high)))
      continue;
    cell->get_dof_indices(nodes);
    takers.clear();
    double sum = 0.0;
    const auto add = [&](const dealii::types::global_dof_index node, const double weight) {
      const double room = defect > 0.0 ? was.high - now(node) : now(node) - was.low;
      takers.emplace_back(node, weight * std::max(room, 0.0));
      sum += takers.back().second;
    };
    for (unsigned int v = 0; v < n; ++v)
      if (const auto *masters = fields.constraints.get_constraint_entries(nodes[v]))
        for (const auto &[master, weight] : *masters)
          add(master, weight * volumes[v]);
      else
        add(nodes[v], volumes[v]);
    // Rounding alone can leave a defect where there is no room.
    for (auto &[node, share] : takers)
      missing(node) +=
          defect * (sum > 0.0 ? share / sum : 1.0 / static_cast<double>(takers.size())) *
          (fields.parameters.fields[s].interstitial ? fields.organ.region(cell).interstitial_fraction : 1.0);
  }
  missing.compress(dealii::VectorOperation::add);
  auto corrected = now;
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
    if (fields.volume(node, s) > 0.0)
      corrected.local_element(node) += missing.local_element(node) / fields.volume(node, s);
  fields.insert(s, corrected);
}

template <int dim>
void FieldTransfer<dim>::arrive(FieldSet<dim> &fields)
{
  for (auto &vector : values)
    vector.reinit(fields.owned, fields.relevant, fields.organ.communicator());
  contents.assign(mesh.n_active_cells() * values.size(), Content());
  using Bytes = boost::iterator_range<std::vector<char>::const_iterator>;
  mesh.notify_ready_to_unpack(handle, [&](const Cell &cell, const Status status, const Bytes &bytes) {
    unpack(fields, cell, status, &*bytes.begin());
  });
  // A node on the border of ranks has the same value in all its cells: each rank has written its own.
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
    fields.insert(s, values[s]);
  fields.update_ghosts();
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
    keep_amounts(fields, s);
  fields.update_ghosts();
  before = nullptr;
}

template class FieldTransfer<2>;
template class FieldTransfer<3>;
} // namespace nidus
