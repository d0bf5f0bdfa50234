#include "coupling/cell_nodes.h"

namespace nidus
{
template <int dim>
CellNodes<dim>::CellNodes(const FieldSet<dim> &fields, const CellLocator<dim> &locator)
    : n_local(fields.n_owned_nodes() + fields.ghosts.n_elements()), node_list(locator.n_cells()),
      with_followers(locator.n_cells(), false), share_start(1, 0)
{
  std::vector<dealii::types::global_dof_index> dofs(n_vertices);
  for (std::uint32_t c = 0; c < locator.n_cells(); ++c)
  {
    const auto &cell = locator.cell(c);
    const typename dealii::DoFHandler<dim>::active_cell_iterator with_dofs(&fields.organ.triangulation(), cell->level(),
                                                                           cell->index(), &fields.dof_handler);
    with_dofs->get_dof_indices(dofs);
    bool follows = false;
    for (unsigned int v = 0; v < n_vertices; ++v)
    {
      node_list[c][v] = fields.local_index(dofs[v]);
      follows |= fields.constraints.is_constrained(dofs[v]);
    }
    // Agents deposit in cells of this rank only, whose nodes' masters are known here.
    if (!follows || !locator.is_owned(c))
      continue;
    with_followers[c] = true;
    follower_cells.push_back(c);
    for (unsigned int v = 0; v < n_vertices; ++v)
    {
      if (const auto *entries = fields.constraints.get_constraint_entries(dofs[v]))
        for (const auto &[master, weight] : *entries)
          shares.push_back({fields.local_index(master), weight});
      else
        shares.push_back({node_list[c][v], 1.0});
      share_start.push_back(static_cast<std::uint32_t>(shares.size()));
    }
  }
}

template class CellNodes<2>;
template class CellNodes<3>;
} // namespace nidus
