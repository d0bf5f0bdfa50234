#include "field_world.h"
#include "organ/boundaries.h"
#include "organ/connected_pieces.h"
#include "organ/kept_boxes.h"
#include "organ/pinches.h"

#include <catch2/catch.hpp>

#include <random>

using namespace nidus;
using test::region;

namespace
{
OrganParameters organ(const std::string &shape, const double cell_size)
{
  OrganParameters parameters;
  parameters.shape = shape;
  parameters.cell_size = cell_size;
  parameters.refinements = 1;
  parameters.wall_refinements = 2;
  return parameters;
}

template <int dim>
double area(const Organ<dim> &organ, const std::string &name)
{
  const int index = organ.boundaries().index(name);
  REQUIRE(index >= 0);
  return organ.boundaries().areas()[index];
}
} // namespace

TEST_CASE("A device channel has reservoirs at its ends, and named ends", "[geometry]")
{
  auto parameters = organ("device channel", 25.0);
  parameters.built_in.device = {900.0, 200.0, 100.0, 150.0};
  parameters.regions = {region("gel", true), region("source", false), region("sink", true)};
  const Organ<3> device(MPI_COMM_SELF, parameters);
  // Borders fall on faces of cells.
  CHECK(device.region_volumes()[0] == Approx(600.0 * 200.0 * 100.0));
  CHECK(device.region_volumes()[1] == Approx(150.0 * 200.0 * 100.0));
  CHECK(area(device, "source") == Approx(200.0 * 100.0));
  CHECK(area(device, "outlet") == Approx(200.0 * 100.0));
  CHECK(area(device, "wall") == Approx(750.0 * 600.0));
  CHECK(device.boundaries().index("inlet") == -1); // no tissue there

  parameters.built_in.device.reservoir_length = 0.0;
  parameters.regions = {region("gel", true)};
  const Organ<2> flat(MPI_COMM_SELF, parameters);
  CHECK(flat.tissue_volume() == Approx(900.0 * 200.0));
  CHECK(area(flat, "inlet") == Approx(200.0));
  CHECK(area(flat, "wall") == Approx(1800.0));
}

TEST_CASE("A liver lobule is a hexagon with a central vein and portal corners", "[geometry]")
{
  auto parameters = organ("liver lobule", 20.0);
  parameters.regions = {region("parenchyma", true), region("central_vein", false), region("portal", false)};
  const Organ<2> lobule(MPI_COMM_SELF, parameters);
  const auto exact = lobule.source_volumes();
  CHECK(exact[1] + exact[2] + exact[3] == Approx(1.5 * std::sqrt(3.0) * 250.0 * 250.0));
  // Cells of 5 um at walls: half of the layer of cut cells, over the area.
  CHECK(lobule.region_volumes()[1] == Approx(exact[1]).epsilon(0.01));
  CHECK(lobule.region_volumes()[2] == Approx(exact[2]).epsilon(0.05));
  CHECK(lobule.region_volumes()[3] == Approx(exact[3]).epsilon(0.05));
  CHECK(lobule.smallest_edge() == Approx(5.0));

  parameters.wall_refinements = 1;
  const Organ<3> prism(MPI_COMM_SELF, parameters);
  CHECK(prism.region_volumes()[1] == Approx(prism.source_volumes()[1]).epsilon(0.02));
  CHECK(area(prism, "z min") == Approx(area(prism, "z max")));
  CHECK(area(prism, "z min") == Approx(prism.tissue_volume() / 300.0));
  const auto pieces = count_pieces(prism);
  CHECK(pieces[1].number == 1);
  CHECK(pieces[2].number == 1);
  CHECK(pieces[3].number == 6);
  CHECK(pieces[3].largest_share >= 1.0 / 6.0);
  CHECK(pieces[3].largest_share < 0.2);
}

