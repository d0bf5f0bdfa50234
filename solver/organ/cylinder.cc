#include "organ/cylinder.h"

#include <cmath>

namespace nidus
{
Cylinder::Cylinder(const OrganParameters &parameters)
    : BoxGridShape<3>(coarse_edge_of(parameters)), tissue{0.0, 0.0, parameters.built_in.cylinder.radius},
      lumen{0.0, 0.0, parameters.built_in.cylinder.lumen_radius}, length(parameters.built_in.cylinder.length)
{
}

std::vector<std::string> Cylinder::region_names() const
{
  if (lumen.radius > 0.0)
    return {"outside", "parenchyma", "lumen"};
  return {"outside", "parenchyma"};
}

unsigned int Cylinder::region(const dealii::Point<3> &point, const unsigned int) const
{
  if (!tissue.holds(point))
    return outside;
  return lumen.holds(point) ? 2 : 1;
}

bool Cylinder::is_uniform(const dealii::BoundingBox<3> &box) const
{
  return tissue.overlap(box) != Overlap::part && lumen.overlap(box) != Overlap::part;
}

std::vector<double> Cylinder::source_volumes() const
{
  const auto volume = [&](const Disc &disc) { return M_PI * disc.radius * disc.radius * length; };
  std::vector<double> volumes = {0.0, volume(tissue) - volume(lumen)};
  if (lumen.radius > 0.0)
    volumes.push_back(volume(lumen));
  return volumes;
}

std::array<BoxGridShape<3>::Axis, 3> Cylinder::grid() const
{
  const Axis across = centred(-tissue.radius, tissue.radius);
  return {{across, across, fitted(0.0, length)}};
}
} // namespace nidus
