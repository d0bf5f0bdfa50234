#include "organ/vessel_network.h"

#include "control/input_error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <sstream>

namespace nidus
{
namespace
{
constexpr std::uint32_t none = 0xFFFFFFFFu;
constexpr std::size_t places_named = 5;

/// Finds the representative of a set and shortens the way to it.
std::uint32_t root_of(std::vector<std::uint32_t> &parent, std::uint32_t member)
{
  while (parent[member] != member)
  {
    parent[member] = parent[parent[member]];
    member = parent[member];
  }
  return member;
}

/// For each point the first point that it coincides with.
std::vector<std::uint32_t> coincident(const std::vector<dealii::Point<3>> &points, const double distance)
{
  using Bin = std::array<long long, 3>;
  std::vector<std::uint32_t> leader(points.size());
  std::map<Bin, std::vector<std::uint32_t>> bins;
  for (std::uint32_t p = 0; p < points.size(); ++p)
  {
    Bin bin;
    for (unsigned int d = 0; d < 3; ++d)
      bin[d] = std::llround(std::floor(points[p][d] / distance));
    leader[p] = p;
    for (unsigned int neighbour = 0; neighbour < 27 && leader[p] == p; ++neighbour)
    {
      const int digits = static_cast<int>(neighbour);
      const Bin there = {{bin[0] + digits % 3 - 1, bin[1] + digits / 3 % 3 - 1, bin[2] + digits / 9 - 1}};
      const auto found = bins.find(there);
      if (found == bins.end())
        continue;
      for (const std::uint32_t other : found->second)
        if (points[other].distance(points[p]) <= distance)
        {
          leader[p] = other;
          break;
        }
    }
    if (leader[p] == p)
      bins[bin].push_back(p);
  }
  return leader;
}
} // namespace

double VesselNetwork::wall(const std::size_t segment) const
{
  return 2.0 * M_PI * segments[segment].radius * length(segment);
}

VesselNetwork::Incidence VesselNetwork::incidence() const
{
  Incidence result;
  result.start.assign(points.size() + 1, 0);
  for (const auto &segment : segments)
  {
    ++result.start[segment.first + 1];
    ++result.start[segment.second + 1];
  }
  std::partial_sum(result.start.begin(), result.start.end(), result.start.begin());
  result.incident.resize(2 * segments.size());
  auto next = result.start;
  for (std::uint32_t s = 0; s < segments.size(); ++s)
  {
    result.incident[next[segments[s].first]++] = s;
    result.incident[next[segments[s].second]++] = s;
  }
  return result;
}

void VesselNetwork::merge_coincident_points(const double distance)
{
  const auto leader = coincident(points, distance);
  std::size_t merged = 0, collapsed = 0, unused = 0;
  std::vector<Segment> kept;
  std::vector<bool> used(points.size(), false);
  for (auto segment : segments)
  {
    segment.first = leader[segment.first];
    segment.second = leader[segment.second];
    if (segment.first == segment.second)
    {
      ++collapsed;
      continue;
    }
    used[segment.first] = used[segment.second] = true;
    kept.push_back(segment);
  }
  std::vector<std::uint32_t> number(points.size(), none);
  std::vector<dealii::Point<3>> left;
  for (std::uint32_t p = 0; p < points.size(); ++p)
    if (leader[p] != p)
      ++merged;
    else if (!used[p])
      ++unused;
    else
    {
      number[p] = static_cast<std::uint32_t>(left.size());
      left.push_back(points[p]);
    }
  for (auto &segment : kept)
  {
    segment.first = number[segment.first];
    segment.second = number[segment.second];
  }
  std::map<std::uint32_t, double> moved;
  for (const auto &[point, pressure] : pressures)
    if (number[leader[point]] != none)
      moved.emplace(number[leader[point]], pressure);
  points = std::move(left);
  segments = std::move(kept);
  pressures = std::move(moved);
  for (const auto &[what, count] : {std::pair<const char *, std::size_t>{"coincident points merged", merged},
                                    {"segments without length dropped", collapsed},
                                    {"points without segments dropped", unused}})
    if (count > 0)
      repairs[what] += count;
}

void VesselNetwork::find_components()
{
  std::vector<std::uint32_t> parent(points.size());
  std::iota(parent.begin(), parent.end(), 0u);
  for (const auto &segment : segments)
  {
    const std::uint32_t a = root_of(parent, segment.first), b = root_of(parent, segment.second);
    parent[std::max(a, b)] = std::min(a, b);
  }
  component.assign(points.size(), none);
  n_components = 0;
  for (std::uint32_t p = 0; p < points.size(); ++p)
  {
    const std::uint32_t root = root_of(parent, p);
    if (component[root] == none)
      component[root] = n_components++;
    component[p] = component[root];
  }
}

std::string VesselNetwork::place(const std::uint32_t point) const
{
  std::ostringstream text;
  text << "(" << points[point][0] << ", " << points[point][1] << ", " << points[point][2] << ") um";
  return text.str();
}

void check_radii(const VesselNetwork &network, const std::string &entry, const std::string &value)
{
  std::size_t faults = 0;
  std::ostringstream places;
  for (const auto &segment : network.segments)
  {
    if (std::isfinite(segment.radius) && segment.radius > 0.0)
      continue;
    if (faults < places_named)
      places << (faults > 0 ? "; " : "") << segment.radius << " between " << network.place(segment.first) << " and "
             << network.place(segment.second);
    ++faults;
  }
  if (faults > 0)
    throw InputError(entry, value,
                     "radii above 0 (" + std::to_string(faults) + " of " + std::to_string(network.segments.size()) +
                         " segments have none: " + places.str() + (faults > places_named ? "; ..." : "") + ")",
                     "correct the radii in the file, or name another array");
}

void check_pressures(const VesselNetwork &network, const std::string &entry, const std::string &value)
{
  std::vector<unsigned int> given(network.n_components, 0);
  std::vector<std::uint32_t> example(network.n_components, none);
  for (const auto &[point, pressure] : network.pressures)
    ++given[network.component[point]];
  for (std::uint32_t p = 0; p < network.points.size(); ++p)
    if (example[network.component[p]] == none)
      example[network.component[p]] = p;
  for (std::uint32_t c = 0; c < network.n_components; ++c)
    if (given[c] < 2)
      throw InputError(entry, value,
                       "a pressure at an inlet and at an outlet of each connected part (part " + std::to_string(c + 1) +
                           " of " + std::to_string(network.n_components) + ", with a point at " +
                           network.place(example[c]) + ", has a pressure at " +
                           (given[c] == 0 ? "no point" : "one point only") + ")",
                       "give pressures there, or remove the part");
}
} // namespace nidus
