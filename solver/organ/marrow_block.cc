#include "organ/marrow_block.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
template <int dim>
MarrowBlock<dim>::MarrowBlock(const OrganParameters &parameters)
    : BoxGridShape<dim>(this->coarse_edge_of(parameters)), size(parameters.built_in.marrow.size),
      niche_thickness(parameters.built_in.marrow.niche_thickness)
{
  const double radius = parameters.built_in.marrow.sinusoid_radius;
  const double period = 2.0 * radius + parameters.built_in.marrow.gap;
  // As many as fit whole, centred; at least one.
  const auto places = [&](const double length) {
    const int n = std::max(1, static_cast<int>(std::floor((length - 2.0 * radius) / period + 1.0 + 1e-9)));
    std::vector<double> result;
    result.reserve(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i)
      result.push_back(0.5 * length + (i - 0.5 * (n - 1)) * period);
    return result;
  };
  for (const double x : places(size[0]))
    for (const double y : places(size[1]))
      sinusoids.push_back({x, y, radius});
}

template <int dim>
std::vector<std::string> MarrowBlock<dim>::region_names() const
{
  if (niche_thickness > 0.0)
    return {"parenchyma", "sinusoid", "perisinusoidal"};
  return {"parenchyma", "sinusoid"};
}

template <int dim>
unsigned int MarrowBlock<dim>::region(const dealii::Point<dim> &point, const unsigned int) const
{
  for (const Disc &sinusoid : sinusoids)
  {
    if (sinusoid.holds(point))
      return 1;
    if (niche_thickness > 0.0 && Disc{sinusoid.x, sinusoid.y, sinusoid.radius + niche_thickness}.holds(point))
      return 2;
  }
  return 0;
}

template <int dim>
bool MarrowBlock<dim>::is_uniform(const dealii::BoundingBox<dim> &box) const
{
  return std::all_of(sinusoids.begin(), sinusoids.end(), [&](const Disc &sinusoid) {
    const Disc niche{sinusoid.x, sinusoid.y, sinusoid.radius + niche_thickness};
    return sinusoid.overlap(box) != Overlap::part && niche.overlap(box) != Overlap::part;
  });
}

template <int dim>
std::array<typename BoxGridShape<dim>::Axis, dim> MarrowBlock<dim>::grid() const
{
  std::array<typename BoxGridShape<dim>::Axis, dim> axes;
  for (unsigned int d = 0; d < dim; ++d)
    axes[d] = this->fitted(0.0, size[d]);
  return axes;
}

template class MarrowBlock<2>;
template class MarrowBlock<3>;
} // namespace nidus
