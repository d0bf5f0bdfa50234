#pragma once

#include <deal.II/distributed/tria.h>

#include <cstdint>
#include <vector>

namespace nidus
{
/**
 * Takes what is known of cells from one partition or refinement of a mesh to the next: the region, as material id, and
 * the level of the cell of the first mesh in which the cell lies. Children inherit both.
 */
template <int dim>
class CellLabels
{
public:
  using Triangulation = dealii::parallel::distributed::Triangulation<dim>;
  using Cell = typename Triangulation::cell_iterator;

  /// Attaches the labels to @p mesh, which has to change next. @p first_level: of each active cell. Collective.
  CellLabels(Triangulation &mesh, const std::vector<unsigned int> &first_level);

  /// Gives the cells of the changed mesh, ghosts too, their material ids; returns the first level of each active cell.
  /// Collective; once.
  std::vector<unsigned int> arrive();

  /// Of the cells that are here now: parents that were refined, and children that have gone up in their parents.
  std::uint64_t refined() const { return n_refined; }
  std::uint64_t coarsened() const { return n_coarsened; }

private:
  struct Label
  {
    dealii::types::material_id region;
    unsigned int first_level;
  };

  Triangulation &mesh;
  unsigned int handle;
  std::uint64_t n_refined = 0, n_coarsened = 0;
};
} // namespace nidus
