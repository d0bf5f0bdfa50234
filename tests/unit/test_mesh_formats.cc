#include "control/input_error.h"
#include "organ/abaqus_check.h"
#include "organ/boundaries.h"
#include "organ/mesh_reader.h"
#include "small_mesh.h"

#include <catch2/catch.hpp>

#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridWriter.h>

using namespace nidus;
using test::region;

namespace
{
const std::vector<std::string> cube = {"0 0 0", "1 0 0", "1 1 0", "0 1 0", "0 0 1", "1 0 1", "1 1 1", "0 1 1"};

/// Six tetrahedra around the diagonal of the cube, and the two triangles of its floor as physical surface 3.
const std::vector<std::string> tetrahedra = {"4 2 7 7 1 2 3 7", "4 2 7 7 1 3 4 7", "4 2 7 7 1 4 8 7", "4 2 7 7 1 8 5 7",
                                             "4 2 7 7 1 5 6 7", "4 2 7 7 1 6 2 7", "2 2 3 3 1 2 3",   "2 2 3 3 1 3 4"};

struct Grid
{
  Grid()
  {
    // The corners of two cubes side by side.
    const double corners[12][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 1},
                                   {1, 1, 1}, {0, 1, 1}, {2, 0, 0}, {2, 1, 0}, {2, 0, 1}, {2, 1, 1}};
    for (const auto &corner : corners)
      points->InsertNextPoint(corner);
    grid->SetPoints(points);
    regions->SetName("MaterialID");
  }

  void add(const int type, const std::vector<vtkIdType> &corners, const int id)
  {
    grid->InsertNextCell(type, static_cast<vtkIdType>(corners.size()), corners.data());
    regions->InsertNextValue(id);
  }

  OrganParameters organ(const std::string &name)
  {
    grid->GetCellData()->AddArray(regions);
    vtkNew<vtkXMLUnstructuredGridWriter> writer;
    writer->SetInputData(grid);
    writer->SetFileName(name.c_str());
    writer->Write();
    OrganParameters parameters;
    parameters.shape = "mesh file";
    parameters.mesh_file.file = name;
    parameters.mesh_file.region_array = "MaterialID";
    parameters.mesh_file.regions = {{"parenchyma", 7.0}};
    parameters.regions = {region("parenchyma", true)};
    return parameters;
  }

  vtkNew<vtkUnstructuredGrid> grid;
  vtkNew<vtkPoints> points;
  vtkNew<vtkIntArray> regions;
};

double area(const Organ<3> &organ, const std::string &name)
{
  const int index = organ.boundaries().index(name);
  REQUIRE(index >= 0);
  return organ.boundaries().areas()[index];
}
} // namespace

TEST_CASE("Tetrahedra become hexahedra with their regions and surfaces", "[geometry]")
{
  const test::SmallMesh mesh("cube_of_tetrahedra.msh", cube, tetrahedra);
  auto parameters = mesh.organ(0);
  parameters.mesh_file.boundaries = {{"floor", 3.0}};
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  CHECK(organ.n_tissue_cells() == 24);
  CHECK(organ.tissue_volume() == Approx(1.0));
  CHECK(area(organ, "floor") == Approx(1.0));
  CHECK(area(organ, "outside") == Approx(5.0));

  // p4est can refine it, everywhere and locally.
  parameters.refinements = 1;
  parameters.refined_balls = "0.1, 0.1, 0.1, 0.1, 1";
  parameters.resolve(3, "");
  const Organ<3> finer(MPI_COMM_SELF, parameters);
  CHECK(finer.n_tissue_cells() > 8 * 24);
  CHECK(finer.tissue_volume() == Approx(1.0));
}

TEST_CASE("Physical groups of Gmsh keep their names", "[geometry]")
{
  const test::SmallMesh mesh("named_groups.msh", cube, tetrahedra,
                             {"2 3 \"floor of the cube\"", "3 7 \"parenchyma\"", "2 9 \"nowhere\""});
  auto parameters = mesh.organ(0);
  parameters.mesh_file.regions.clear();
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  CHECK(organ.tissue_volume() == Approx(1.0));
  CHECK(area(organ, "floor of the cube") == Approx(1.0));
  CHECK(organ.boundaries().index("nowhere") < 0);

  // What the parameters say comes first.
  parameters.mesh_file.regions = {{"parenchyma", 7.0}};
  parameters.mesh_file.boundaries = {{"wall", 3.0}};
  const Organ<3> renamed(MPI_COMM_SELF, parameters);
  CHECK(area(renamed, "wall") == Approx(1.0));
  CHECK(renamed.boundaries().index("floor of the cube") < 0);
}

TEST_CASE("Triangles become quadrilaterals", "[geometry]")
{
  const test::SmallMesh mesh("triangles.msh", {"0 0 0", "2 0 0", "2 1 0", "0 1 0"},
                             {"2 2 7 7 1 2 3", "2 2 7 7 1 3 4", "1 2 5 5 1 2"});
  auto parameters = mesh.organ(2);
  parameters.mesh_file.boundaries = {{"floor", 5.0}};
  const Organ<2> organ(MPI_COMM_SELF, parameters);
  CHECK(organ.n_tissue_cells() == 6 * 16);
  CHECK(organ.tissue_volume() == Approx(2.0));
  REQUIRE(organ.boundaries().index("floor") >= 0);
  CHECK(organ.boundaries().areas()[organ.boundaries().index("floor")] == Approx(2.0));
}

