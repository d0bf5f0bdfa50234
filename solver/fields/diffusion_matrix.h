#pragma once

#include "fields/field_set.h"

#include <petscmat.h>

namespace nidus
{
/**
 * The stiffness matrix of one field, integral of (phi) D grad u . grad v over the tissue, assembled.
 *
 * Vertex quadrature: on box cells only the neighbours along edges couple, off-diagonal entries are not positive, and
 * with the diagonal mass the implicit step keeps concentrations positive (an M-matrix). Rows of hanging nodes and of
 * nodes without tissue hold a one on the diagonal. Row sums of the others vanish: diffusion conserves amounts.
 */
template <int dim>
class DiffusionMatrix
{
public:
  DiffusionMatrix(const FieldSet<dim> &fields, unsigned int field);
  ~DiffusionMatrix();
  DiffusionMatrix(const DiffusionMatrix &) = delete;
  DiffusionMatrix &operator=(const DiffusionMatrix &) = delete;

  Mat matrix() const { return mat; }

private:
  void assemble_cell(const FieldSet<dim> &fields, const dealii::FullMatrix<double> &local,
                     const std::vector<dealii::types::global_dof_index> &nodes);
  void assemble(const FieldSet<dim> &fields, unsigned int field);

  Mat mat = nullptr;
};
} // namespace nidus
