#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>

#include <array>

namespace nidus
{
/// The multilinear shape function of one vertex at one reference point.
template <int dim>
double shape_value(const unsigned int vertex, const dealii::Point<dim> &xi)
{
  double value = 1.0;
  for (unsigned int d = 0; d < dim; ++d)
    value *= (vertex >> d & 1u) ? xi[d] : 1.0 - xi[d];
  return value;
}

/// The multilinear shape functions of a cell at one reference point, in deal.II's order of vertices.
template <int dim>
struct Multilinear
{
  static constexpr unsigned int n_vertices = 1u << dim;

  explicit Multilinear(const dealii::Point<dim> &xi)
  {
    for (unsigned int v = 0; v < n_vertices; ++v)
    {
      value[v] = 1.0;
      for (unsigned int e = 0; e < dim; ++e)
        gradient[v][e] = 1.0;
      for (unsigned int d = 0; d < dim; ++d)
      {
        const bool far = (v >> d & 1u) != 0;
        const double factor = far ? xi[d] : 1.0 - xi[d];
        value[v] *= factor;
        for (unsigned int e = 0; e < dim; ++e)
          gradient[v][e] *= e == d ? (far ? 1.0 : -1.0) : factor;
      }
    }
  }

  /// The image of the reference point in the cell with the given vertices.
  dealii::Point<dim> point(const std::array<dealii::Point<dim>, n_vertices> &vertices) const
  {
    dealii::Point<dim> x;
    for (unsigned int v = 0; v < n_vertices; ++v)
      x += value[v] * vertices[v];
    return x;
  }

  /// Derivative of the image: row d holds the gradient of coordinate d.
  dealii::Tensor<2, dim> jacobian(const std::array<dealii::Point<dim>, n_vertices> &vertices) const
  {
    dealii::Tensor<2, dim> result;
    for (unsigned int v = 0; v < n_vertices; ++v)
      for (unsigned int d = 0; d < dim; ++d)
        for (unsigned int e = 0; e < dim; ++e)
          result[d][e] += vertices[v][d] * gradient[v][e];
    return result;
  }

  std::array<double, n_vertices> value;
  std::array<dealii::Tensor<1, dim>, n_vertices> gradient; ///< with respect to reference coordinates
};
} // namespace nidus
