#include "organ/ellipsoid.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
template <int dim>
Ellipsoid<dim>::Ellipsoid(const OrganParameters &parameters, const std::vector<double> &semi_axes)
    : BoxGridShape<dim>(this->coarse_edge_of(parameters)), semi_axes(semi_axes)
{
}

template <int dim>
unsigned int Ellipsoid<dim>::region(const dealii::Point<dim> &point, const unsigned int) const
{
  double squared = 0.0;
  for (unsigned int d = 0; d < dim; ++d)
    squared += point[d] / semi_axes[d] * (point[d] / semi_axes[d]);
  return squared < 1.0 ? 1 : 0;
}

template <int dim>
bool Ellipsoid<dim>::is_uniform(const dealii::BoundingBox<dim> &box) const
{
  const auto &[lower, upper] = box.get_boundary_points();
  double near = 0.0, far = 0.0;
  for (unsigned int d = 0; d < dim; ++d)
  {
    const double least = std::clamp(0.0, lower[d], upper[d]) / semi_axes[d];
    const double most = std::max(std::abs(lower[d]), std::abs(upper[d])) / semi_axes[d];
    near += least * least;
    far += most * most;
  }
  return near >= 1.0 || far < 1.0;
}

template <int dim>
std::vector<double> Ellipsoid<dim>::source_volumes() const
{
  double volume = dim == 2 ? M_PI : 4.0 / 3.0 * M_PI;
  for (const double semi_axis : semi_axes)
    volume *= semi_axis;
  return {0.0, volume};
}

template <int dim>
std::array<typename BoxGridShape<dim>::Axis, dim> Ellipsoid<dim>::grid() const
{
  std::array<typename BoxGridShape<dim>::Axis, dim> axes;
  for (unsigned int d = 0; d < dim; ++d)
    axes[d] = this->centred(-semi_axes[d], semi_axes[d]);
  return axes;
}

template class Ellipsoid<2>;
template class Ellipsoid<3>;
} // namespace nidus
