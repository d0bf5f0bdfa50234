#include "organ/lung_lobe.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
enum Region : unsigned int
{
  parenchyma = 1,
  airway_lumen = 2
};

/// Points per edge at which a coarse cell is probed for tissue.
constexpr int probes = 4;
} // namespace

LungLobe::LungLobe(const OrganParameters &parameters)
    : BoxGridShape<3>(coarse_edge_of(parameters)), size(parameters.lung_lobe)
{
  if (size.airway_generations > 0)
    grow_airway();
}

bool LungLobe::in_lobe(const dealii::Point<3> &point) const
{
  // Coordinates in the unit lobe: x in [0, 1] from base to apex, y in [-0.5, 0.5], z in [-0.5, 0.5].
  const double x = point[0] / size.length, y = point[1] / size.width, z = point[2] / size.thickness;
  if (x <= 0.0 || x >= 1.0)
    return false;
  // The lobe is widest near its base and tapers to the apex.
  const double profile = std::pow(x, 0.32) * std::pow(1.0 - x, 0.62) / 0.543;
  const double costal = y / (0.5 * profile), across = z / (0.5 * (0.35 + 0.65 * profile) * profile);
  if (costal * costal + across * across >= 1.0)
    return false;
  // The heart lies against the medial side, the diaphragm bulges into the base.
  const dealii::Tensor<1, 3> to_heart = dealii::Point<3>(x - 0.42, (y + 0.66) * 0.72, z * 0.55) - dealii::Point<3>();
  const dealii::Tensor<1, 3> to_dome = dealii::Point<3>(x + 0.32, (y + 0.12) * 0.6, z * 0.5) - dealii::Point<3>();
  return to_heart.norm() >= 0.23 && to_dome.norm() >= 0.40;
}

bool LungLobe::in_airway(const dealii::Point<3> &point) const
{
  return std::any_of(airway.begin(), airway.end(), [&](const Branch &branch) {
    const dealii::Tensor<1, 3> along = branch.end - branch.start;
    const double s = std::clamp(((point - branch.start) * along) / along.norm_square(), 0.0, 1.0);
    return (point - (branch.start + s * along)).norm_square() < branch.radius * branch.radius;
  });
}

void LungLobe::grow_airway()
{
  // The lobar bronchus enters at the hilum and turns towards the base and the apex, as two axial paths.
  const auto at = [&](double x, double y, double z) {
    return dealii::Point<3>(x * size.length, y * size.width, z * size.thickness);
  };
  const double r = size.airway_radius;
  const dealii::Point<3> hilum = at(0.66, -0.36, 0.0), fork = at(0.56, -0.14, 0.0);
  const dealii::Tensor<1, 3> across({0.0, 0.0, 1.0});
  const Branch trunk{hilum, fork, r}, basal{fork, at(0.17, 0.10, 0.0), 0.8 * r},
      apical{fork, at(0.84, 0.02, 0.0), 0.7 * r};
  for (const auto &path : {trunk, basal, apical})
    airway.push_back(path);
  for (const auto &path : {basal, apical})
    grow_laterals(path, across, size.airway_generations - 1);
}

void LungLobe::grow_laterals(const Branch &mother, const dealii::Tensor<1, 3> &normal, const unsigned int generations)
{
  if (generations == 0)
    return;
  const dealii::Tensor<1, 3> along = mother.end - mother.start;
  const double length = along.norm();
  const dealii::Tensor<1, 3> axis = along / length;
  const dealii::Tensor<1, 3> side = dealii::cross_product_3d(normal, axis);
  // Daughters leave at 55 degrees on alternating sides, and their plane turns by 90 degrees from one generation to
  // the next; radius and length shrink by the same ratio.
  constexpr double cosine = 0.574, sine = 0.819;
  int sign = 1;
  for (const double s : {0.3, 0.5, 0.7, 0.9})
  {
    const dealii::Tensor<1, 3> direction = cosine * axis + sign * sine * side;
    const double reach = 0.62 * length * (1.15 - 0.5 * s);
    const Branch lateral{mother.start + s * along, mother.start + s * along + reach * direction, 0.62 * mother.radius};
    airway.push_back(lateral);
    grow_laterals(lateral, side, generations - 1);
    sign = -sign;
  }
}

unsigned int LungLobe::region(const dealii::Point<3> &point, const unsigned int) const
{
  if (!in_lobe(point))
    return outside;
  return in_airway(point) ? +airway_lumen : +parenchyma;
}

std::array<BoxGridShape<3>::Axis, 3> LungLobe::grid() const
{
  return {{covering(0.0, size.length), covering(-0.5 * size.width, 0.5 * size.width),
           covering(-0.5 * size.thickness, 0.5 * size.thickness)}};
}

bool LungLobe::misses(const dealii::BoundingBox<3> &box) const
{
  for (int p = 0; p < probes * probes * probes; ++p)
  {
    const int x = p % probes, y = p / probes % probes, z = p / (probes * probes);
    const dealii::Point<3> part((x + 0.5) / probes, (y + 0.5) / probes, (z + 0.5) / probes);
    if (in_lobe(box.unit_to_real(part)))
      return false;
  }
  return true;
}
} // namespace nidus
