#include "control/random.h"
#include "field_world.h"
#include "organ/cell_locator.h"
#include "organ/organ.h"

#include <catch2/catch.hpp>

#include <deal.II/grid/grid_generator.h>

#include <cmath>
#include <fstream>

using namespace nidus;
using dealii::Point;

namespace
{
template <int dim>
Point<dim> image(const CellLocator<dim> &locator, const typename CellLocator<dim>::Place &place)
{
  Point<dim> x;
  for (unsigned int v = 0; v < (1u << dim); ++v)
  {
    double weight = 1.0;
    for (unsigned int d = 0; d < dim; ++d)
      weight *= (v >> d & 1u) ? place.reference[d] : 1.0 - place.reference[d];
    x += weight * locator.corners(place.cell)[v];
  }
  return x;
}
} // namespace

TEST_CASE("Every point of a refined block is in one cell, faces, edges and vertices included", "[locator]")
{
  auto parameters = test::block({160.0, 160.0, 160.0}, 40.0);
  parameters.block.lumen_radius = 40.0;
  parameters.wall_refinements = 1;
  RegionParameters airway;
  airway.name = "airway";
  airway.tissue = false;
  parameters.regions.push_back(airway);
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  const CellLocator<3> locator(organ);
  unsigned int in_tissue = 0, in_lumen = 0;
  for (std::uint64_t i = 0; i < 20000; ++i)
  {
    const auto u = random::uniform({1, i, 0, random::Purpose::seeding});
    Point<3> p(160.0 * u[0], 160.0 * u[1], 160.0 * u[2]);
    if (i % 2 == 0) // on the lattice of faces, edges and vertices of the finest cells
      for (unsigned int d = 0; d < 3; ++d)
        if (u[3] * 7.99 >= d * 2.0)
          p[d] = 20.0 * std::round(p[d] / 20.0);
    const auto place = locator.locate(p);
    if (!place.found())
    {
      ++in_lumen;
      continue;
    }
    ++in_tissue;
    CHECK(image(locator, place).distance(p) < 1e-9);
    // A hint changes nothing.
    CHECK(locator.locate(p, place.cell).cell == place.cell);
    CHECK(locator.locate(p, 0).cell == place.cell);
  }
  CHECK(in_tissue > 10000);
  CHECK(in_lumen > 500);
  CHECK_FALSE(locator.locate(Point<3>(-1.0, 80.0, 80.0)).found());
  CHECK_FALSE(locator.locate(Point<3>(NAN, 80.0, 80.0)).found());
}

TEST_CASE("Points of distorted hexahedra are found with their reference position", "[locator]")
{
  OrganParameters parameters;
  parameters.shape = "mesh file";
  parameters.mesh_file.file = std::string(NIDUS_MESHES) + "/ball.msh";
  parameters.mesh_file.length_unit = "mm";
  parameters.mesh_file.regions = {{"parenchyma", 1.0}};
  RegionParameters tissue;
  tissue.name = "parenchyma";
  parameters.regions = {tissue};
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  CHECK(organ.tissue_volume() == Approx(4.0 / 3.0 * M_PI * std::pow(600.0, 3)).epsilon(0.05));
  const CellLocator<3> locator(organ);
  unsigned int found = 0;
  for (std::uint64_t i = 0; i < 5000; ++i)
  {
    const auto u = random::uniform({1, i, 0, random::Purpose::seeding});
    const Point<3> p(1200.0 * u[0] - 600.0, 1200.0 * u[1] - 600.0, 1200.0 * u[2] - 600.0);
    const auto place = locator.locate(p);
    if (p.norm() < 560.0)
      CHECK(place.found());
    if (p.norm() > 600.0)
      CHECK_FALSE(place.found());
    if (!place.found())
      continue;
    ++found;
    CHECK(image(locator, place).distance(p) < 1e-7);
  }
  CHECK(found > 2000);
}
