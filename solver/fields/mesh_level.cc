#include "fields/mesh_level.h"

#include "fields/item_exchange.h"
#include "fields/node_constraints.h"
#include "organ/tree_partition.h"

#include <deal.II/fe/fe_q.h>

#include <algorithm>
#include <unordered_set>

namespace nidus
{
/// A cell of the finer mesh, on its way to the owner of the coarse cell that contains it.
template <int dim>
struct MeshLevel<dim>::FineCell
{
  dealii::CellId::binary_type id;
  std::array<std::uint32_t, 1u << dim> nodes;
};

/// An entry of the prolongation, global numbers.
template <int dim>
struct MeshLevel<dim>::Weight
{
  std::uint32_t row, column;
  float value;
};

template <int dim>
MeshLevel<dim>::MeshLevel(const Organ<dim> &organ, const dealii::DoFHandler<dim> &nodes,
                          const dealii::AffineConstraints<double> &constraints, const double full)
    : organ(organ), full(full), dof_handler(nodes), constraints(constraints)
{
  number_nodes();
  const std::size_t n_regions = organ.regions().size();
  region_share.assign(dof_handler.get_triangulation().n_active_cells() * n_regions, 0.0f);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned() && organ.is_tissue(cell))
      region_share[cell->active_cell_index() * n_regions + cell->material_id()] = 1.0f;
  add_elements();
  std::vector<Weight> none;
  make_local(none, nullptr);
}

template <int dim>
MeshLevel<dim>::MeshLevel(const Organ<dim> &organ, const Triangulation &mesh, const double full, const MeshLevel &finer)
    : organ(organ), full(full), own_nodes(std::make_unique<dealii::DoFHandler<dim>>(mesh)),
      own_constraints(std::make_unique<dealii::AffineConstraints<double>>()), dof_handler(*own_nodes),
      constraints(*own_constraints)
{
  own_nodes->distribute_dofs(dealii::FE_Q<dim>(1));
  make_node_constraints(organ, *own_nodes, *own_constraints);
  number_nodes();
  std::vector<float> shares;
  const auto foreign = fine_cells(finer, shares);
  region_share.assign(mesh.n_active_cells() * organ.regions().size(), 0.0f);
  sum_shares(finer, foreign, shares);
  add_elements();
  auto transfer = weights(finer, foreign);
  make_local(transfer, &finer);
}

template <int dim>
void MeshLevel<dim>::number_nodes()
{
  owned = dof_handler.n_locally_owned_dofs();
  const auto counts = dealii::Utilities::MPI::all_gather(communicator(), owned);
  first_of_rank = {0};
  for (const auto count : counts)
    first_of_rank.push_back(first_of_rank.back() + count);
  first = first_of_rank[dealii::Utilities::MPI::this_mpi_process(communicator())];
}

template <int dim>
unsigned int MeshLevel<dim>::owner(const std::uint32_t node) const
{
  return static_cast<unsigned int>(std::upper_bound(first_of_rank.begin(), first_of_rank.end(), node) -
                                   first_of_rank.begin()) -
         1;
}

template <int dim>
void MeshLevel<dim>::add_elements()
{
  element_store = std::make_unique<StiffnessElements<dim>>(organ, full);
  const std::size_t n_regions = organ.regions().size();
  std::vector<float> share(n_regions);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
    {
      const auto from = region_share.begin() + cell->active_cell_index() * n_regions;
      share.assign(from, from + n_regions);
      element_store->add(cell, constraints, share);
    }

  std::map<unsigned int, std::vector<Item>> outgoing;
  const auto &store = *element_store;
  for (const auto &element : store.elements)
    for (unsigned int i = 0; i < element.n_nodes; ++i)
    {
      const std::uint32_t row = store.nodes[element.first_node + i];
      if (owns(row))
        continue;
      auto &message = outgoing[owner(row)];
      for (unsigned int j = 0; j < element.n_nodes; ++j)
        message.push_back({row, store.nodes[element.first_node + j], element.region,
                           element.fraction * store.matrices[element.matrix].entries(i, j)});
    }
  items = exchange_items(communicator(), outgoing);
}

template <int dim>
template <typename Visit>
void MeshLevel<dim>::visit_own_cells(const MeshLevel &finer, const Visit &visit) const
{
  const TreePartition<dim> partition(mesh());
  std::vector<dealii::types::global_dof_index> dofs(StiffnessElements<dim>::n_corners);
  FineCell fine;
  for (const auto &cell : finer.dof_handler.active_cell_iterators())
    if (cell->is_locally_owned() && finer.has_tissue(cell))
    {
      const auto id = cell->id();
      cell->get_dof_indices(dofs);
      std::copy(dofs.begin(), dofs.end(), fine.nodes.begin());
      visit(partition.owner(id), id, fine.nodes,
            &finer.region_share[cell->active_cell_index() * organ.regions().size()]);
    }
}

