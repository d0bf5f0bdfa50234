#include "observables/sections.h"

#include "agents/neighbour_grid.h"
#include "control/random.h"
#include "observables/disjoint_sets.h"
#include "observables/gathered.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace nidus
{
namespace
{
constexpr double um2_per_mm2 = 1e6;

/// An agent in a section, at its place in the plane.
struct Profile
{
  std::uint64_t key;
  std::uint32_t section, none;
  double x, y;
};

/// How many clusters of each size there are among the profiles of one section.
std::map<std::uint64_t, std::uint64_t> cluster_sizes(const Profile *begin, const Profile *end, const double distance)
{
  const auto n = static_cast<std::size_t>(end - begin);
  std::vector<NeighbourGrid<2>::Entry> entries;
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < n; ++i)
  {
    entries.push_back({dealii::Point<2>(begin[i].x, begin[i].y), static_cast<std::uint32_t>(i)});
    keys.push_back(begin[i].key);
  }
  DisjointSets sets(n);
  const NeighbourGrid<2> grid(distance, entries, keys);
  grid.for_each_pair(distance, [&](const std::uint32_t a, const std::uint32_t b, const auto &, double) {
    sets.join(grid.entries()[a].index, grid.entries()[b].index);
  });
  std::vector<std::uint64_t> size(n, 0);
  for (std::uint32_t i = 0; i < n; ++i)
    ++size[sets.find(i)];
  std::map<std::uint64_t, std::uint64_t> sizes;
  for (const auto s : size)
    if (s > 0)
      ++sizes[s];
  return sizes;
}

template <int dim>
std::pair<dealii::Point<dim>, dealii::Point<dim>> box_of_tissue(const CellLocator<dim> &locator)
{
  auto box = locator.rank_boxes().front();
  for (const auto &[lower, upper] : locator.rank_boxes())
    for (unsigned int d = 0; d < dim; ++d)
    {
      box.first[d] = std::min(box.first[d], lower[d]);
      box.second[d] = std::max(box.second[d], upper[d]);
    }
  return box;
}
} // namespace

template <int dim>
double volume_in_slab(const CellLocator<dim> &locator, const std::uint32_t cell, const unsigned int axis,
                      const double position, const double half_thickness)
{
  double lower = std::numeric_limits<double>::infinity(), upper = -lower;
  for (unsigned int v = 0; v < CellLocator<dim>::n_vertices; ++v)
  {
    lower = std::min(lower, locator.corner(cell, v)[axis]);
    upper = std::max(upper, locator.corner(cell, v)[axis]);
  }
  const double overlap = std::min(upper, position + half_thickness) - std::max(lower, position - half_thickness);
  if (overlap <= 0.0)
    return 0.0;
  if (locator.is_box(cell))
    return overlap / (upper - lower) * locator.cell(cell)->measure();
  constexpr unsigned int parts = 8;
  const auto corners = locator.corners(cell);
  unsigned int n_points = 1;
  for (unsigned int d = 0; d < dim; ++d)
    n_points *= parts;
  double volume = 0.0;
  for (unsigned int q = 0; q < n_points; ++q)
  {
    dealii::Point<dim> reference;
    for (unsigned int d = 0, rest = q; d < dim; ++d, rest /= parts)
      reference[d] = (rest % parts + 0.5) / parts;
    double x = 0.0;
    for (unsigned int v = 0; v < CellLocator<dim>::n_vertices; ++v)
      x += dealii::GeometryInfo<dim>::d_linear_shape_function(reference, v) * corners[v][axis];
    if (std::abs(x - position) < half_thickness)
      volume += 1.0 / (n_points * dealii::determinant(locator.inverse_jacobian(cell, reference)));
  }
  return volume;
}

