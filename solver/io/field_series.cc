#include "io/field_series.h"

#include "io/hdf5_image.h"
#include "io/number_text.h"
#include "io/outcome.h"
#include "io/vtk_arrays.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace nidus
{
namespace
{
std::string base_name(const std::string &kind, const std::uint64_t number)
{
  char text[48];
  std::snprintf(text, sizeof text, "fields/%s_%06llu", kind.c_str(), static_cast<unsigned long long>(number));
  return text;
}

/// A DataItem: the array @p name of @p file with so many rows.
std::string item(const std::string &file, const std::string &name, const std::uint64_t rows, const unsigned int width,
                 const char *type, const unsigned int bytes)
{
  return "<DataItem Format=\"HDF\" NumberType=\"" + std::string(type) + "\" Precision=\"" + std::to_string(bytes) +
         "\" Dimensions=\"" + std::to_string(rows) + (width == 1 ? "" : " " + std::to_string(width)) + "\">" + file +
         ":/" + escaped(name) + "</DataItem>";
}

std::string attribute(const std::string &name, const char *centre, const std::string &unit, const std::string &content)
{
  return "        <Attribute Name=\"" + escaped(name) + "\" AttributeType=\"Scalar\" Center=\"" + centre + "\">" +
         (unit.empty() ? "" : "<Information Name=\"unit\" Value=\"" + escaped(unit) + "\"/>") + content +
         "</Attribute>\n";
}
} // namespace

FieldSeries::FieldSeries(const OutputFolder &folder, const RankGroups &groups, const unsigned int dimension,
                         const std::vector<ObservedColumn> &arrays, const std::vector<std::string> &region_names)
    : folder(folder), groups(groups), dimension(dimension), arrays(arrays), region_names(region_names)
{
}

void FieldSeries::add(const FieldPart &part, const std::uint64_t number, const double time)
{
  const bool other = groups.leads() && (!has_mesh || part.mesh_hash() != mesh_hash);
  if (dealii::Utilities::MPI::max(other ? 1 : 0, folder.communicator()) == 1)
    write_mesh(part, number);
  write_values(part, number);
  entries.erase(
      std::remove_if(entries.begin(), entries.end(), [&](const Entry &entry) { return entry.number == number; }),
      entries.end());
  entries.push_back({time, number, mesh_number});
  write_text();
}

void FieldSeries::write_mesh(const FieldPart &part, const std::uint64_t number)
{
  MPI_Comm comm = folder.communicator();
  on_every_rank(comm, [&] {
    if (!groups.leads())
      return;
    Hdf5Image image;
    image.add("points", part.points, 3, "um");
    image.add("corners", part.corners, 1u << dimension, "");
    image.add("region", part.region, 1, "");
    image.add("rank", part.rank, 1, "");
    image.add("level", part.level, 1, "");
    write_whole_file(folder.path(groups.piece(base_name("mesh", number), ".h5")), image.bytes());
  });
  const std::array<std::uint64_t, 3> mine = {{groups.leads(), part.n_points(), part.n_cells()}};
  Sizes sizes;
  for (const auto &[leads, points, cells] : dealii::Utilities::MPI::all_gather(comm, mine))
    if (leads != 0)
      sizes.emplace_back(points, cells);
  meshes[number] = sizes;
  mesh_number = number;
  mesh_hash = part.mesh_hash();
  has_mesh = true;
}

void FieldSeries::write_values(const FieldPart &part, const std::uint64_t number) const
{
  on_every_rank(folder.communicator(), [&] {
    if (!groups.leads())
      return;
    Hdf5Image image;
    for (std::size_t s = 0; s < arrays.size(); ++s)
      image.add(arrays[s].name, part.values[s], 1, arrays[s].unit);
    write_whole_file(folder.path(groups.piece(base_name("fields", number), ".h5")), image.bytes());
  });
}

std::string FieldSeries::text_of(const Entry &entry) const
{
  const Sizes &sizes = meshes.at(entry.mesh);
  const auto values = RankGroups::names(base_name("fields", entry.number), ".h5", sizes.size());
  const auto mesh = RankGroups::names(base_name("mesh", entry.mesh), ".h5", sizes.size());
  const unsigned int n_corners = 1u << dimension;
  std::string text = "      <Grid Name=\"fields\" GridType=\"Collection\" CollectionType=\"Spatial\">\n"
                     "        <Time Value=\"" +
                     number_text(entry.time) + "\"/>\n";
  for (std::size_t p = 0; p < sizes.size(); ++p)
  {
    const auto [points, cells] = sizes[p];
    text += "      <Grid Name=\"piece " + std::to_string(p) + "\" GridType=\"Uniform\">\n";
    text += "        <Topology TopologyType=\"" + std::string(dimension == 2 ? "Quadrilateral" : "Hexahedron") +
            "\" NumberOfElements=\"" + std::to_string(cells) + "\">" +
            item(mesh[p], "corners", cells, n_corners, "Int", 8) + "</Topology>\n";
    text +=
        "        <Geometry GeometryType=\"XYZ\">" + item(mesh[p], "points", points, 3, "Float", 8) + "</Geometry>\n";
    for (const auto &array : arrays)
      text += attribute(array.name, "Node", array.unit, item(values[p], array.name, points, 1, "Float", 8));
    for (const char *name : {"region", "rank", "level"})
      text += attribute(name, "Cell", "", item(mesh[p], name, cells, 1, "Int", 4));
    text += "      </Grid>\n";
  }
  return text + "      </Grid>\n";
}

void FieldSeries::write_text() const
{
  std::string text = "<?xml version=\"1.0\"?>\n"
                     "<Xdmf Version=\"3.0\">\n"
                     "  <Domain>\n"
                     "    <Information Name=\"time unit\" Value=\"min\"/>\n";
  for (std::size_t r = 0; r < region_names.size(); ++r)
    text += "    <Information Name=\"region " + std::to_string(r) + "\" Value=\"" + escaped(region_names[r]) + "\"/>\n";
  text += "    <Grid Name=\"outputs\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  for (const Entry &entry : entries)
    text += text_of(entry);
  folder.write("fields.xdmf", text + "    </Grid>\n  </Domain>\n</Xdmf>\n");
}

nlohmann::json FieldSeries::state() const
{
  nlohmann::json state = {{"outputs", nlohmann::json::array()}, {"meshes", nlohmann::json::array()}};
  for (const Entry &entry : entries)
    state["outputs"].push_back({entry.time, entry.number, entry.mesh});
  for (const auto &[number, sizes] : meshes)
    state["meshes"].push_back({number, sizes});
  return state;
}

void FieldSeries::restore(const nlohmann::json &state)
{
  entries.clear();
  meshes.clear();
  has_mesh = false;
  for (const auto &entry : state.at("outputs"))
    entries.push_back({entry.at(0).get<double>(), entry.at(1).get<std::uint64_t>(), entry.at(2).get<std::uint64_t>()});
  for (const auto &mesh : state.at("meshes"))
    meshes[mesh.at(0).get<std::uint64_t>()] = mesh.at(1).get<Sizes>();
  if (!entries.empty())
    write_text();
}
} // namespace nidus