template <int dim>
template <typename Visit>
void MeshLevel<dim>::visit_fine_cells(const MeshLevel &finer, const std::vector<FineCell> &foreign,
                                      const Visit &visit) const
{
  const unsigned int me = dealii::Utilities::MPI::this_mpi_process(communicator());
  visit_own_cells(finer, [&](const unsigned int rank, const dealii::CellId &id, const auto &nodes, const float *share) {
    if (rank == me)
      visit(id, nodes, share, -1);
  });
  for (std::size_t i = 0; i < foreign.size(); ++i)
    visit(dealii::CellId(foreign[i].id), foreign[i].nodes, nullptr, static_cast<int>(i));
}

template <int dim>
bool MeshLevel<dim>::has_tissue(const typename dealii::DoFHandler<dim>::active_cell_iterator &cell) const
{
  const auto from = region_share.begin() + cell->active_cell_index() * organ.regions().size();
  return std::any_of(from, from + organ.regions().size(), [](const float share) { return share > 0.0f; });
}

template <int dim>
std::vector<typename MeshLevel<dim>::FineCell> MeshLevel<dim>::fine_cells(const MeshLevel &finer,
                                                                          std::vector<float> &shares) const
{
  const unsigned int me = dealii::Utilities::MPI::this_mpi_process(communicator());
  std::map<unsigned int, std::vector<FineCell>> cells;
  std::map<unsigned int, std::vector<float>> cell_shares;
  visit_own_cells(finer, [&](const unsigned int rank, const dealii::CellId &id, const auto &nodes, const float *share) {
    if (rank == me)
      return;
    cells[rank].push_back({id.template to_binary<dim>(), nodes});
    cell_shares[rank].insert(cell_shares[rank].end(), share, share + organ.regions().size());
  });
  shares = exchange_items(communicator(), cell_shares);
  return exchange_items(communicator(), cells);
}

template <int dim>
void MeshLevel<dim>::sum_shares(const MeshLevel &finer, const std::vector<FineCell> &foreign,
                                const std::vector<float> &shares)
{
  const std::size_t n_regions = organ.regions().size();
  visit_fine_cells(finer, foreign, [&](const dealii::CellId &id, const auto &, const float *share, const int number) {
    if (share == nullptr)
      share = &shares[number * n_regions];
    const auto coarse = find_cell<dim>(mesh(), id);
    const float part = std::pow(1.0f / StiffnessElements<dim>::n_corners,
                                static_cast<float>(id.get_child_indices().size()) - coarse->level());
    for (std::size_t r = 0; r < n_regions; ++r)
      region_share[coarse->active_cell_index() * n_regions + r] += part * share[r];
  });
}

template <int dim>
std::vector<std::pair<std::uint32_t, double>>
MeshLevel<dim>::interpolation(const typename dealii::Triangulation<dim>::cell_iterator &coarse,
                              const dealii::CellId &id, const unsigned int corner) const
{
  // Where the corner of the fine cell lies in the unit cell of the coarse one.
  dealii::Point<dim> place;
  double size = 1.0;
  const auto path = id.get_child_indices();
  for (auto step = path.begin() + coarse->level(); step != path.end(); ++step)
  {
    size /= 2.0;
    for (int d = 0; d < dim; ++d)
      place[d] += (*step >> d & 1u) * size;
  }
  for (int d = 0; d < dim; ++d)
    place[d] += (corner >> d & 1u) * size;

  const typename dealii::DoFHandler<dim>::cell_iterator cell(&mesh(), coarse->level(), coarse->index(), &dof_handler);
  std::vector<dealii::types::global_dof_index> dofs(StiffnessElements<dim>::n_corners);
  cell->get_dof_indices(dofs);
  std::vector<std::pair<std::uint32_t, double>> row;
  const auto add = [&](const dealii::types::global_dof_index node, const double weight) {
    const auto known = std::find_if(row.begin(), row.end(), [&](const auto &entry) { return entry.first == node; });
    if (known == row.end())
      row.emplace_back(node, weight);
    else
      known->second += weight;
  };
  for (unsigned int v = 0; v < dofs.size(); ++v)
  {
    double weight = 1.0;
    for (int d = 0; d < dim; ++d)
      weight *= v >> d & 1u ? place[d] : 1.0 - place[d];
    if (weight == 0.0)
      continue;
    if (!constraints.is_constrained(dofs[v]))
      add(dofs[v], weight);
    else
      for (const auto &[node, share] : *constraints.get_constraint_entries(dofs[v]))
        add(node, weight * share);
  }
  return row;
}

