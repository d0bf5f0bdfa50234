// B1 and B1b: steady point source with decay in a box with no-flux walls, against the Yukawa solution and its images.
#include "measured.h"
#include "meshes.h"

#include "control/units.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double diffusivity = 600.0, decay = 0.1, rate = 1000.0, fraction = 0.25, side = 600.0;

double yukawa(const double distance)
{
  const double length = std::sqrt(diffusivity / decay);
  return units::nanomolar_um3 * rate / (4.0 * M_PI * fraction * diffusivity * distance) * std::exp(-distance / length);
}

/// The source and its images at the walls of the cube, two deep: what is left out is below 1e-9.
double with_images(const Point<3> &place, const Point<3> &source)
{
  double sum = 0.0;
  std::array<std::vector<double>, 3> images;
  for (unsigned int d = 0; d < 3; ++d)
    for (int n = -2; n <= 2; ++n)
    {
      images[d].push_back(2.0 * n * side + source[d]);
      images[d].push_back(2.0 * n * side - source[d]);
    }
  for (const double x : images[0])
    for (const double y : images[1])
      for (const double z : images[2])
        sum += yukawa(place.distance(Point<3>(x, y, z)));
  return sum;
}

struct Errors
{
  double field, mass, lowest;
};

Errors solve(const OrganParameters &organ, const std::vector<Point<3>> &places, const unsigned int whole_refinements)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, decay)};
  parameters.fields[0].quasi_steady = true;
  test::FieldWorld<3> world(organ, parameters, {}, MPI_COMM_WORLD, whole_refinements);
  for (const auto &place : places)
    world.add_source(0, place, rate);
  world.advance(1.0);

  // The region is the same on all meshes: at least three of the coarsest cells away from a source.
  const auto far = [&](const Point<3> &p) {
    return std::all_of(places.begin(), places.end(), [&](const auto &source) { return p.distance(source) > 150.0; });
  };
  const auto exact = [&](const Point<3> &p) {
    double sum = 0.0;
    for (const auto &source : places)
      sum += with_images(p, source);
    return sum;
  };
  const double expected = rate * places.size() / decay; // molecules: production over loss
  return {world.relative_error(0, exact, far), world.fields.amounts()[0] / expected - 1.0,
          world.fields.extremes()[0].minimum};
}

Errors solve(const double cell_size, const std::vector<Point<3>> &places)
{
  return solve(test::block({side, side, side}, cell_size, fraction), places, 0);
}

/// Order and mass of a mesh and the same one refined as a whole.
void check_order_on(const std::string &mesh, const OrganParameters &organ, const std::vector<Point<3>> &places)
{
  const Errors coarse = solve(organ, places, 0), fine = solve(organ, places, 1);
  const std::string name = places.size() == 1 ? "B1" : "B1b";
  INFO(name << ", " << mesh << ": relative L2 errors " << coarse.field << " " << fine.field);
  test::measured(name, "order in space, " + mesh, std::log2(coarse.field / fine.field), "2");
  test::measured(name, "relative error of the total mass, " + mesh, std::abs(fine.mass), "< 1e-9");
  CHECK(std::log2(coarse.field / fine.field) > 1.7);
  for (const auto &errors : {coarse, fine})
    CHECK(std::abs(errors.mass) < 1e-9);
}
} // namespace

TEST_CASE("A point source with decay converges to the Yukawa solution at second order", "[B1]")
{
  const Point<3> middle(300, 300, 300);
  const Errors coarse = solve(50.0, {middle}), medium = solve(25.0, {middle}), fine = solve(12.5, {middle});
  INFO("relative L2 errors " << coarse.field << " " << medium.field << " " << fine.field);
  test::measured("B1", "order in space, 25 to 12.5 um", std::log2(medium.field / fine.field), "2");
  test::measured("B1", "relative L2 error at 12.5 um (screening length 77 um)", fine.field, "< 0.01");
  test::measured("B1", "relative error of the total mass", std::abs(fine.mass), "< 1e-9");
  CHECK(std::log2(coarse.field / medium.field) > 1.7);
  CHECK(std::log2(medium.field / fine.field) > 1.8);
  CHECK(fine.field < 0.01);
  for (const auto &errors : {coarse, medium, fine})
  {
    CHECK(std::abs(errors.mass) < 1e-9);
    CHECK(errors.lowest > 0.0);
  }
}

TEST_CASE("Two sources near a no-flux wall superpose with their images", "[B1]")
{
  const std::vector<Point<3>> places = {{100, 300, 300}, {500, 200, 300}};
  const Errors coarse = solve(50.0, places), medium = solve(25.0, places);
  INFO("relative L2 errors " << coarse.field << " " << medium.field);
  test::measured("B1b", "order in space with two sources and walls, 50 to 25 um",
                 std::log2(coarse.field / medium.field), "2");
  CHECK(std::log2(coarse.field / medium.field) > 1.7);
  CHECK(std::abs(medium.mass) < 1e-9);
}

TEST_CASE("Point sources converge on refined and on bent meshes", "[B1]")
{
  const std::vector<Point<3>> middle = {{300, 300, 300}}, two = {{100, 300, 300}, {500, 200, 300}};
  auto refined = test::block({side, side, side}, 50.0, fraction);
  refined.refined_balls = "300, 300, 300, 60, 1";
  refined.resolve(3, "");
  check_order_on("locally refined", refined, middle);
  check_order_on("locally refined", refined, two);
  const test::WavyMesh<3> bent(6, side, 25.0);
  check_order_on("bent cells", bent.organ(1, fraction), middle);
}