TEST_CASE("Meshes of VTK are read with regions and surfaces", "[geometry]")
{
  Grid hexahedra;
  hexahedra.add(VTK_HEXAHEDRON, {0, 1, 2, 3, 4, 5, 6, 7}, 7);
  hexahedra.add(VTK_VOXEL, {1, 8, 2, 9, 5, 10, 6, 11}, 8);
  hexahedra.add(VTK_QUAD, {0, 1, 2, 3}, 4);
  auto parameters = hexahedra.organ("hexahedra.vtu");
  parameters.mesh_file.regions["bone"] = 8.0;
  parameters.mesh_file.boundaries = {{"floor", 4.0}};
  parameters.regions.push_back(region("bone", false));
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  CHECK(organ.n_tissue_cells() == 1);
  CHECK(organ.tissue_volume() == Approx(1.0));
  CHECK(area(organ, "floor") == Approx(1.0));
  CHECK(area(organ, "bone") == Approx(1.0));

  parameters.mesh_file.region_array = "region";
  CHECK_THROWS_WITH(Organ<3>(MPI_COMM_SELF, parameters),
                    Catch::Contains("Organ/Mesh file/Region array") && Catch::Contains("MaterialID"));
  std::remove("hexahedra.vtu");

  Grid simplices;
  for (const auto &[a, b] : {std::pair{1, 2}, {2, 3}, {3, 7}, {7, 4}, {4, 5}, {5, 1}})
    simplices.add(VTK_TETRA, {0, a, b, 6}, 7);
  const Organ<3> split(MPI_COMM_SELF, simplices.organ("simplices.vtu"));
  CHECK(split.n_tissue_cells() == 24);
  CHECK(split.tissue_volume() == Approx(1.0));
  std::remove("simplices.vtu");
}

TEST_CASE("Points that are written for each cell anew are one", "[geometry]")
{
  Grid apart;
  for (const auto &[x, y, z] : {std::tuple{1, 0, 0}, {1, 1, 0}, {1, 0, 1}, {1, 1, 1}})
    apart.points->InsertNextPoint(x, y, z); // 12, 13, 14, 15
  apart.add(VTK_VOXEL, {0, 1, 3, 2, 4, 5, 7, 6}, 7);
  apart.add(VTK_VOXEL, {12, 8, 13, 9, 14, 10, 15, 11}, 7);
  const Organ<3> organ(MPI_COMM_SELF, apart.organ("apart.vtu"));
  CHECK(organ.tissue_volume() == Approx(2.0));
  CHECK(area(organ, "outside") == Approx(10.0));
  std::remove("apart.vtu");
}

TEST_CASE("A mesh with hanging nodes is refused", "[geometry]")
{
  // A square beside two of half its height.
  const test::SmallMesh mesh("hanging.msh", {"0 0 0", "2 0 0", "2 2 0", "0 2 0", "3 0 0", "3 1 0", "2 1 0", "3 2 0"},
                             {"3 2 7 7 1 2 3 4", "3 2 7 7 2 5 6 7", "3 2 7 7 7 6 8 3"});
  CHECK_THROWS_WITH(Organ<2>(MPI_COMM_SELF, mesh.organ(0)), Catch::Contains("1 faces have a vertex in their middle"));
}

TEST_CASE("Meshes of UCD and of Abaqus are told apart", "[geometry]")
{
  OrganParameters parameters;
  parameters.shape = "mesh file";
  parameters.mesh_file.regions = {{"parenchyma", 7.0}};
  parameters.regions = {region("parenchyma", true)};
  for (const bool abaqus : {false, true})
  {
    INFO(abaqus);
    const std::string name = abaqus ? "abaqus.inp" : "ucd.inp", comma = abaqus ? ", " : " ";
    std::ofstream out(name);
    out << (abaqus ? "*HEADING\ncube\n*NODE\n" : "# a comment\n8 1 0 0 0\n");
    for (std::size_t i = 0; i < cube.size(); ++i)
    {
      std::istringstream numbers(cube[i]);
      double x, y, z;
      numbers >> x >> y >> z;
      out << i + 1 << comma << x << comma << y << comma << z << "\n";
    }
    out << (abaqus ? "*ELEMENT, TYPE=C3D8, ELSET=EB7\n1, 1, 2, 3, 4, 5, 6, 7, 8\n" : "1 7 hex 1 2 3 4 5 6 7 8\n");
    out.close();
    parameters.mesh_file.file = name;
    const Organ<3> organ(MPI_COMM_SELF, parameters);
    CHECK(organ.n_tissue_cells() == 1);
    CHECK(organ.tissue_volume() == Approx(1.0));
    std::remove(name.c_str());
  }
}

