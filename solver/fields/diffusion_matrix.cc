#include "fields/diffusion_matrix.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/lac/full_matrix.h>

namespace nidus
{
template <int dim>
DiffusionMatrix<dim>::DiffusionMatrix(const FieldSet<dim> &fields, const unsigned int field)
{
  const auto n = static_cast<PetscInt>(fields.n_owned_nodes());
  const PetscInt row_length = dim == 3 ? 27 : 9;
  MatCreateAIJ(fields.organ.communicator(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, row_length, nullptr, row_length,
               nullptr, &mat);
  // Rows around hanging nodes may be longer; entries that vanish are not stored, which leaves seven in a row of boxes.
  MatSetOption(mat, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE);
  MatSetOption(mat, MAT_IGNORE_ZERO_ENTRIES, PETSC_TRUE);
  MatSetOption(mat, MAT_SYMMETRIC, PETSC_TRUE);
  assemble(fields, field);
}

template <int dim>
DiffusionMatrix<dim>::~DiffusionMatrix()
{
  MatDestroy(&mat);
}

template <int dim>
void DiffusionMatrix<dim>::assemble_cell(const FieldSet<dim> &fields, const dealii::FullMatrix<double> &local,
                                         const std::vector<dealii::types::global_dof_index> &nodes)
{
  // Entries below rounding come from couplings that vanish on boxes.
  const double negligible = 1e-13 * local.linfty_norm();
  for (unsigned int i = 0; i < nodes.size(); ++i)
    for (unsigned int j = 0; j < nodes.size(); ++j)
    {
      const double value = local(i, j);
      if (std::abs(value) < negligible)
        continue;
      const bool plain = !fields.constraints.is_constrained(nodes[i]) && !fields.constraints.is_constrained(nodes[j]);
      if (plain)
      {
        MatSetValue(mat, nodes[i], nodes[j], value, ADD_VALUES);
        continue;
      }
      using Entries = std::vector<std::pair<dealii::types::global_dof_index, double>>;
      const auto expand = [&](const dealii::types::global_dof_index node) {
        const auto *entries = fields.constraints.get_constraint_entries(node);
        return entries ? Entries(entries->begin(), entries->end()) : Entries{{node, 1.0}};
      };
      for (const auto &[row, row_weight] : expand(nodes[i]))
        for (const auto &[column, column_weight] : expand(nodes[j]))
          MatSetValue(mat, row, column, row_weight * column_weight * value, ADD_VALUES);
    }
}

template <int dim>
void DiffusionMatrix<dim>::assemble(const FieldSet<dim> &fields, const unsigned int field)
{
  const auto &parameters = fields.parameters.fields[field];
  const dealii::QTrapezoid<dim> quadrature;
  dealii::FEValues<dim> values(fields.organ.mapping(), fields.fe, quadrature,
                               dealii::update_gradients | dealii::update_JxW_values);
  const unsigned int n = fields.fe.n_dofs_per_cell();
  dealii::FullMatrix<double> local(n, n);
  std::vector<dealii::types::global_dof_index> nodes(n);
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
  {
    if (!cell->is_locally_owned() || !fields.organ.is_tissue(cell))
      continue;
    const auto &region = fields.organ.region(cell);
    const double diffusivity = parameters.diffusivity_by_region.at(region.name) *
                               (parameters.interstitial ? region.interstitial_fraction : 1.0);
    if (diffusivity == 0.0)
      continue;
    const dealii::SymmetricTensor<2, dim> tensor = diffusivity * region.template diffusion_tensor<dim>();
    values.reinit(cell);
    local = 0.0;
    for (const unsigned int q : values.quadrature_point_indices())
      for (unsigned int i = 0; i < n; ++i)
        for (unsigned int j = 0; j < n; ++j)
          local(i, j) += (values.shape_grad(i, q) * (tensor * values.shape_grad(j, q))) * values.JxW(q);
    cell->get_dof_indices(nodes);
    assemble_cell(fields, local, nodes);
  }
  // Every row has a diagonal entry, so that nodal terms can be added; unused rows hold a one.
  unsigned int number = 0;
  for (const auto node : fields.owned)
  {
    const double one = fields.tissue_volume[number++] > 0.0 ? 1e-300 : 1.0;
    MatSetValue(mat, node, node, one, ADD_VALUES);
  }
  MatAssemblyBegin(mat, MAT_FINAL_ASSEMBLY);
  MatAssemblyEnd(mat, MAT_FINAL_ASSEMBLY);
}

template class DiffusionMatrix<2>;
template class DiffusionMatrix<3>;
} // namespace nidus
