#include "fields/gradient_jumps.h"

#include "organ/edge_range.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_interface_values.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// Sums over the faces of one cell.
struct FaceSums
{
  double jump_square = 0.0, area = 0.0;
};

template <int dim>
class JumpIntegrator
{
public:
  JumpIntegrator(const FieldSet<dim> &fields, const dealii::LinearAlgebra::distributed::Vector<double> &values)
      : fields(fields), values(values), quadrature(2),
        face(fields.organ.mapping(), fields.fe, quadrature,
             dealii::update_gradients | dealii::update_JxW_values | dealii::update_normal_vectors)
  {
  }

  using Cell = typename dealii::DoFHandler<dim>::active_cell_iterator;

  FaceSums around(const Cell &cell)
  {
    FaceSums sums;
    for (const unsigned int f : cell->face_indices())
    {
      // Periodic faces have no common points at which to compare.
      if (cell->at_boundary(f))
        continue;
      const auto neighbour = cell->neighbor(f);
      if (neighbour->has_children())
        for (unsigned int part = 0; part < cell->face(f)->n_children(); ++part)
        {
          const Cell beside = cell->neighbor_child_on_subface(f, part);
          add(cell, f, part, beside, cell->neighbor_of_neighbor(f), dealii::numbers::invalid_unsigned_int, sums);
        }
      else if (cell->neighbor_is_coarser(f))
      {
        const auto [other_face, other_part] = cell->neighbor_of_coarser_neighbor(f);
        add(cell, f, dealii::numbers::invalid_unsigned_int, neighbour, other_face, other_part, sums);
      }
      else
        add(cell, f, dealii::numbers::invalid_unsigned_int, neighbour, cell->neighbor_of_neighbor(f),
            dealii::numbers::invalid_unsigned_int, sums);
    }
    return sums;
  }

private:
  void add(const Cell &cell, const unsigned int f, const unsigned int part, const Cell &beside,
           const unsigned int other_face, const unsigned int other_part, FaceSums &sums)
  {
    if (beside->material_id() != cell->material_id())
      return;
    face.reinit(cell, f, part, beside, other_face, other_part);
    const auto nodes = face.get_interface_dof_indices();
    for (unsigned int q = 0; q < quadrature.size(); ++q)
    {
      dealii::Tensor<1, dim> jump;
      for (unsigned int i = 0; i < nodes.size(); ++i)
        jump += values(nodes[i]) * face.jump_in_shape_gradients(i, q);
      const double normal = jump * face.normal(q);
      sums.jump_square += normal * normal * face.JxW(q);
      sums.area += face.JxW(q);
    }
  }

  const FieldSet<dim> &fields;
  const dealii::LinearAlgebra::distributed::Vector<double> &values;
  dealii::QGauss<dim - 1> quadrature;
  dealii::FEInterfaceValues<dim> face;
};
} // namespace

template <int dim>
std::vector<double> gradient_jumps(const FieldSet<dim> &fields, const unsigned int field)
{
  const auto values = fields.extract(field);
  JumpIntegrator<dim> integrator(fields, values);
  std::vector<double> result(fields.organ.triangulation().n_active_cells(), 0.0);
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
  {
    if (!cell->is_locally_owned() || !fields.organ.is_tissue(cell))
      continue;
    const auto sums = integrator.around(cell);
    if (sums.area > 0.0)
      result[cell->active_cell_index()] = edge_range(cell).longest / 8.0 * std::sqrt(sums.jump_square / sums.area);
  }
  return result;
}

template std::vector<double> gradient_jumps(const FieldSet<2> &, unsigned int);
template std::vector<double> gradient_jumps(const FieldSet<3> &, unsigned int);
} // namespace nidus