namespace
{
/// Two cubes of Abaqus with the text @p more behind them; the text of the refusal, or nothing.
std::string refusal_of_abaqus(const std::string &more, const OrganParameters &organ)
{
  std::ofstream out(organ.mesh_file.file);
  out << "*HEADING\r\n*NODE\r\n";
  int number = 0;
  for (const char *z : {"0", "1"})
    for (const char *place : {"0, 0", "1, 0", "1, 1", "0, 1", "2, 0", "2, 1"})
      out << ++number << ", " << place << ", " << z << "\r\n";
  out << "*ELEMENT, TYPE=C3D8\r\n1, 1, 2, 3, 4, 7, 8, 9, 10\r\n2, 2, 5, 6, 3, 8, 11, 12, 9\r\n\r\n" << more;
  out.close();
  try
  {
    const Organ<3> read(MPI_COMM_SELF, organ);
    CHECK(read.tissue_volume() == Approx(1.0));
    CHECK(area(read, "side") == Approx(1.0));
  }
  catch (const InputError &error)
  {
    return error.what();
  }
  return "";
}
} // namespace

TEST_CASE("Sets and surfaces of Abaqus have elements that are there", "[geometry]")
{
  OrganParameters organ;
  organ.shape = "mesh file";
  organ.mesh_file.file = "sets.inp";
  organ.mesh_file.regions = {{"parenchyma", 7.0}, {"airway", 8.0}};
  organ.mesh_file.boundaries = {{"side", 3.0}};
  organ.regions = {region("parenchyma", true), region("airway", false)};
  const std::string left = "*ELSET, ELSET=LEFT\r\n1,\r\n", right = "*ELSET, ELSET=RIGHT, GENERATE\r\n2, 2, 1\r\n",
                    materials =
                        "*SOLID SECTION, ELSET=LEFT, MATERIAL=M-7\r\n*SOLID SECTION, ELSET=RIGHT, MATERIAL=M-8\r\n",
                    surface = "*SURFACE, NAME=SS3, TYPE=ELEMENT\r\n1, S6\r\n";
  // As Abaqus writes them, with commas at the end of lines, by places and by a set.
  CHECK(refusal_of_abaqus(left + right + materials + surface, organ).empty());
  CHECK(refusal_of_abaqus(left + right + materials + "*SURFACE, NAME=SS3, TYPE=ELEMENT\nLEFT, S6\n", organ).empty());
  CHECK_THAT(abaqus_file(organ.mesh_file.file, 1e4, 3).text, Catch::Contains("*ELSET, ELSET=LEFT\n1, 1\n"));
  const auto must_refuse = [&](const std::string &text, const std::string &part) {
    CHECK_THAT(refusal_of_abaqus(text, organ), Catch::Contains(part));
  };
  const std::string there = "not elements that come before it";
  must_refuse("*ELSET, ELSET=LEFT\n1, 3\n" + right + materials, there);
  must_refuse("*ELSET, ELSET=LEFT\n0, 1\n" + right + materials, there);
  for (const char *numbers : {"1,, 2", "1 2, 2", "1, 44444444444444444444"})
    must_refuse("*ELSET, ELSET=LEFT\n" + std::string(numbers) + "\n", "numbers of elements");
  must_refuse("*SURFACE, NAME=SS3, TYPE=ELEMENT\n3, S6\n", there);
  must_refuse("*ELEMENT, TYPE=C3D8\n9, 1, 2, 3, 4, 7, 8, 9, 10\n" + surface, there);
  must_refuse("*SURFACE, NAME=SS3, TYPE=ELEMENT\n1, S7\n", "an element or a set and its face");
  must_refuse("*SURFACE, NAME=SS3, TYPE=ELEMENT\n1\n", "an element or a set and its face");
  must_refuse("*ELEMENT, TYPE=C3D8\n3, 1, 2, 3, 4\n", "its 8 corners");
  // The end of the file within a set, where deal.II would read for ever: then the cells have no region.
  must_refuse("*ELSET, ELSET=LEFT", "no name for physical volume 0");
  std::remove("sets.inp");
}

TEST_CASE("Cells that are turned inside out at a corner, or flat, are named", "[geometry]")
{
  auto tangled = cube;
  tangled[6] = "-0.5 -0.5 -0.5";
  const test::SmallMesh inside_out("tangled.msh", tangled, {"5 2 7 7 1 2 3 4 5 6 7 8"});
  CHECK_THROWS_WITH(Organ<3>(MPI_COMM_SELF, inside_out.organ(0)),
                    Catch::Contains("1 of 1 are inverted or degenerate") && Catch::Contains("turned inside out"));
  auto flat = cube;
  flat[6] = "1 1 0";
  flat[4] = "0 0 0";
  flat[5] = "1 0 0";
  flat[7] = "0 1 0";
  const test::SmallMesh degenerate("flat.msh", flat, {"5 2 7 7 1 2 3 4 5 6 7 8"});
  // From 9.6 on deal.II puts points at one place together, and finds this cell itself.
  CHECK_THROWS_WITH(Organ<3>(MPI_COMM_SELF, degenerate.organ(0)),
                    Catch::Contains("flat at a corner") || Catch::Contains("cell 0 cannot be made of its corners"));
}
