#include "fields/cell_stiffness.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

namespace nidus
{
namespace
{
/// Gradient of the multilinear shape function of a corner on the unit cell.
template <int dim>
dealii::Tensor<1, dim> reference_gradient(const unsigned int corner, const dealii::Point<dim> &at)
{
  dealii::Tensor<1, dim> gradient;
  for (int d = 0; d < dim; ++d)
  {
    gradient[d] = 1.0;
    for (int e = 0; e < dim; ++e)
    {
      const bool upper = corner >> e & 1u;
      if (e == d)
        gradient[d] *= upper ? 1.0 : -1.0;
      else
        gradient[d] *= upper ? at[e] : 1.0 - at[e];
    }
  }
  return gradient;
}

template <int dim>
void add_point(const std::vector<dealii::Point<dim>> &corner, const dealii::Tensor<2, dim> &tensor,
               const dealii::Point<dim> &at, const double weight, dealii::FullMatrix<double> &matrix)
{
  const unsigned int n = static_cast<unsigned int>(corner.size());
  std::vector<dealii::Tensor<1, dim>> gradient(n);
  dealii::Tensor<2, dim> jacobian;
  for (unsigned int v = 0; v < n; ++v)
  {
    gradient[v] = reference_gradient<dim>(v, at);
    for (int d = 0; d < dim; ++d)
      for (int e = 0; e < dim; ++e)
        jacobian[d][e] += corner[v][d] * gradient[v][e];
  }
  const double volume = determinant(jacobian);
  AssertThrow(volume > 0.0, dealii::ExcMessage("A cell of the mesh is turned inside out."));
  const auto inverse = invert(jacobian);
  for (auto &g : gradient)
    g = transpose(inverse) * g;
  for (unsigned int i = 0; i < n; ++i)
    for (unsigned int j = 0; j < n; ++j)
      matrix(i, j) += weight * volume * (gradient[i] * (tensor * gradient[j]));
}
} // namespace

template <int dim>
dealii::FullMatrix<double> cell_stiffness(const std::vector<dealii::Point<dim>> &corner,
                                          const dealii::Tensor<2, dim> &tensor, const double full)
{
  static const dealii::QTrapezoid<dim> at_corners;
  static const dealii::QGauss<dim> gauss(2);
  dealii::FullMatrix<double> matrix(corner.size(), corner.size());
  if (full < 1.0)
    for (unsigned int q = 0; q < at_corners.size(); ++q)
      add_point(corner, tensor, at_corners.point(q), (1.0 - full) * at_corners.weight(q), matrix);
  if (full > 0.0)
    for (unsigned int q = 0; q < gauss.size(); ++q)
      add_point(corner, tensor, gauss.point(q), full * gauss.weight(q), matrix);
  return matrix;
}

template dealii::FullMatrix<double> cell_stiffness(const std::vector<dealii::Point<2>> &, const dealii::Tensor<2, 2> &,
                                                   double);
template dealii::FullMatrix<double> cell_stiffness(const std::vector<dealii::Point<3>> &, const dealii::Tensor<2, 3> &,
                                                   double);
} // namespace nidus
