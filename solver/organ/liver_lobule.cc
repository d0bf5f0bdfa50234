#include "organ/liver_lobule.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// Normals of the sides, one of each pair.
const double half_root = std::sqrt(0.75);
const std::array<std::array<double, 2>, 3> normals = {{{{0.0, 1.0}}, {{half_root, 0.5}}, {{-half_root, 0.5}}}};
} // namespace

template <int dim>
LiverLobule<dim>::LiverLobule(const OrganParameters &parameters)
    : BoxGridShape<dim>(this->coarse_edge_of(parameters)), inner_radius(half_root * parameters.built_in.lobule.radius),
      height(parameters.built_in.lobule.height), central_vein{0.0, 0.0, parameters.built_in.lobule.central_vein_radius}
{
  const double radius = parameters.built_in.lobule.radius;
  for (int corner = 0; corner < 6; ++corner)
    portals[corner] = {radius * std::cos(corner * M_PI / 3.0), radius * std::sin(corner * M_PI / 3.0),
                       parameters.built_in.lobule.portal_radius};
}

template <int dim>
unsigned int LiverLobule<dim>::region(const dealii::Point<dim> &point, const unsigned int) const
{
  for (const auto &normal : normals)
    if (std::abs(normal[0] * point[0] + normal[1] * point[1]) >= inner_radius)
      return this->outside;
  if (central_vein.holds(point))
    return 2;
  return std::any_of(portals.begin(), portals.end(), [&](const Disc &portal) { return portal.holds(point); }) ? 3 : 1;
}

template <int dim>
bool LiverLobule<dim>::is_uniform(const dealii::BoundingBox<dim> &box) const
{
  const auto &[lower, upper] = box.get_boundary_points();
  bool inside = true;
  for (const auto &normal : normals)
  {
    // How far the box reaches along the normal, around its centre.
    const double middle = 0.5 * (normal[0] * (lower[0] + upper[0]) + normal[1] * (lower[1] + upper[1]));
    const double reach = 0.5 * (std::abs(normal[0]) * (upper[0] - lower[0]) + normal[1] * (upper[1] - lower[1]));
    if (std::abs(middle) - reach >= inner_radius)
      return true;
    inside &= std::abs(middle) + reach < inner_radius;
  }
  if (!inside)
    return false;
  return central_vein.overlap(box) != Overlap::part &&
         std::none_of(portals.begin(), portals.end(),
                      [&](const Disc &portal) { return portal.overlap(box) == Overlap::part; });
}

template <int dim>
std::vector<double> LiverLobule<dim>::source_volumes() const
{
  const double along = dim == 3 ? height : 1.0;
  const double vein = M_PI * central_vein.radius * central_vein.radius * along;
  // A third of each of the six.
  const double portal = 2.0 * M_PI * portals[0].radius * portals[0].radius * along;
  const double hexagon = 2.0 * std::sqrt(3.0) * inner_radius * inner_radius * along;
  return {0.0, hexagon - vein - portal, vein, portal};
}

template <int dim>
std::array<typename BoxGridShape<dim>::Axis, dim> LiverLobule<dim>::grid() const
{
  const double radius = inner_radius / half_root;
  std::array<typename BoxGridShape<dim>::Axis, dim> axes;
  axes[0] = this->centred(-radius, radius);
  axes[1] = this->centred(-inner_radius, inner_radius);
  if constexpr (dim == 3)
    axes[2] = this->fitted(0.0, height);
  return axes;
}

template class LiverLobule<2>;
template class LiverLobule<3>;
} // namespace nidus
