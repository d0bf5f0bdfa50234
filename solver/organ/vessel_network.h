#pragma once

#include <deal.II/base/point.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// What a vessel is in its network; the numbers are those of the output.
enum class VesselKind : std::int32_t
{
  unknown = 0,
  artery = 1,
  capillary = 2,
  vein = 3
};

/**
 * Blood vessels as a graph of straight segments with a radius, in um; the whole graph is on every rank.
 *
 * Cycles, dead ends and points where many segments meet are allowed. Blood is prescribed a pressure at some points.
 */
struct VesselNetwork
{
  struct Segment
  {
    std::uint32_t first, second; ///< points
    double radius;               ///< um
    VesselKind kind;
  };

  std::vector<dealii::Point<3>> points;       ///< um
  std::vector<Segment> segments;              ///< from first to second
  std::map<std::uint32_t, double> pressures;  ///< prescribed at points, Pa
  std::vector<std::uint32_t> component;       ///< of each point, filled by find_components()
  std::uint32_t n_components = 0;             ///< parts that are not connected with each other
  std::map<std::string, std::size_t> repairs; ///< what was changed on reading, with its count

  bool empty() const { return segments.empty(); }

  double length(const Segment &segment) const { return points[segment.first].distance(points[segment.second]); }
  double length(const std::size_t segment) const { return length(segments[segment]); }
  /// Area of the wall, um^2.
  double wall(std::size_t segment) const;

  /// Segments that end at each point: those of point p are incident[start[p]] to incident[start[p + 1]] (excluded).
  struct Incidence
  {
    std::vector<std::uint32_t> start, incident;
    unsigned int degree(const std::size_t point) const { return start[point + 1] - start[point]; }
  };
  Incidence incidence() const;

  /// Makes points that are at most @p distance apart one point, and drops the segments and points that nothing is left
  /// of; repairs() tells how many.
  void merge_coincident_points(double distance);

  /// Labels connected parts, in the order of their first points.
  void find_components();

  /// "(x, y, z) um".
  std::string place(std::uint32_t point) const;
};

/// Throws InputError, which names @p entry and @p value, for radii that are not above zero, with their places.
void check_radii(const VesselNetwork &network, const std::string &entry, const std::string &value);

/// Throws InputError, which names @p entry and @p value, for a component in which fewer than two points have a
/// pressure: no blood could flow in it.
void check_pressures(const VesselNetwork &network, const std::string &entry, const std::string &value);
} // namespace nidus
