#include "organ/device_channel.h"

namespace nidus
{
template <int dim>
DeviceChannel<dim>::DeviceChannel(const OrganParameters &parameters)
    : BoxGridShape<dim>(this->coarse_edge_of(parameters)), size{{parameters.built_in.device.length,
                                                                 parameters.built_in.device.width,
                                                                 parameters.built_in.device.height}},
      reservoir(parameters.built_in.device.reservoir_length)
{
}

template <int dim>
std::vector<std::string> DeviceChannel<dim>::region_names() const
{
  if (reservoir > 0.0)
    return {"gel", "source", "sink"};
  return {"gel"};
}

template <int dim>
unsigned int DeviceChannel<dim>::region(const dealii::Point<dim> &point, const unsigned int) const
{
  if (reservoir > 0.0 && point[0] < reservoir)
    return 1;
  return reservoir > 0.0 && point[0] > size[0] - reservoir ? 2 : 0;
}

template <int dim>
bool DeviceChannel<dim>::is_uniform(const dealii::BoundingBox<dim> &box) const
{
  const auto &[lower, upper] = box.get_boundary_points();
  return region(lower, 0) == region(upper, 0);
}

template <int dim>
std::array<typename BoxGridShape<dim>::Axis, dim> DeviceChannel<dim>::grid() const
{
  std::array<typename BoxGridShape<dim>::Axis, dim> axes;
  for (unsigned int d = 0; d < dim; ++d)
    axes[d] = this->fitted(0.0, size[d]);
  return axes;
}

template <int dim>
std::pair<std::string, std::string> DeviceChannel<dim>::end_names(const unsigned int axis) const
{
  if (axis == 0)
    return {"inlet", "outlet"};
  return {"wall", "wall"};
}

template class DeviceChannel<2>;
template class DeviceChannel<3>;
} // namespace nidus
