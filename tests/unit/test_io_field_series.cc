#include "test_io_fields.h"
#include "test_io_folder.h"

#include "io/field_output.h"
#include "io/legend.h"

#include <boost/property_tree/xml_parser.hpp>
#include <catch2/catch.hpp>

#include <hdf5.h>

#include <array>
#include <cmath>
#include <set>

using namespace nidus;
using namespace nidus::test;
using Catch::Contains;
using Tree = boost::property_tree::ptree;

namespace
{
/// What a DataItem of fields.xdmf leads to.
struct Item
{
  std::vector<hsize_t> size;
  std::vector<double> numbers;
  std::string unit; ///< attribute of the array; empty: none
};

Item read(const OutputFolder &folder, const Tree &item)
{
  const std::string place = item.data();
  const std::size_t colon = place.find(":/");
  const hid_t file = H5Fopen(folder.path(place.substr(0, colon)).c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const hid_t array = H5Dopen2(file, place.substr(colon + 1).c_str(), H5P_DEFAULT);
  REQUIRE(array >= 0);
  const hid_t space = H5Dget_space(array);
  Item result;
  result.size.resize(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, result.size.data(), nullptr);
  result.numbers.resize(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  REQUIRE(H5Dread(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, result.numbers.data()) >= 0);
  if (H5Aexists(array, "unit") > 0)
  {
    const hid_t attribute = H5Aopen(array, "unit", H5P_DEFAULT), type = H5Aget_type(attribute);
    result.unit.resize(H5Tget_size(type));
    REQUIRE(H5Aread(attribute, type, result.unit.data()) >= 0);
    H5Tclose(type);
    H5Aclose(attribute);
  }
  H5Sclose(space);
  H5Dclose(array);
  H5Fclose(file);

  // The text must say of the array what it is.
  std::istringstream dimensions(item.get<std::string>("<xmlattr>.Dimensions"));
  for (const hsize_t size : result.size)
  {
    hsize_t said = 0;
    dimensions >> said;
    CHECK(said == size);
  }
  return result;
}

std::string text_at(const Tree &tree, const std::string &path)
{
  return tree.get<std::string>(path);
}

/// The outputs in fields.xdmf.
std::vector<Tree> outputs_of(const OutputFolder &folder)
{
  std::istringstream text(content_of(folder.path("fields.xdmf")));
  Tree root;
  boost::property_tree::read_xml(text, root);
  std::vector<Tree> outputs;
  for (const auto &[name, grid] : root.get_child("Xdmf.Domain.Grid"))
    if (name == "Grid")
      outputs.push_back(grid);
  return outputs;
}

template <int dim>
void check_piece(const OutputFolder &folder, const Tree &grid, std::uint64_t &n_cells, std::set<double> &regions)
{
  constexpr hsize_t n_corners = 1u << dim;
  const Item points = read(folder, grid.get_child("Geometry.DataItem"));
  const Item corners = read(folder, grid.get_child("Topology.DataItem"));
  CHECK(grid.get<std::string>("Topology.<xmlattr>.TopologyType") == (dim == 2 ? "Quadrilateral" : "Hexahedron"));
  CHECK(points.unit == "um");
  REQUIRE(points.size.at(1) == 3);
  REQUIRE(corners.size.at(1) == n_corners);
  n_cells += corners.size[0];
  // Around a face of a cube in the order of VTK, no corner is opposite to the next.
  for (std::size_t c = 0; c < corners.numbers.size(); c += n_corners)
  {
    const auto corner = [&](const std::size_t v) {
      return points.numbers.data() + 3 * static_cast<std::size_t>(corners.numbers[c + v]);
    };
    double around = 0.0, across = 0.0;
    for (unsigned int d = 0; d < 3; ++d)
    {
      around += std::abs(corner(1)[d] - corner(2)[d]);
      across += std::abs(corner(0)[d] - corner(2)[d]);
    }
    CHECK(across == Approx(2.0 * around));
  }
  std::set<std::string> names;
  for (const auto &[kind, attribute] : grid)
    if (kind == "Attribute")
    {
      const auto name = text_at(attribute, "<xmlattr>.Name");
      names.insert(name);
      const Item array = read(folder, attribute.get_child("DataItem"));
      if (text_at(attribute, "<xmlattr>.Center") == "Cell")
      {
        CHECK(array.numbers.size() == corners.size[0]);
        if (name == "region")
          regions.insert(array.numbers.begin(), array.numbers.end());
        continue;
      }
      const unsigned int field = name == "fn" ? 1 : 0;
      CHECK(array.unit == (field == 1 ? "1" : "nM"));
      CHECK(text_at(attribute, "Information.<xmlattr>.Value") == array.unit);
      REQUIRE(array.numbers.size() == points.size[0]);
      double worst = 0.0;
      for (std::size_t p = 0; p < array.numbers.size(); ++p)
        worst = std::max(
            worst, std::abs(array.numbers[p] - value_at(field, points.numbers[3 * p], points.numbers[3 * p + 1])));
      CHECK(worst < 1e-12);
    }
  CHECK(names == std::set<std::string>{array_name("tgf-beta"), "fn", "region", "rank", "level"});
}

template <int dim>
void check_output(const OutputFolder &folder, const Tree &output, const double time, const Organ<dim> &organ,
                  const std::size_t n_pieces)
{
  CHECK(output.get<double>("Time.<xmlattr>.Value") == time);
  std::uint64_t n_cells = 0;
  std::size_t pieces = 0;
  std::set<double> regions;
  for (const auto &[kind, grid] : output)
    if (kind == "Grid")
    {
      check_piece<dim>(folder, grid, n_cells, regions);
      ++pieces;
    }
  CHECK(pieces == n_pieces);
  CHECK(n_cells == organ.triangulation().n_global_active_cells());
  CHECK(regions == std::set<double>{0.0, 1.0});
}

FieldsParameters two_named()
{
  return two_fields({"tgf-beta", "fn"});
}
} // namespace

TEMPLATE_TEST_CASE_SIG("Fields as XDMF read back as they were written, and go on after a restart", "[io][mpi]",
                       ((int dim, int pieces), dim, pieces), (2, 1), (2, 0), (3, 0))
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const Organ<dim> organ(MPI_COMM_WORLD, block_with_airway()), finer(MPI_COMM_WORLD, block_with_airway(1));
  const FieldsParameters parameters = two_named();
  FieldSet<dim> fields(organ, parameters), finer_fields(finer, parameters);
  set_linear(fields);
  set_linear(finer_fields);
  const RankGroups groups(MPI_COMM_WORLD, pieces);
  const auto make = [&] {
    return FieldOutput<dim>(folder, parameters, organ.regions(), groups, {}, FieldFormat::xdmf);
  };
  const auto file_exists = [&](const std::string &name) {
    return in_peace([&] {
      return std::filesystem::exists(folder.path(RankGroups::names("fields/" + name, ".h5", groups.number()).at(0)));
    });
  };
  auto output = make();
  output.write(fields, 0, 0.0);
  output.write(fields, 1, 30.1);
  const auto saved = output.series().state();
  output.write(finer_fields, 2, 60.0);
  CHECK(file_exists("mesh_000000"));
  CHECK_FALSE(file_exists("mesh_000001")); // the mesh is that of the output before
  CHECK(file_exists("mesh_000002"));
  auto outputs = outputs_of(folder);
  REQUIRE(outputs.size() == 3);
  check_output(folder, outputs[0], 0.0, organ, groups.number());
  check_output(folder, outputs[1], 30.1, organ, groups.number());
  check_output(folder, outputs[2], 60.0, finer, groups.number());
  CHECK_THAT(content_of(folder.path("fields.xdmf")),
             Contains("<Information Name=\"region 1\" Value=\"airway\"/>") && !Contains("aside"));

  // A run that goes on forgets what came after its checkpoint.
  auto resumed = make();
  resumed.series().restore(saved);
  REQUIRE(outputs_of(folder).size() == 2);
  resumed.write(fields, 2, 61.5);
  resumed.write(fields, 3, 90.0);
  CHECK_FALSE(file_exists("mesh_000003"));
  outputs = outputs_of(folder);
  REQUIRE(outputs.size() == 4);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    check_output(folder, outputs[i], std::array<double, 4>{{0.0, 30.1, 61.5, 90.0}}[i], organ, groups.number());
}

TEST_CASE("Fields as XDMF that cannot be written are a fault on all ranks", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const Organ<2> organ(MPI_COMM_WORLD, block_with_airway());
  const FieldsParameters parameters = two_named();
  const FieldSet<2> fields(organ, parameters);
  const RankGroups groups(MPI_COMM_WORLD, 0);
  FieldOutput<2> output(folder, parameters, organ.regions(), groups, {}, FieldFormat::xdmf);
  const std::string last = groups.pieces("fields/fields_000000", ".h5").back();
  folder.make_folder(last + "/full");
  CHECK_THAT(fault_of<std::runtime_error>([&] { output.write(fields, 0, 0.0); }), Contains(last));
  CHECK_FALSE(in_peace([&] { return std::filesystem::exists(folder.path("fields.xdmf")); }));
}
