#include "fields/field_transfer.h"

#include <deal.II/lac/vector.h>

#include <cstring>

namespace nidus
{
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
  handle = mesh.register_data_attach(
      [this](const Cell &cell, const typename Triangulation::CellStatus) { return pack(cell); }, false);
}

template <int dim>
std::vector<char> FieldTransfer<dim>::pack(const Cell &cell) const
{
  const unsigned int n = before->fe.n_dofs_per_cell();
  const typename dealii::DoFHandler<dim>::cell_iterator with_nodes(&mesh, cell->level(), cell->index(),
                                                                   &before->dof_handler);
  std::vector<char> bytes(values.size() * n * sizeof(double));
  dealii::Vector<double> at_corners(n);
  for (std::size_t s = 0; s < values.size(); ++s)
  {
    with_nodes->get_interpolated_dof_values(values[s], at_corners);
    std::memcpy(bytes.data() + s * n * sizeof(double), at_corners.begin(), n * sizeof(double));
  }
  return bytes;
}

template <int dim>
void FieldTransfer<dim>::arrive(FieldSet<dim> &fields)
{
  const unsigned int n = fields.fe.n_dofs_per_cell();
  for (auto &vector : values)
    vector.reinit(fields.owned, fields.relevant, fields.organ.communicator());
  dealii::Vector<double> at_corners(n);
  using Bytes = boost::iterator_range<std::vector<char>::const_iterator>;
  mesh.notify_ready_to_unpack(
      handle, [&](const Cell &cell, const typename Triangulation::CellStatus, const Bytes &bytes) {
        const typename dealii::DoFHandler<dim>::cell_iterator with_nodes(&mesh, cell->level(), cell->index(),
                                                                         &fields.dof_handler);
        for (std::size_t s = 0; s < values.size(); ++s)
        {
          std::memcpy(at_corners.begin(), &*bytes.begin() + s * n * sizeof(double), n * sizeof(double));
          with_nodes->set_dof_values_by_interpolation(at_corners, values[s]);
        }
      });
  // A node on the border of ranks has the same value in all its cells: each rank has written its own.
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
    fields.insert(s, values[s]);
  fields.update_ghosts();
  before = nullptr;
}

template class FieldTransfer<2>;
template class FieldTransfer<3>;
} // namespace nidus
