#include "organ/refinement_rules.h"

#include "control/input_error.h"
#include "control/named_list.h"
#include "control/nearest_name.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace nidus
{
namespace
{
std::string in_one_line(const std::vector<double> &numbers)
{
  std::ostringstream text;
  for (const double number : numbers)
    text << (text.tellp() > 0 ? ", " : "") << number;
  return text.str();
}

void declare_rule(dealii::ParameterHandler &handler, RefinementRule &rule)
{
  bind(handler, "Where", rule.where,
       "surface: cells that are cut by a border between regions, or end at it; region: all cells of regions; box: "
       "cells that touch a box; vessels: cells on the centre lines of resolved vessels.",
       {"none"}, dealii::Patterns::Selection("surface|region|box|vessels"));
  bind(handler, "Names", rule.names,
       "The surfaces, by the names that conditions of fields use, or the regions; empty: all surfaces.", {"none"},
       dealii::Patterns::List(dealii::Patterns::Anything()));
  bind(handler, "Box", rule.box, "For 'box': its lower corner, then its upper one.", {"um"},
       dealii::Patterns::List(dealii::Patterns::Double(), 0, 6));
  bind(handler, "Distance", rule.distance,
       "Cells that come so close to it are refined, too (for surfaces: to the middle of a cell at the surface).",
       {"um"}, allowed::non_negative());
  bind(handler, "Cell size", rule.cell_size, "Cells there are refined until their longest edge is at most this.",
       {"um"}, allowed::non_negative());
}
} // namespace

void declare_refinement_rules(const ParameterFile &file, dealii::ParameterHandler &handler,
                              std::vector<RefinementRule> &rules)
{
  declare_named_list(file, handler, {"Organ", "Refinement"}, rules, declare_rule);
}

void resolve_refinement_rules(const std::vector<RefinementRule> &rules, const unsigned int dimension,
                              const std::vector<std::string> &regions)
{
  for (const auto &rule : rules)
  {
    if (!(rule.cell_size > 0.0))
      throw InputError(rule.entry("Cell size"), "0", "a length above 0 um", "say how small the cells are to be there");
    if (rule.where == "region" && rule.names.empty())
      throw InputError(rule.entry("Names"), "", "the names of regions", "name at least one");
    if (rule.where == "region")
      for (const auto &name : rule.names)
        if (std::find(regions.begin(), regions.end(), name) == regions.end())
          throw InputError(rule.entry("Names"), name, listed(regions) + " (Organ/Regions)",
                           did_you_mean(name, regions, "correct the name"));
    if ((rule.where == "box" || rule.where == "vessels") && !rule.names.empty())
      throw InputError(rule.entry("Names"), listed(rule.names), "nothing for a box or for vessels", "remove the entry");
    if (rule.where != "box" && !rule.box.empty())
      throw InputError(rule.entry("Box"), in_one_line(rule.box), "nothing unless 'Where = box'", "remove the entry");
    if (rule.where != "box")
      continue;
    bool ordered = rule.box.size() == 2 * dimension;
    for (unsigned int d = 0; ordered && d < dimension; ++d)
      ordered = rule.box[d] < rule.box[dimension + d];
    if (!ordered)
      throw InputError(rule.entry("Box"), in_one_line(rule.box),
                       dimension == 2 ? "x0, y0, x1, y1 with x0 < x1, y0 < y1"
                                      : "x0, y0, z0, x1, y1, z1 with x0 < x1, y0 < y1, z0 < z1",
                       "give the lower corner, then the upper one");
  }
}

template <int dim>
double distance_between(const dealii::BoundingBox<dim> &box, const dealii::Point<dim> &lower,
                        const dealii::Point<dim> &upper)
{
  double squared = 0.0;
  for (unsigned int d = 0; d < dim; ++d)
  {
    const double gap = std::max({0.0, box.lower_bound(d) - upper[d], lower[d] - box.upper_bound(d)});
    squared += gap * gap;
  }
  return std::sqrt(squared);
}

template <int dim>
NearPoints<dim>::NearPoints(std::vector<dealii::Point<dim>> points, const double distance)
    : points(std::move(points)), distance(distance)
{
  for (std::uint32_t i = 0; i < this->points.size(); ++i)
  {
    std::array<std::int64_t, dim> place;
    for (unsigned int d = 0; d < dim; ++d)
      place[d] = static_cast<std::int64_t>(std::floor(this->points[i][d] / distance));
    bins[bin(place)].push_back(i);
  }
}

template <int dim>
std::uint64_t NearPoints<dim>::bin(const std::array<std::int64_t, dim> &place) const
{
  // Bins whose numbers agree in the last 21 bits share an entry, which costs a look and nothing else.
  std::uint64_t number = 0;
  for (unsigned int d = 0; d < dim; ++d)
    number = number << 21 | (static_cast<std::uint64_t>(place[d]) & 0x1FFFFFu);
  return number;
}

template <int dim>
bool NearPoints<dim>::reach(const dealii::BoundingBox<dim> &box) const
{
  std::array<std::int64_t, dim> first, last, place;
  double n_bins = 1.0;
  for (unsigned int d = 0; d < dim; ++d)
  {
    first[d] = static_cast<std::int64_t>(std::floor((box.lower_bound(d) - distance) / distance));
    last[d] = static_cast<std::int64_t>(std::floor((box.upper_bound(d) + distance) / distance));
    n_bins *= static_cast<double>(last[d] - first[d] + 1);
  }
  const auto close = [&](const std::uint32_t i) { return distance_between(box, points[i], points[i]) <= distance; };
  if (n_bins > static_cast<double>(bins.size()))
  {
    for (std::uint32_t i = 0; i < points.size(); ++i)
      if (close(i))
        return true;
    return false;
  }
  place = first;
  while (true)
  {
    const auto found = bins.find(bin(place));
    if (found != bins.end() && std::any_of(found->second.begin(), found->second.end(), close))
      return true;
    unsigned int d = 0;
    while (d < dim && place[d] == last[d])
    {
      place[d] = first[d];
      ++d;
    }
    if (d == dim)
      return false;
    ++place[d];
  }
}

template double distance_between<2>(const dealii::BoundingBox<2> &, const dealii::Point<2> &, const dealii::Point<2> &);
template double distance_between<3>(const dealii::BoundingBox<3> &, const dealii::Point<3> &, const dealii::Point<3> &);
template class NearPoints<2>;
template class NearPoints<3>;
} // namespace nidus
