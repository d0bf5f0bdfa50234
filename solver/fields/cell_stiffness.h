#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>
#include <deal.II/lac/full_matrix.h>

#include <vector>

namespace nidus
{
/**
 * Integral of T grad phi_i . grad phi_j over one multilinear cell with corners @p corner, for a diffusion tensor T.
 *
 * @p full is the share of Gauss quadrature (exact on boxes), the rest is quadrature at the corners, which couples
 * nodes along edges only when T is diagonal and the cell a box: then no off-diagonal entry is positive.
 * Throws dealii::ExcMessage for a cell that is turned inside out at a point of the quadrature.
 */
template <int dim>
dealii::FullMatrix<double> cell_stiffness(const std::vector<dealii::Point<dim>> &corner,
                                          const dealii::Tensor<2, dim> &tensor, double full);
} // namespace nidus