TEST_CASE("A marrow block has as many sinusoids as fit, with a niche around each", "[geometry]")
{
  auto parameters = organ("marrow block", 20.0);
  parameters.built_in.marrow = {{340.0, 255.0}, 12.5, 60.0, 15.0};
  parameters.regions = {region("parenchyma", true), region("sinusoid", false), region("perisinusoidal", true)};
  parameters.wall_refinements = 3;
  const Organ<2> marrow(MPI_COMM_SELF, parameters);
  const double sinusoids = 4.0 * 3.0 * M_PI * 12.5 * 12.5;
  // Half of the layer of cut cells (2.5 um) would be sqrt(2) h / r = 28 % of a sinusoid.
  CHECK(marrow.region_volumes()[1] == Approx(sinusoids).epsilon(0.05));
  CHECK(marrow.region_volumes()[2] == Approx(sinusoids * (27.5 * 27.5 / 12.5 / 12.5 - 1.0)).epsilon(0.05));
  CHECK(count_pieces(marrow)[1].number == 12);
  CHECK(area(marrow, "x min") == Approx(255.0));

  // No centre of such cells is in a sinusoid.
  parameters.cell_size = 42.5;
  parameters.refinements = parameters.wall_refinements = 0;
  const auto warnings = region_warnings(Organ<2>(MPI_COMM_SELF, parameters));
  CHECK(std::any_of(warnings.begin(), warnings.end(), [](const std::string &warning) {
    return warning.find("sinusoid has no cell") != std::string::npos;
  }));
}

TEST_CASE("A cylinder has ends and a lumen", "[geometry]")
{
  auto parameters = organ("cylinder", 40.0);
  parameters.built_in.cylinder = {200.0, 330.0, 80.0};
  parameters.regions = {region("parenchyma", true), region("lumen", false)};
  const Organ<3> cylinder(MPI_COMM_SELF, parameters);
  // Half of the layer of cut cells (10 um) would be 18 % of the lumen.
  for (unsigned int r = 1; r < 3; ++r)
    CHECK(cylinder.region_volumes()[r] == Approx(cylinder.source_volumes()[r]).epsilon(0.05));
  CHECK(area(cylinder, "z max") * 330.0 == Approx(cylinder.tissue_volume()));
}

TEST_CASE("Grids of boxes lose their pinches, whatever is kept", "[geometry]")
{
  std::mt19937 random(7);
  for (int trial = 0; trial < 40; ++trial)
  {
    const std::array<unsigned int, 3> n = {{4, 3, trial % 2 == 0 ? 1u : 4u}};
    KeptBoxes<3> kept(n);
    std::vector<bool> before;
    for (std::size_t i = 0; i < kept.size(); ++i)
    {
      before.push_back(i == 0 || random() % 3 == 0);
      kept.set(i, before.back());
    }
    kept.mend_pinches();
    for (std::size_t i = 0; i < kept.size(); ++i)
      CHECK((kept[i] || !before[i]));
    dealii::Triangulation<3> mesh;
    std::array<std::vector<double>, 3> planes;
    for (auto &along : planes)
      along = {0.0, 1.0, 2.0, 3.0, 4.0};
    kept.make_mesh(planes, mesh);
    CHECK(mesh.n_active_cells() == kept.number());
    CHECK(count_pinches(mesh) == 0);
  }
}

TEST_CASE("Pieces of a region are counted on any number of ranks", "[geometry][mpi]")
{
  // A lumen as wide as the block cuts the tissue in two, along the last axis; finer cells on one side.
  auto parameters = test::with_airway(test::block({200.0, 100.0, 400.0}, 25.0), 60.0);
  parameters.refined_balls = "10, 50, 300, 30, 1";
  parameters.resolve(3, "");
  const Organ<3> organ(MPI_COMM_WORLD, parameters);
  const auto pieces = count_pieces(organ);
  CHECK(pieces[0].number == 2);
  // The finer cells see a little more of the wall.
  CHECK(pieces[0].largest_share == Approx(0.5).epsilon(0.02));
  CHECK(pieces[1].number == 1);
  CHECK(region_warnings(organ).size() == 1);
  CHECK_THAT(region_warnings(organ)[0], Catch::Contains("parenchyma falls into 2 pieces"));
}
