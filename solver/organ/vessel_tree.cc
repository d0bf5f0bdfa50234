#include "organ/vessel_tree.h"

#include "control/input_error.h"
#include "control/random.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nidus
{
namespace
{
using Place = dealii::Point<3>;

constexpr std::size_t most_ends = 50000;
constexpr std::size_t nearest_branches = 20; ///< that a new end may be joined to
constexpr int parts_of_triangle = 8;         ///< of each side, for the place of a bifurcation
constexpr std::size_t tries_at_once = 256;
constexpr int no_branch = -1;

/// Where an artery ends and a vein begins.
struct Site
{
  Place artery, vein;
};

double distance_to(const Place &point, const Place &from, const Place &to)
{
  const auto along = to - from;
  const double t = std::clamp((point - from) * along / along.norm_square(), 0.0, 1.0);
  return point.distance(from + t * along);
}

/// One or several trees that grow end by end.
class Forest
{
public:
  Forest(const std::vector<VesselEnd> &ends, const double exponent, const TissueProbe &tissue)
      : exponent(exponent), tissue(tissue)
  {
    for (const auto &end : ends)
      roots.push_back({end.place, no_branch});
  }

  std::size_t n_roots() const { return roots.size(); }

  /// Joins @p place to root number @p root, which has no branch yet. False when tissue is not all the way there.
  bool start(const std::size_t root, const Place &place)
  {
    if (tissue.holds_lines({{roots[root].place, place}})[0] == 0)
      return false;
    roots[root].branch = static_cast<int>(branches.size());
    branches.push_back({roots[root].place, place, no_branch, {{no_branch, no_branch}}, 1});
    return true;
  }

  /// Joins @p place where that adds least volume. False when tissue is not all the way to any near branch.
  bool join(const Place &place)
  {
    std::vector<Join> joins;
    for (const int branch : near(place))
      joins.push_back(best_join(branch, place));
    std::sort(joins.begin(), joins.end(), [](const Join &a, const Join &b) { return a.volume < b.volume; });
    for (const auto &join : joins)
    {
      const auto &old = branches[join.branch];
      const auto inside = tissue.holds_lines({{old.from, join.fork}, {join.fork, old.to}, {join.fork, place}});
      if (std::find(inside.begin(), inside.end(), 0) != inside.end())
        continue;
      split(join, place);
      return true;
    }
    return false;
  }

  /// Adds the trees to a network, from the roots outwards for arteries and inwards for veins.
  void add_to(VesselNetwork &network, const double terminal_radius, const VesselKind kind) const
  {
    const auto offset = static_cast<std::uint32_t>(network.points.size());
    for (const auto &root : roots)
      network.points.push_back(root.place);
    for (const auto &branch : branches)
      network.points.push_back(branch.to);
    const auto end_of = [&](const int branch) {
      return offset + static_cast<std::uint32_t>(roots.size()) + static_cast<std::uint32_t>(branch);
    };
    for (std::size_t b = 0; b < branches.size(); ++b)
    {
      const auto &branch = branches[b];
      std::uint32_t from = branch.parent == no_branch ? 0 : end_of(branch.parent);
      if (branch.parent == no_branch)
        for (std::uint32_t r = 0; r < roots.size(); ++r)
          if (roots[r].branch == static_cast<int>(b))
            from = offset + r;
      const std::uint32_t to = end_of(static_cast<int>(b));
      const double radius = terminal_radius * std::pow(static_cast<double>(branch.ends), 1.0 / exponent);
      if (kind == VesselKind::vein)
        network.segments.push_back({to, from, radius, kind});
      else
        network.segments.push_back({from, to, radius, kind});
    }
  }

private:
  struct Root
  {
    Place place;
    int branch;
  };
  struct Branch
  {
    Place from, to;
    int parent;
    std::array<int, 2> child;
    unsigned int ends; ///< that it feeds
  };
  struct Join
  {
    int branch;
    Place fork;
    double volume; ///< that it adds, over pi r_terminal^2
  };

  /// Squared radius of a branch that feeds @p n ends, over that of an end.
  double section(const unsigned int n) const { return std::pow(static_cast<double>(n), 2.0 / exponent); }

  std::vector<int> near(const Place &place) const
  {
    std::vector<std::pair<double, int>> found;
    for (std::size_t b = 0; b < branches.size(); ++b)
      found.emplace_back(distance_to(place, branches[b].from, branches[b].to), static_cast<int>(b));
    const std::size_t n = std::min(nearest_branches, found.size());
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(n), found.end());
    std::vector<int> result;
    for (std::size_t i = 0; i < n; ++i)
      result.push_back(found[i].second);
    return result;
  }

  Join best_join(const int number, const Place &place) const
  {
    const Branch &branch = branches[number];
    const double above = section(branch.ends + 1), below = section(branch.ends);
    Join best = {number, branch.to, 1e300};
    for (int i = 1; i < parts_of_triangle; ++i)
      for (int j = 1; i + j < parts_of_triangle; ++j)
      {
        const double u = static_cast<double>(i) / parts_of_triangle, v = static_cast<double>(j) / parts_of_triangle;
        const Place fork = branch.from + u * (branch.to - branch.from) + v * (place - branch.from);
        const double volume = above * branch.from.distance(fork) + below * fork.distance(branch.to) +
                              fork.distance(place) - below * branch.from.distance(branch.to);
        if (volume < best.volume)
          best = {number, fork, volume};
      }
    for (int b = branch.parent; b != no_branch; b = branches[b].parent)
      best.volume +=
          branches[b].from.distance(branches[b].to) * (section(branches[b].ends + 1) - section(branches[b].ends));
    return best;
  }

  void split(const Join &join, const Place &place)
  {
    const int lower = static_cast<int>(branches.size()), fresh = lower + 1;
    const Branch old = branches[join.branch];
    branches.push_back({join.fork, old.to, join.branch, old.child, old.ends});
    branches.push_back({join.fork, place, join.branch, {{no_branch, no_branch}}, 1});
    for (const int child : old.child)
      if (child != no_branch)
        branches[child].parent = lower;
    branches[join.branch].to = join.fork;
    branches[join.branch].child = {{lower, fresh}};
    for (int b = join.branch; b != no_branch; b = branches[b].parent)
      ++branches[b].ends;
  }

  std::vector<Root> roots;
  std::vector<Branch> branches;
  double exponent;
  const TissueProbe &tissue;
};

std::size_t number_of_ends(const VesselParameters &parameters)
{
  const auto &tree = parameters.tree;
  const double n = static_cast<double>(parameters.inlet_list.size()) *
                   std::pow(tree.inlet_radius / tree.terminal_radius, tree.murray_exponent);
  if (n > static_cast<double>(most_ends))
    throw input_error("Vessels/Tree/Terminal radius", tree.terminal_radius,
                      "at most " + std::to_string(most_ends) + " ends (these would be " +
                          std::to_string(static_cast<std::size_t>(n)) + ")",
                      "raise it, and let a homogenised exchange stand for what is thinner");
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(n)));
}

