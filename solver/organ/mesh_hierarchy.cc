#include "organ/mesh_hierarchy.h"

#include "organ/tree_partition.h"

#include <deal.II/base/mpi.h>

#include <map>

namespace nidus
{
template <int dim>
MeshHierarchy<dim>::MeshHierarchy(const Organ<dim> &organ, const unsigned int most_levels) : organ(organ)
{
  const auto branches = find_branches();
  for (unsigned int merged = static_cast<unsigned int>(branches.size()); merged > 0; --merged)
    if (merged < most_levels)
      coarser.push_back(grow(branches, merged));
}

template <int dim>
const typename MeshHierarchy<dim>::Triangulation &MeshHierarchy<dim>::mesh(const unsigned int level) const
{
  return level < coarser.size() ? *coarser[level] : organ.triangulation();
}

template <int dim>
std::vector<std::vector<typename MeshHierarchy<dim>::Branch>> MeshHierarchy<dim>::find_branches() const
{
  // Heights count leaves of this rank only: a branch that is cut by the partition is known to several ranks, and the
  // tallest part decides.
  const auto &mesh = organ.triangulation();
  const unsigned int n_levels = mesh.n_global_levels();
  std::vector<std::vector<Branch>> branches(n_levels - 1);
  std::vector<std::vector<int>> height(n_levels);
  for (unsigned int level = std::min(n_levels, mesh.n_levels()); level-- > 0;)
  {
    height[level].assign(mesh.n_raw_cells(level), -1);
    for (const auto &cell : mesh.cell_iterators_on_level(level))
    {
      int &own = height[level][cell->index()];
      if (!cell->has_children())
        own = cell->is_locally_owned() ? 0 : -1;
      else
        for (unsigned int child = 0; child < cell->n_children(); ++child)
        {
          const int below = height[level + 1][cell->child_index(child)];
          if (below >= 0)
            own = std::max(own, below + 1);
        }
      if (own > 0)
        branches[level].push_back({cell->id(), static_cast<unsigned int>(own)});
    }
  }
  return branches;
}

template <int dim>
std::unique_ptr<typename MeshHierarchy<dim>::Triangulation>
MeshHierarchy<dim>::grow(const std::vector<std::vector<Branch>> &branches, const unsigned int merged) const
{
  auto mesh = std::make_unique<Triangulation>(organ.communicator());
  organ.make_coarse_mesh(*mesh);
  for (const auto &depth : branches)
  {
    const TreePartition<dim> partition(*mesh);
    std::map<unsigned int, std::vector<typename dealii::CellId::binary_type>> wanted;
    bool any = false;
    for (const auto &branch : depth)
      if (branch.height > merged)
      {
        any = true;
        wanted[partition.owner(branch.cell)].push_back(branch.cell.template to_binary<dim>());
      }
    if (!dealii::Utilities::MPI::logical_or(any, organ.communicator()))
      break;
    for (const auto &message : dealii::Utilities::MPI::some_to_some(organ.communicator(), wanted))
      for (const auto &id : message.second)
        find_cell<dim>(*mesh, dealii::CellId(id))->set_refine_flag();
    mesh->execute_coarsening_and_refinement();
  }
  return mesh;
}

template class MeshHierarchy<2>;
template class MeshHierarchy<3>;
} // namespace nidus