template <int dim>
std::vector<typename MeshLevel<dim>::Weight> MeshLevel<dim>::weights(const MeshLevel &finer,
                                                                     const std::vector<FineCell> &foreign) const
{
  std::vector<Weight> result;
  std::vector<bool> seen(finer.owned, false);
  std::unordered_set<std::uint32_t> sent;
  std::map<unsigned int, std::vector<Weight>> outgoing;
  visit_fine_cells(finer, foreign, [&](const dealii::CellId &id, const auto &nodes, const float *, const int) {
    const auto coarse = find_cell<dim>(mesh(), id);
    for (unsigned int v = 0; v < nodes.size(); ++v)
    {
      const std::uint32_t node = nodes[v];
      const bool mine = finer.owns(node);
      if (mine ? seen[node - finer.first] || finer.constraints.is_constrained(node) : !sent.insert(node).second)
        continue;
      if (mine)
        seen[node - finer.first] = true;
      auto &rows = mine ? result : outgoing[finer.owner(node)];
      for (const auto &[column, weight] : interpolation(coarse, id, v))
        rows.push_back({node, column, static_cast<float>(weight)});
    }
  });
  // Several ranks may send the same row, entry for entry the same.
  auto incoming = exchange_items(communicator(), outgoing);
  const auto place = [](const Weight &weight) { return std::make_pair(weight.row, weight.column); };
  std::sort(incoming.begin(), incoming.end(), [&](const auto &a, const auto &b) { return place(a) < place(b); });
  incoming.erase(
      std::unique(incoming.begin(), incoming.end(), [&](const auto &a, const auto &b) { return place(a) == place(b); }),
      incoming.end());
  for (const auto &weight : incoming)
    if (!seen[weight.row - finer.first] && !finer.constraints.is_constrained(weight.row))
      result.push_back(weight);
  return result;
}

template <int dim>
void MeshLevel<dim>::make_local(std::vector<Weight> &transfer, const MeshLevel *finer)
{
  std::vector<dealii::types::global_dof_index> foreign;
  for (const auto node : element_store->nodes)
    if (!owns(node))
      foreign.push_back(node);
  for (const auto &item : items)
    if (!owns(item.column))
      foreign.push_back(item.column);
  for (const auto &weight : transfer)
    if (!owns(weight.column))
      foreign.push_back(weight.column);
  std::sort(foreign.begin(), foreign.end());
  foreign.erase(std::unique(foreign.begin(), foreign.end()), foreign.end());
  dealii::IndexSet ghosts(dof_handler.n_dofs());
  ghosts.add_indices(foreign.begin(), foreign.end());
  node_exchange = std::make_unique<NodeExchange>(dof_handler.locally_owned_dofs(), ghosts, communicator());

  const auto local = [&](const std::uint32_t node) { return owns(node) ? node - first : node_exchange->local(node); };
  for (auto &node : element_store->nodes)
    node = local(node);
  for (auto &item : items)
  {
    item.row -= first;
    item.column = local(item.column);
  }
  std::stable_sort(items.begin(), items.end(), [](const Item &a, const Item &b) { return a.row < b.row; });
  if (finer == nullptr)
    return;
  for (auto &weight : transfer)
  {
    weight.row -= finer->first;
    weight.column = local(weight.column);
  }
  to_finer = sorted(transfer, finer->owned, [](const Weight &w) { return std::make_pair(w.row, w.column); });
  // Sorted by fine nodes first, each coarse row runs through memory in one direction.
  std::stable_sort(transfer.begin(), transfer.end(), [](const Weight &a, const Weight &b) { return a.row < b.row; });
  from_finer = sorted(transfer, owned + node_exchange->n_ghosts(),
                      [](const Weight &w) { return std::make_pair(w.column, w.row); });
}

template <int dim>
template <typename Place>
TransferMatrix MeshLevel<dim>::sorted(const std::vector<Weight> &weights, const std::size_t n_rows, const Place &place)
{
  TransferMatrix matrix;
  matrix.begin.assign(n_rows + 1, 0);
  matrix.column.resize(weights.size());
  matrix.weight.resize(weights.size());
  for (const auto &weight : weights)
    ++matrix.begin[place(weight).first + 1];
  for (std::size_t i = 0; i < n_rows; ++i)
    matrix.begin[i + 1] += matrix.begin[i];
  auto next = matrix.begin;
  for (const auto &weight : weights)
  {
    const auto [row, column] = place(weight);
    matrix.column[next[row]] = column;
    matrix.weight[next[row]++] = weight.value;
  }
  return matrix;
}

template <int dim>
void MeshLevel<dim>::release_mesh()
{
  own_nodes.reset();
  own_constraints.reset();
  element_store.reset();
  items = {};
  region_share = {};
}

template class MeshLevel<2>;
template class MeshLevel<3>;
} // namespace nidus
