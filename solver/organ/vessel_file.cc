#include "organ/vessel_file.h"

#include "control/input_error.h"
#include "organ/vessel_vtk.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

namespace nidus
{
namespace
{
constexpr const char *entry = "Vessels/File/File";

double micrometres_per(const std::string &unit)
{
  static const std::map<std::string, double> lengths = {
      {"nm", 1e-3}, {"um", 1.0}, {"mm", 1e3}, {"cm", 1e4}, {"m", 1e6}};
  return lengths.at(unit);
}

bool ends_with(const std::string &text, const std::string &end)
{
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

struct SwcNode
{
  long long id = 0, parent = 0;
  dealii::Point<3> place;
  double radius = 0.0;
  /// Where in the file it is told of.
  std::string where;
};

SwcNode swc_node(const std::string &text, const unsigned int line)
{
  SwcNode node;
  node.where = "line " + std::to_string(line);
  long long kind = 0;
  std::istringstream words(text);
  std::string rest;
  if (!(words >> node.id >> kind >> node.place[0] >> node.place[1] >> node.place[2] >> node.radius >> node.parent) ||
      words >> rest)
    throw UnreadableVessels{entry, "lines 'id type x y z radius parent' (" + node.where + " is '" + text + "')",
                            "correct or complete the file"};
  return node;
}

/// Standardised morphology data: a segment from each node to its parent, with the mean of their radii.
VesselLines read_swc(const std::string &file)
{
  std::ifstream stream(file);
  if (!stream)
    throw UnreadableVessels{entry, "a file that can be read", "check the name"};
  VesselLines lines;
  std::map<long long, std::uint32_t> number_of;
  std::vector<SwcNode> nodes;
  std::string text;
  for (unsigned int line = 1; std::getline(stream, text); ++line)
  {
    text = text.substr(0, text.find('#'));
    if (text.find_first_not_of(" \t\r") == std::string::npos)
      continue;
    nodes.push_back(swc_node(text, line));
    const SwcNode &node = nodes.back();
    if (!number_of.emplace(node.id, static_cast<std::uint32_t>(lines.points.size())).second)
      throw UnreadableVessels{entry, "each id once (" + node.where + " repeats " + std::to_string(node.id) + ")",
                              "correct the file"};
    lines.points.push_back(node.place);
  }
  for (std::uint32_t p = 0; p < nodes.size(); ++p)
  {
    if (nodes[p].parent < 0)
      continue;
    const auto found = number_of.find(nodes[p].parent);
    if (found == number_of.end())
      throw UnreadableVessels{
          entry, "parents that are in the file (" + nodes[p].where + " names " + std::to_string(nodes[p].parent) + ")",
          "correct or complete the file"};
    const double above = nodes[found->second].radius;
    lines.first.push_back(found->second);
    lines.second.push_back(p);
    lines.radius.push_back(nodes[p].radius > 0.0 && above > 0.0 ? 0.5 * (nodes[p].radius + above)
                                                                : std::min(nodes[p].radius, above));
  }
  return lines;
}

VesselLines read_lines(const VesselFileParameters &parameters)
{
  const std::string &file = parameters.file;
  VesselLines lines;
  if (ends_with(file, ".swc"))
    lines = read_swc(file);
  else if (ends_with(file, ".vtp") || ends_with(file, ".vtk"))
    lines = read_vtk_lines(file, parameters.radius_array, parameters.pressure_array);
  else
    throw UnreadableVessels{entry, "names that end with .vtp, .vtk or .swc", "convert the file"};
  for (std::size_t p = 0; p < lines.points.size(); ++p)
    for (unsigned int d = 0; d < 3; ++d)
      if (!std::isfinite(lines.points[p][d]))
        throw UnreadableVessels{entry, "finite coordinates (point " + std::to_string(p + 1) + " has others)",
                                "correct the file"};
  if (lines.first.empty())
    throw UnreadableVessels{entry,
                            "a file with lines or polylines (this one has " + std::to_string(lines.points.size()) +
                                " points and no line)",
                            "export centre lines"};
  return lines;
}

/// The same on all ranks.
void share(MPI_Comm comm, VesselLines &lines)
{
  std::vector<double> coordinates;
  for (const auto &point : lines.points)
    for (unsigned int d = 0; d < 3; ++d)
      coordinates.push_back(point[d]);
  coordinates = dealii::Utilities::MPI::broadcast(comm, coordinates);
  lines.points.clear();
  for (std::size_t i = 0; i < coordinates.size(); i += 3)
    lines.points.emplace_back(coordinates[i], coordinates[i + 1], coordinates[i + 2]);
  lines.first = dealii::Utilities::MPI::broadcast(comm, lines.first);
  lines.second = dealii::Utilities::MPI::broadcast(comm, lines.second);
  lines.radius = dealii::Utilities::MPI::broadcast(comm, lines.radius);
  lines.pressure = dealii::Utilities::MPI::broadcast(comm, lines.pressure);
}

/// Prescribes pressures at the points that are nearest to the places of the parameter file.
void place_ends(const std::vector<VesselEnd> &ends, VesselNetwork &network)
{
  const auto incidence = network.incidence();
  for (const auto &end : ends)
  {
    std::uint32_t nearest = 0;
    for (std::uint32_t p = 1; p < network.points.size(); ++p)
      if (network.points[p].distance(end.place) < network.points[nearest].distance(end.place))
        nearest = p;
    double reach = 0.0;
    for (std::uint32_t i = incidence.start[nearest]; i < incidence.start[nearest + 1]; ++i)
      reach = std::max(reach, network.length(incidence.incident[i]));
    if (network.points[nearest].distance(end.place) > reach)
      throw InputError(end.entry, end.text,
                       "places at the vessels (the nearest point is " + network.place(nearest) + ")",
                       "correct the place");
    if (!network.pressures.emplace(nearest, end.pressure).second)
      throw InputError(end.entry, end.text,
                       "one pressure at a point (" + network.place(nearest) + " has another one already)",
                       "remove or move it");
  }
}
} // namespace

VesselNetwork read_vessels(MPI_Comm comm, const VesselParameters &parameters)
{
  const auto &file = parameters.file;
  VesselLines lines;
  UnreadableVessels fault;
  if (dealii::Utilities::MPI::this_mpi_process(comm) == 0)
    try
    {
      lines = read_lines(file);
    }
    catch (const UnreadableVessels &found)
    {
      fault = found;
    }
  fault.entry = dealii::Utilities::MPI::broadcast(comm, fault.entry);
  fault.allowed = dealii::Utilities::MPI::broadcast(comm, fault.allowed);
  fault.cure = dealii::Utilities::MPI::broadcast(comm, fault.cure);
  if (!fault.entry.empty())
    throw InputError(fault.entry, fault.entry == entry ? file.file : fault.value(file), fault.allowed, fault.cure);
  share(comm, lines);

  const double scale = micrometres_per(file.length_unit);
  VesselNetwork network;
  for (const auto &point : lines.points)
    network.points.emplace_back(scale * point[0] + file.shift[0], scale * point[1] + file.shift[1],
                                scale * point[2] + file.shift[2]);
  for (std::size_t s = 0; s < lines.first.size(); ++s)
    network.segments.push_back({lines.first[s], lines.second[s], scale * lines.radius[s], VesselKind::unknown});
  check_radii(network, entry, file.file);

  std::map<std::uint32_t, double> given;
  for (std::uint32_t p = 0; p < lines.pressure.size(); ++p)
    if (std::isfinite(lines.pressure[p]))
      network.pressures.emplace(p, lines.pressure[p]);
  network.merge_coincident_points(file.merge_distance);
  const auto incidence = network.incidence();
  for (const auto &[point, pressure] : network.pressures)
    if (incidence.degree(point) == 1)
      given.emplace(point, pressure);
  network.pressures = std::move(given);
  place_ends(parameters.inlet_list, network);
  place_ends(parameters.outlet_list, network);
  network.find_components();
  check_pressures(network, entry, file.file);
  return network;
}
} // namespace nidus