template <int dim>
Sections<dim>::Sections(const SectionParameters &parameters, const AgentParameters &agents,
                        const CellLocator<dim> &locator, const std::uint64_t seed)
    : parameters(parameters), agents(agents)
{
  const auto box = box_of_tissue(locator);
  std::vector<double> areas;
  for (unsigned int s = 0; s < parameters.number; ++s)
  {
    Plane plane{s % dim, 0.0, 0.0};
    const double u = random::uniform({seed, s, 0, random::Purpose::section_plane})[0];
    plane.position = box.first[plane.axis] + u * (box.second[plane.axis] - box.first[plane.axis]);
    for (std::uint32_t cell = 0; cell < locator.n_cells(); ++cell)
      if (locator.is_owned(cell))
        plane.area += volume_in_slab(locator, cell, plane.axis, plane.position, 0.5 * parameters.thickness) /
                      parameters.thickness;
    plane_list.push_back(plane);
    areas.push_back(plane.area);
  }
  MPI_Allreduce(MPI_IN_PLACE, areas.data(), static_cast<int>(areas.size()), MPI_DOUBLE, MPI_SUM,
                locator.communicator());
  for (std::size_t s = 0; s < areas.size(); ++s)
    plane_list[s].area = areas[s];
}

template <int dim>
std::vector<ObservedColumn> Sections<dim>::columns()
{
  return {{"agents in sections", "1/mm^2"}, {"clusters in sections", "1/mm^2"}};
}

template <int dim>
TableHead Sections<dim>::table()
{
  return {"sections.csv",
          {{"time", "min"},
           {"section", "1"},
           {"axis", "name"},
           {"position", "um"},
           {"tissue area", "um^2"},
           {"cluster size", "1"},
           {"count", "1"}}};
}

template <int dim>
void Sections<dim>::look(MPI_Comm comm, const double time, const AgentPopulation<dim> &population,
                         std::vector<double> &row, std::vector<TableRow> &rows) const
{
  std::vector<Profile> mine;
  for (std::size_t i = 0; i < population.size(); ++i)
    if (parameters.agents(population.type[i], population.state[i]))
    {
      const double reach = 0.5 * parameters.thickness + agents.types[population.type[i]].radius;
      const auto &place = population.position[i];
      for (std::uint32_t s = 0; s < plane_list.size(); ++s)
        if (const auto axis = plane_list[s].axis; std::abs(place[axis] - plane_list[s].position) < reach)
          mine.push_back({population.key[i], s, 0, place[(axis + 1) % dim], place[(axis + 2) % dim]});
    }
  auto profiles = gather_on_first(comm, mine).all;
  std::sort(profiles.begin(), profiles.end(),
            [](const Profile &a, const Profile &b) { return std::tie(a.section, a.key) < std::tie(b.section, b.key); });

  constexpr const char *axes[] = {"x", "y", "z"};
  double area = 0.0, clusters = 0.0;
  auto begin = profiles.begin();
  for (std::uint32_t s = 0; s < plane_list.size(); ++s)
  {
    const auto end = std::find_if(begin, profiles.end(), [s](const Profile &p) { return p.section != s; });
    area += plane_list[s].area;
    if (begin != end)
      for (const auto &[size, count] : cluster_sizes(&*begin, &*begin + (end - begin), parameters.cluster_distance))
      {
        clusters += size >= parameters.cluster_size ? static_cast<double>(count) : 0.0;
        rows.push_back({time, std::uint64_t(s), std::string(axes[plane_list[s].axis]), plane_list[s].position,
                        plane_list[s].area, size, count});
      }
    begin = end;
  }
  row.push_back(static_cast<double>(profiles.size()) / area * um2_per_mm2);
  row.push_back(clusters / area * um2_per_mm2);
}

template double volume_in_slab<2>(const CellLocator<2> &, std::uint32_t, unsigned int, double, double);
template double volume_in_slab<3>(const CellLocator<3> &, std::uint32_t, unsigned int, double, double);
template class Sections<2>;
template class Sections<3>;
} // namespace nidus
