#pragma once

#include "fields/field_set.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_values.h>

/// Diffusion cell by cell with deal.II's own quadrature, mapping, shape functions and constraints.
namespace nidus::test
{
template <int dim>
void add_diffusion(const FieldSet<dim> &fields, const unsigned int s, const dealii::Quadrature<dim> &quadrature,
                   const double weight, const dealii::LinearAlgebra::distributed::Vector<double> &from,
                   dealii::LinearAlgebra::distributed::Vector<double> &to)
{
  dealii::FEValues<dim> values(fields.organ.mapping(), fields.fe, quadrature,
                               dealii::update_gradients | dealii::update_JxW_values);
  const unsigned int n = fields.fe.n_dofs_per_cell();
  std::vector<dealii::types::global_dof_index> dofs(n);
  dealii::Vector<double> local(n), product(n);
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
  {
    if (!cell->is_locally_owned() || !fields.organ.is_tissue(cell))
      continue;
    const RegionParameters &region = fields.organ.region(cell);
    const auto &field = fields.parameters.fields[s];
    const double factor =
        field.diffusivity_by_region.at(region.name) * (field.interstitial ? region.interstitial_fraction : 1.0);
    values.reinit(cell);
    cell->get_dof_indices(dofs);
    fields.constraints.get_dof_values(from, dofs.begin(), local.begin(), local.end());
    product = 0.0;
    for (const unsigned int q : values.quadrature_point_indices())
    {
      dealii::Tensor<1, dim> gradient;
      for (unsigned int j = 0; j < n; ++j)
        gradient += local(j) * values.shape_grad(j, q);
      const dealii::Tensor<1, dim> flux = region.template diffusion_tensor<dim>() * gradient;
      for (unsigned int i = 0; i < n; ++i)
        product(i) += weight * factor * (values.shape_grad(i, q) * flux) * values.JxW(q);
    }
    fields.constraints.distribute_local_to_global(product, dofs, to);
  }
}

/// K x of field @p s, nM um^dim/min; values of @p x at nodes that follow others do not matter. Collective.
template <int dim>
dealii::LinearAlgebra::distributed::Vector<double>
plain_diffusion(const FieldSet<dim> &fields, const unsigned int s,
                const dealii::LinearAlgebra::distributed::Vector<double> &x)
{
  dealii::LinearAlgebra::distributed::Vector<double> from(fields.owned, fields.relevant, fields.organ.communicator());
  from.copy_locally_owned_data_from(x);
  from.update_ghost_values();
  auto to = from;
  to = 0.0;
  const double gauss_share = fields.parameters.solver.gauss_share;
  add_diffusion(fields, s, dealii::QTrapezoid<dim>(), 1.0 - gauss_share, from, to);
  add_diffusion(fields, s, dealii::QGauss<dim>(2), gauss_share, from, to);
  to.compress(dealii::VectorOperation::add);
  return to;
}
} // namespace nidus::test
