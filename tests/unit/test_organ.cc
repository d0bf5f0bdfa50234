#include "control/input_error.h"
#include "field_world.h"
#include "organ/organ.h"
#include "organ/pinches.h"
#include "small_mesh.h"

#include <catch2/catch.hpp>

#include <deal.II/base/table.h>
#include <deal.II/grid/grid_generator.h>

#include <cmath>
#include <map>

using namespace nidus;
using test::region;

TEST_CASE("The volume of a lumen converges to that of the cylinder", "[organ]")
{
  const double exact = M_PI * 80.0 * 80.0 * 100.0;
  std::vector<double> errors;
  for (const double h : {20.0, 5.0})
  {
    auto parameters = test::block({300.0, 300.0, 100.0}, h);
    parameters.block.lumen_radius = 80.0;
    parameters.regions.push_back(region("airway", false));
    const Organ<3> organ(MPI_COMM_SELF, parameters);
    errors.push_back(std::abs(organ.region_volumes()[1] / exact - 1.0));
    CHECK(organ.tissue_volume() + organ.region_volumes()[1] == Approx(9e6));
    // First order: cells cut by the wall fill a ring of width h, and half of them at most are on the wrong side.
    CHECK(errors.back() < 0.5 * h / 80.0);
  }
  CHECK(errors[1] < 0.5 * errors[0]);
}

TEST_CASE("A lung lobe has tissue, an airway in it, and a mesh of named regions", "[organ]")
{
  OrganParameters parameters;
  parameters.shape = "lung lobe";
  parameters.cell_size = 80.0;
  parameters.regions = {region("parenchyma", true), region("airway", false)};
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  const double box = parameters.lung_lobe.length * parameters.lung_lobe.width * parameters.lung_lobe.thickness;
  CHECK(organ.tissue_volume() > 0.2 * box);
  CHECK(organ.tissue_volume() < 0.6 * box);
  CHECK(organ.region_volumes()[2] > 0.01 * organ.tissue_volume());
  CHECK(organ.regions()[1].name == "parenchyma");
  CHECK(organ.smallest_edge() == Approx(80.0));
}

TEST_CASE("Wall refinement refines where the lumen cuts cells and nowhere else", "[organ]")
{
  auto parameters = test::block({400.0, 400.0}, 40.0);
  parameters.block.lumen_radius = 53.0; // the wall never falls on a face, and cells on its tissue side are cut twice
  parameters.wall_refinements = 2;
  parameters.regions.push_back(region("airway", false));
  const Organ<2> organ(MPI_COMM_SELF, parameters);
  CHECK(organ.smallest_edge() == Approx(10.0));
  CHECK(organ.largest_edge() == Approx(40.0));
}

TEST_CASE("Cells that touch a refined ball get its levels on any number of ranks", "[organ][mpi]")
{
  auto parameters = test::block({400.0, 400.0}, 40.0);
  parameters.refinements = 1;
  // The first lies inside of one cell, the second touches the four around a node; balance refines some around them.
  parameters.refined_balls = "60, 60, 5, 2; 240, 320, 1, 1";
  parameters.resolve(2, "");
  const Organ<2> organ(MPI_COMM_WORLD, parameters);
  std::map<int, unsigned int> cells;
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
      ++cells[static_cast<int>(std::lround(cell->line(0)->diameter()))];
  const auto count = [&](const int edge) { return dealii::Utilities::MPI::sum(cells[edge], MPI_COMM_WORLD); };
  // 40 -> 20 -> 10: of the four cells of 20 around (60, 60) the ball touches all.
  CHECK(count(10) == 16);
  CHECK(organ.smallest_edge() == Approx(10.0));
  CHECK(organ.largest_edge() == Approx(40.0));
  CHECK(100 * count(10) + 400 * count(20) + 1600 * count(40) == 160000);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned() && cell->center().distance(dealii::Point<2>(240, 320)) < 40.0)
      CHECK(cell->line(0)->diameter() == Approx(20.0));
}

TEST_CASE("Pinches of a coarse mesh are counted", "[organ]")
{
  // Four cubes around an edge: none of them missing, one missing, and two opposite ones missing.
  const auto cubes = [](const std::vector<bool> &kept) {
    dealii::Table<3, dealii::types::material_id> ids(2, 2, 1);
    for (unsigned int i = 0; i < 4; ++i)
      ids(i % 2, i / 2, 0) = kept[i] ? 0 : dealii::numbers::invalid_material_id;
    dealii::Triangulation<3> mesh;
    dealii::GridGenerator::subdivided_hyper_rectangle(mesh, {{1.0, 1.0}, {1.0, 1.0}, {1.0}}, dealii::Point<3>(), ids);
    return count_pinches(mesh);
  };
  CHECK(cubes({true, true, true, true}) == 0);
  CHECK(cubes({true, true, true, false}) == 0);
  CHECK(cubes({true, false, false, true}) == 3); // the edge and its two ends
}

TEST_CASE("A mesh with pinches is refined all the same", "[organ]")
{
  // Two cubes that share one edge.
  const test::SmallMesh mesh("pinched_cubes.msh",
                             {"0 0 0", "1 0 0", "1 1 0", "0 1 0", "0 0 1", "1 0 1", "1 1 1", "0 1 1", "2 1 0", "2 2 0",
                              "1 2 0", "2 1 1", "2 2 1", "1 2 1"},
                             {"5 2 7 7 1 2 3 4 5 6 7 8", "5 2 7 7 3 9 10 11 7 12 13 14"});
  const Organ<3> organ(MPI_COMM_SELF, mesh.organ(2));
  CHECK(organ.n_tissue_cells() == 128);
  CHECK(organ.tissue_volume() == Approx(2.0));
}

TEST_CASE("Organs that cannot be are refused", "[organ]")
{
  auto undescribed = test::block({100.0, 100.0}, 50.0);
  undescribed.block.lumen_radius = 20.0;
  CHECK_THROWS_WITH(Organ<2>(MPI_COMM_SELF, undescribed), Catch::Contains("airway"));

  auto unknown = test::block({100.0, 100.0}, 50.0);
  unknown.regions.push_back(region("bone", true));
  CHECK_THROWS_WITH(Organ<2>(MPI_COMM_SELF, unknown), Catch::Contains("bone"));

  auto hollow = test::block({100.0, 100.0}, 50.0);
  hollow.block.lumen_radius = 1000.0;
  hollow.regions.push_back(region("airway", false));
  CHECK_THROWS_WITH(Organ<2>(MPI_COMM_SELF, hollow), Catch::Contains("empty"));

  auto missing = test::block({100.0, 100.0}, 50.0);
  missing.shape = "mesh file";
  missing.mesh_file.file = "no_such.msh";
  missing.mesh_file.regions = {{"parenchyma", 1.0}};
  CHECK_THROWS_WITH(Organ<2>(MPI_COMM_SELF, missing), Catch::Contains("no_such.msh"));
}