/// Candidate number @p number, anywhere in the box.
Site candidate(const TissueProbe &tissue, const double link, const std::uint64_t seed, const std::uint64_t number)
{
  const random::Stream stream = {seed, number, 0, random::Purpose::vessel_site};
  const auto u = random::uniform(stream), direction = random::normal(stream, 1);
  Site site;
  dealii::Tensor<1, 3> along;
  for (unsigned int d = 0; d < 3; ++d)
  {
    site.artery[d] = tissue.box().first[d] + u[d] * (tissue.box().second[d] - tissue.box().first[d]);
    along[d] = direction[d];
  }
  site.vein = site.artery + link / along.norm() * along;
  return site;
}

/// Sites that are spread evenly: none is near another, and the distance that they keep shrinks while none is found.
std::vector<Site> spread_sites(const std::size_t n, const double link, const TissueProbe &tissue,
                               const std::uint64_t seed)
{
  constexpr double shrink = 0.9;
  const auto extent = tissue.box().second - tissue.box().first;
  double gap = 0.8 * std::cbrt(extent[0] * extent[1] * extent[2] / static_cast<double>(n));
  std::vector<Site> sites;
  std::size_t fruitless = 0;
  for (std::uint64_t number = 0; sites.size() < n; number += tries_at_once)
  {
    if (fruitless > 100 * tries_at_once && gap < 1e-3 * link)
      throw input_error("Vessels/Tree/Link length", link, "a length that fits into the tissue", "shorten it");
    std::vector<Site> some;
    std::vector<TissueProbe::Line> lines;
    for (std::uint64_t i = 0; i < tries_at_once; ++i)
    {
      some.push_back(candidate(tissue, link, seed, number + i));
      lines.emplace_back(some.back().artery, some.back().vein);
    }
    const auto inside = tissue.holds_lines(lines);
    for (std::size_t i = 0; i < some.size() && sites.size() < n; ++i)
    {
      const bool free = inside[i] != 0 && std::none_of(sites.begin(), sites.end(), [&](const Site &other) {
                          return other.artery.distance(some[i].artery) < gap;
                        });
      fruitless = free ? 0 : fruitless + 1;
      if (free)
        sites.push_back(some[i]);
      if (fruitless > 0 && fruitless % tries_at_once == 0)
        gap *= shrink;
    }
  }
  return sites;
}

