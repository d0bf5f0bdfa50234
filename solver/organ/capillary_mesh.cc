#include "organ/capillary_mesh.h"

#include "control/input_error.h"
#include "control/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace nidus
{
namespace
{
constexpr unsigned int wanted_degree = 3;

/// Junctions on a lattice that goes from side to side along one axis, and stays half a spacing from the sides along the
/// others.
struct Lattice
{
  unsigned int axis;              ///< of the flow
  std::array<std::uint32_t, 3> n; ///< junctions along each axis
  std::uint32_t index(const std::array<std::uint32_t, 3> &at) const { return at[0] + n[0] * (at[1] + n[1] * at[2]); }
  std::array<std::uint32_t, 3> at(const std::uint32_t index) const
  {
    return {{index % n[0], index / n[0] % n[1], index / n[0] / n[1]}};
  }
  std::uint32_t size() const { return n[0] * n[1] * n[2]; }
  bool is_inlet(const std::uint32_t index) const { return at(index)[axis] == 0; }
  bool is_outlet(const std::uint32_t index) const { return at(index)[axis] + 1 == n[axis]; }
};

Lattice lattice_of(const TissueProbe::Line &box, const CapillaryMeshParameters &parameters)
{
  Lattice lattice{};
  lattice.axis = parameters.axis == "x" ? 0 : parameters.axis == "y" ? 1 : 2;
  for (unsigned int d = 0; d < 3; ++d)
  {
    const auto parts =
        static_cast<std::uint32_t>(std::max(1l, std::lround((box.second[d] - box.first[d]) / parameters.spacing)));
    lattice.n[d] = parts + (d == lattice.axis ? 1 : 0);
  }
  return lattice;
}

std::vector<dealii::Point<3>> junctions(const Lattice &lattice, const TissueProbe::Line &box, const double jitter,
                                        const std::uint64_t seed)
{
  std::vector<dealii::Point<3>> points(lattice.size());
  for (std::uint32_t p = 0; p < points.size(); ++p)
  {
    const auto at = lattice.at(p);
    const auto u = random::uniform({seed, p, 0, random::Purpose::capillary_mesh});
    for (unsigned int d = 0; d < 3; ++d)
    {
      const double extent = box.second[d] - box.first[d], shift = jitter * (2.0 * u[d] - 1.0);
      if (d != lattice.axis)
        points[p][d] = box.first[d] + extent * (at[d] + 0.5 + shift) / lattice.n[d];
      else if (lattice.is_inlet(p) || lattice.is_outlet(p))
        points[p][d] = lattice.is_inlet(p) ? box.first[d] : box.second[d];
      else
        points[p][d] = box.first[d] + extent * (at[d] + shift) / (lattice.n[d] - 1);
    }
  }
  return points;
}

using Edge = std::pair<std::uint32_t, std::uint32_t>;

/// The edges of the lattice that are in tissue, in random order; at inlets and outlets only those along the axis.
std::vector<Edge> shuffled_edges(const Lattice &lattice, const std::vector<dealii::Point<3>> &points,
                                 const TissueProbe &tissue, const std::uint64_t seed)
{
  std::vector<Edge> edges;
  std::vector<TissueProbe::Line> lines;
  for (std::uint32_t p = 0; p < lattice.size(); ++p)
    for (unsigned int d = 0; d < 3; ++d)
    {
      auto at = lattice.at(p);
      // Between points of the same pressure nothing flows.
      if (++at[d] == lattice.n[d] || (d != lattice.axis && (lattice.is_inlet(p) || lattice.is_outlet(p))))
        continue;
      edges.emplace_back(p, lattice.index(at));
      lines.emplace_back(points[p], points[edges.back().second]);
    }
  const auto inside = tissue.holds_lines(lines);
  std::vector<std::pair<double, Edge>> keyed;
  for (std::uint64_t e = 0; e < edges.size(); ++e)
    if (inside[e] != 0)
      keyed.emplace_back(random::uniform({seed, e, 1, random::Purpose::capillary_mesh})[0], edges[e]);
  std::sort(keyed.begin(), keyed.end());
  edges.clear();
  for (const auto &entry : keyed)
    edges.push_back(entry.second);
  return edges;
}

std::uint32_t root_of(std::vector<std::uint32_t> &parent, std::uint32_t member)
{
  while (parent[member] != member)
    member = parent[member] = parent[parent[member]];
  return member;
}

/// A spanning tree whose junctions keep to the wanted degree where they can, and more edges where they may.
std::vector<Edge> thinned(const std::vector<Edge> &edges, const std::size_t n_points)
{
  std::vector<std::uint32_t> parent(n_points);
  std::iota(parent.begin(), parent.end(), 0u);
  std::vector<unsigned int> degree(n_points, 0);
  std::vector<char> taken(edges.size(), 0);
  const auto take = [&](const std::size_t e) {
    parent[root_of(parent, edges[e].first)] = root_of(parent, edges[e].second);
    ++degree[edges[e].first];
    ++degree[edges[e].second];
    taken[e] = 1;
  };
  const auto free = [&](const std::size_t e) {
    return degree[edges[e].first] < wanted_degree && degree[edges[e].second] < wanted_degree;
  };
  for (const bool only_free : {true, false})
    for (std::size_t e = 0; e < edges.size(); ++e)
      if (taken[e] == 0 && (!only_free || free(e)) &&
          root_of(parent, edges[e].first) != root_of(parent, edges[e].second))
        take(e);
  for (std::size_t e = 0; e < edges.size(); ++e)
    if (taken[e] == 0 && free(e))
      take(e);
  std::vector<Edge> kept;
  for (std::size_t e = 0; e < edges.size(); ++e)
    if (taken[e] != 0)
      kept.push_back(edges[e]);
  return kept;
}

/// Drops the components that have no inlet or no outlet.
void drop_isolated(VesselNetwork &network, const CapillaryMeshParameters &parameters)
{
  network.find_components();
  std::vector<char> has_inlet(network.n_components, 0), has_outlet(network.n_components, 0);
  for (const auto &[point, pressure] : network.pressures)
    (pressure == parameters.inlet_pressure ? has_inlet : has_outlet)[network.component[point]] = 1;
  std::vector<VesselNetwork::Segment> kept;
  for (const auto &segment : network.segments)
    if (has_inlet[network.component[segment.first]] != 0 && has_outlet[network.component[segment.first]] != 0)
      kept.push_back(segment);
  const std::size_t dropped = network.segments.size() - kept.size();
  network.segments = std::move(kept);
  if (dropped > 0)
    network.repairs["segments without inlet or outlet dropped"] = dropped;
}
} // namespace

VesselNetwork make_capillary_mesh(const CapillaryMeshParameters &parameters, const TissueProbe &tissue,
                                  const std::uint64_t seed)
{
  constexpr double smallest_gap = 1e-9; // um
  const Lattice lattice = lattice_of(tissue.box(), parameters);
  VesselNetwork network;
  network.points = junctions(lattice, tissue.box(), parameters.jitter, seed);
  const auto edges = thinned(shuffled_edges(lattice, network.points, tissue, seed), network.points.size());
  for (std::uint64_t e = 0; e < edges.size(); ++e)
  {
    const double spread = random::normal({seed, e, 2, random::Purpose::capillary_mesh})[0];
    network.segments.push_back({edges[e].first, edges[e].second,
                                parameters.radius * std::exp(parameters.radius_spread * spread),
                                VesselKind::capillary});
  }
  for (std::uint32_t p = 0; p < lattice.size(); ++p)
    if (lattice.is_inlet(p) || lattice.is_outlet(p))
      network.pressures[p] = lattice.is_inlet(p) ? parameters.inlet_pressure : parameters.outlet_pressure;
  drop_isolated(network, parameters);
  if (network.empty())
    throw input_error("Vessels/Capillary mesh/Spacing", parameters.spacing,
                      "a spacing that leaves a way through the tissue from inlet to outlet", "lower it");
  auto repairs = network.repairs;
  network.merge_coincident_points(smallest_gap);
  // Lattice points outside of the tissue are no news.
  network.repairs = std::move(repairs);
  network.find_components();
  return network;
}
} // namespace nidus
