#pragma once

#include "organ/organ.h"

#include <memory>
#include <vector>

namespace nidus
{
/**
 * Coarser versions of the mesh of an organ, for multigrid: each merges every family of cells of the next finer one
 * that can be merged with hanging nodes kept one level apart; the coarsest is the coarse mesh of the forest.
 *
 * Each version is grown from the coarse mesh, which takes a fraction of the time of coarsening. Every rank count has
 * the same cells; each version is partitioned for itself.
 */
template <int dim>
class MeshHierarchy
{
public:
  using Triangulation = dealii::parallel::distributed::Triangulation<dim>;

  /// Collective. At most @p most_levels versions, the mesh of the organ included, the coarsest ones left out.
  explicit MeshHierarchy(const Organ<dim> &organ, unsigned int most_levels = 100);

  /// The number of meshes, the mesh of the organ included.
  unsigned int n_levels() const { return static_cast<unsigned int>(coarser.size()) + 1; }

  /// Mesh 0 is the coarsest, the last one that of the organ.
  const Triangulation &mesh(unsigned int level) const;

private:
  /// Cells with children, by depth, and the number of levels of the tree below them.
  struct Branch
  {
    dealii::CellId cell;
    unsigned int height;
  };

  std::vector<std::vector<Branch>> find_branches() const;
  std::unique_ptr<Triangulation> grow(const std::vector<std::vector<Branch>> &branches, unsigned int merged) const;

  const Organ<dim> &organ;
  std::vector<std::unique_ptr<Triangulation>> coarser; ///< coarsest first
};
} // namespace nidus