/// Lets @p forest reach the sites, whose places @p place tells. Returns which it has reached.
template <typename PlaceOf>
std::vector<char> grow(Forest &forest, const std::vector<Site> &sites, const std::vector<VesselEnd> &ends,
                       const PlaceOf &place)
{
  std::vector<char> reached(sites.size(), 0);
  for (std::size_t root = 0; root < forest.n_roots(); ++root)
  {
    std::vector<std::size_t> order;
    for (std::size_t s = 0; s < sites.size(); ++s)
      if (reached[s] == 0)
        order.push_back(s);
    std::sort(order.begin(), order.end(), [&](const std::size_t a, const std::size_t b) {
      return place(sites[a]).distance(ends[root].place) < place(sites[b]).distance(ends[root].place);
    });
    const auto first = std::find_if(order.begin(), order.end(),
                                    [&](const std::size_t s) { return forest.start(root, place(sites[s])); });
    if (first == order.end())
      throw InputError(ends[root].entry, ends[root].text, "places in the tissue from which a tree can grow",
                       "move it, or make more ends with a smaller 'Terminal radius'");
    reached[*first] = 1;
  }
  // What cannot be reached yet may be later.
  for (bool progress = true; progress;)
  {
    progress = false;
    for (std::size_t s = 0; s < sites.size(); ++s)
      if (reached[s] == 0 && forest.join(place(sites[s])))
      {
        reached[s] = 1;
        progress = true;
      }
  }
  return reached;
}

void check_places(const std::vector<VesselEnd> &ends, const TissueProbe &tissue)
{
  std::vector<Place> places;
  places.reserve(ends.size());
  for (const auto &end : ends)
    places.push_back(end.place);
  const auto inside = tissue.holds(places);
  for (std::size_t e = 0; e < ends.size(); ++e)
    if (inside[e] == 0)
      throw InputError(ends[e].entry, ends[e].text, "places in the tissue, its surface included", "move it");
}

/// The point of the network at @p place, which is one of the points from number @p begin on.
std::uint32_t point_at(const VesselNetwork &network, const Place &place, const std::uint32_t begin)
{
  for (std::uint32_t p = begin; p < network.points.size(); ++p)
    if (network.points[p] == place)
      return p;
  return 0;
}
} // namespace

VesselNetwork grow_trees(const VesselParameters &parameters, const TissueProbe &tissue, const std::uint64_t seed)
{
  const auto &tree = parameters.tree;
  check_places(parameters.inlet_list, tissue);
  check_places(parameters.outlet_list, tissue);
  const std::size_t n =
      std::max({number_of_ends(parameters), parameters.inlet_list.size(), parameters.outlet_list.size()});
  const auto sites = spread_sites(n, tree.link_length, tissue, seed);
  Forest arteries(parameters.inlet_list, tree.murray_exponent, tissue);
  Forest veins(parameters.outlet_list, tree.murray_exponent, tissue);
  const auto fed = grow(arteries, sites, parameters.inlet_list, [](const Site &site) { return site.artery; });
  const auto drained = grow(veins, sites, parameters.outlet_list, [](const Site &site) { return site.vein; });

  VesselNetwork network;
  arteries.add_to(network, tree.terminal_radius, VesselKind::artery);
  const auto first_vein = static_cast<std::uint32_t>(network.points.size());
  veins.add_to(network, tree.terminal_radius, VesselKind::vein);
  for (std::uint32_t i = 0; i < parameters.inlet_list.size(); ++i)
    network.pressures[i] = parameters.inlet_list[i].pressure;
  for (std::uint32_t o = 0; o < parameters.outlet_list.size(); ++o)
    network.pressures[first_vein + o] = parameters.outlet_list[o].pressure;
  std::size_t unreached = 0;
  for (std::size_t s = 0; s < sites.size(); ++s)
    if (fed[s] != 0 && drained[s] != 0)
      network.segments.push_back({point_at(network, sites[s].artery, 0), point_at(network, sites[s].vein, first_vein),
                                  tree.terminal_radius, VesselKind::capillary});
    else
      ++unreached;
  if (unreached > 0)
    network.repairs["sites that a tree could not reach"] = unreached;
  network.find_components();
  check_pressures(network, "Vessels/Source", parameters.source);
  return network;
}
} // namespace nidus
