#include "organ/cell_labels.h"

#include <deal.II/grid/grid_tools.h>

#include <algorithm>
#include <cstring>

namespace nidus
{
template <int dim>
CellLabels<dim>::CellLabels(Triangulation &mesh, const std::vector<unsigned int> &first_level) : mesh(mesh)
{
  handle = mesh.register_data_attach(
      [&first_level](const Cell &cell, const typename Triangulation::CellStatus) {
        // A parent that takes the place of its children takes the label that they share; the coarsest of them tells
        // where it began.
        Label label;
        if (cell->is_active())
          label = {cell->material_id(), first_level[cell->active_cell_index()]};
        else
        {
          label = {cell->child(0)->material_id(), first_level[cell->child(0)->active_cell_index()]};
          for (unsigned int c = 1; c < cell->n_children(); ++c)
            label.first_level = std::min(label.first_level, first_level[cell->child(c)->active_cell_index()]);
          label.first_level = std::min(label.first_level, static_cast<unsigned int>(cell->level()));
        }
        std::vector<char> bytes(sizeof(Label));
        std::memcpy(bytes.data(), &label, sizeof(Label));
        return bytes;
      },
      false);
}

template <int dim>
std::vector<unsigned int> CellLabels<dim>::arrive()
{
  std::vector<unsigned int> first_level(mesh.n_active_cells(), 0);
  using Bytes = boost::iterator_range<std::vector<char>::const_iterator>;
  mesh.notify_ready_to_unpack(
      handle, [&](const Cell &cell, const typename Triangulation::CellStatus status, const Bytes &bytes) {
        Label label;
        std::memcpy(&label, &*bytes.begin(), sizeof(Label));
        const auto give = [&](const Cell &to) {
          to->set_material_id(label.region);
          first_level[to->active_cell_index()] = label.first_level;
        };
        n_refined += status == Triangulation::CELL_REFINE ? 1 : 0;
        n_coarsened += status == Triangulation::CELL_COARSEN ? dealii::GeometryInfo<dim>::max_children_per_cell : 0;
        if (status != Triangulation::CELL_REFINE)
          give(cell);
        else
          for (unsigned int c = 0; c < cell->n_children(); ++c)
            give(cell->child(c));
      });
  using Active = typename Triangulation::active_cell_iterator;
  dealii::GridTools::exchange_cell_data_to_ghosts<dealii::types::material_id>(
      mesh, [](const Active &cell) { return cell->material_id(); },
      [](const Active &cell, const dealii::types::material_id region) { cell->set_material_id(region); });
  return first_level;
}

template class CellLabels<2>;
template class CellLabels<3>;
} // namespace nidus
