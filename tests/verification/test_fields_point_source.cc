// B1 and B1b: steady point source with decay in a box with no-flux walls, against the Yukawa solution (in 2-D a line
// source against Bessel's K0) and its images.
#include "measured.h"
#include "meshes.h"

#include "control/units.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double diffusivity = 600.0, decay = 0.1, rate = 1000.0, fraction = 0.25, side = 600.0;

/// In boundless tissue; in 2-D per um of the line.
template <int dim>
double yukawa(const double distance)
{
  const double length = std::sqrt(diffusivity / decay),
               strength = units::nanomolar_um3 * rate / (fraction * diffusivity);
  return dim == 2 ? strength / (2.0 * M_PI) * std::cyl_bessel_k(0.0, distance / length)
                  : strength / (4.0 * M_PI * distance) * std::exp(-distance / length);
}

/// The source and its images at the walls of the box; those beyond 1600 um are left out: exp(-1600 / 77) is below 1e-9.
template <int dim>
double with_images(const Point<dim> &place, const Point<dim> &source)
{
  constexpr int deep = 2, along_axis = 2 * (2 * deep + 1);
  double sum = 0.0;
  for (int number = 0; number < (dim == 2 ? along_axis * along_axis : along_axis * along_axis * along_axis); ++number)
  {
    Point<dim> image;
    for (int d = 0, digits = number; d < dim; ++d, digits /= along_axis)
      image[d] = 2.0 * (digits % along_axis / 2 - deep) * side + (digits % 2 == 0 ? 1.0 : -1.0) * source[d];
    const double distance = place.distance(image);
    sum += distance < 1600.0 ? yukawa<dim>(distance) : 0.0;
  }
  return sum;
}

struct Errors
{
  double field, mass, lowest;
};

template <int dim>
Errors solve(const OrganParameters &organ, const std::vector<Point<dim>> &places, const unsigned int whole_refinements)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, decay)};
  parameters.fields[0].quasi_steady = true;
  test::FieldWorld<dim> world(organ, parameters, {}, MPI_COMM_WORLD, whole_refinements);
  for (const auto &place : places)
    world.add_source(0, place, rate);
  world.advance(1.0);

  // The region is the same on all meshes: at least three of the coarsest cells away from a source.
  const auto far = [&](const Point<dim> &p) {
    return std::all_of(places.begin(), places.end(), [&](const auto &source) { return p.distance(source) > 150.0; });
  };
  const auto exact = [&](const Point<dim> &p) {
    double sum = 0.0;
    for (const auto &source : places)
      sum += with_images<dim>(p, source);
    return sum;
  };
  const double expected = rate * places.size() / decay; // molecules: production over loss
  return {world.relative_error(0, exact, far), world.fields.amounts()[0] / expected - 1.0,
          world.fields.extremes()[0].minimum};
}

template <int dim>
OrganParameters uniform(const double cell_size)
{
  return test::block(std::vector<double>(dim, side), cell_size, fraction);
}

/// Order and mass of a mesh and the same one refined as a whole: once, and thrice in 2-D. Cells that are not yet small
/// against the screening length of 77 um leave the order a little below 2.
template <int dim>
void check_order_on(const std::string &mesh, const OrganParameters &organ, const std::vector<Point<dim>> &places)
{
  std::vector<Errors> errors;
  for (unsigned int whole_refinements = 0; whole_refinements < (dim == 2 ? 4 : 2); ++whole_refinements)
    errors.push_back(solve<dim>(organ, places, whole_refinements));
  const std::string name = places.size() == 1 ? "B1" : "B1b", where = mesh + ", " + std::to_string(dim) + "-D";
  const Errors &coarse = errors[errors.size() - 2], &fine = errors.back();
  INFO(name << ", " << where << ": relative L2 errors " << coarse.field << " " << fine.field);
  test::measured(name, "order in space, " + where, std::log2(coarse.field / fine.field), "2");
  test::measured(name, "relative error of the total mass, " + where, std::abs(fine.mass), "< 1e-9");
  CHECK(std::log2(coarse.field / fine.field) > (dim == 2 ? 1.9 : 1.7));
  for (const auto &each : errors)
    CHECK(std::abs(each.mass) < 1e-9);
}

template <int dim>
void check_uniform()
{
  constexpr double finest = dim == 2 ? 6.25 : 12.5;
  Point<dim> middle;
  for (int d = 0; d < dim; ++d)
    middle[d] = 0.5 * side;
  const auto error = [&](const double cell_size) { return solve<dim>(uniform<dim>(cell_size), {middle}, 0); };
  const Errors coarse = error(4.0 * finest), medium = error(2.0 * finest), fine = error(finest);
  INFO(dim << "-D, relative L2 errors " << coarse.field << " " << medium.field << " " << fine.field);
  const std::string where = ", " + std::to_string(dim) + "-D, cells of " + (dim == 2 ? "6.25" : "12.5") + " um";
  test::measured("B1", "order in space" + where, std::log2(medium.field / fine.field), "2");
  test::measured("B1", "relative L2 error (screening length 77 um)" + where, fine.field, "< 0.01");
  test::measured("B1", "relative error of the total mass" + where, std::abs(fine.mass), "< 1e-9");
  CHECK(std::log2(coarse.field / medium.field) > 1.7);
  CHECK(std::log2(medium.field / fine.field) > 1.8);
  CHECK(fine.field < 0.01);
  for (const auto &errors : {coarse, medium, fine})
  {
    CHECK(std::abs(errors.mass) < 1e-9);
    CHECK(errors.lowest > 0.0);
  }
}

/// One source in the middle, and two of which one is near a wall: on meshes refined at the former, and bent.
template <int dim>
void check_other_meshes()
{
  std::vector<Point<dim>> places(3);
  for (int d = 0; d < dim; ++d)
    for (auto &place : places)
      place[d] = 0.5 * side;
  places[1][0] = 100.0;
  places[2][0] = 500.0;
  places[2][1] = 200.0;
  check_order_on<dim>("uniform", uniform<dim>(50.0), {places[1], places[2]});
  const test::OtherMeshes<dim> meshes(12, side, dim == 2 ? "300, 300, 60" : "300, 300, 300, 60", fraction);
  for (const auto &[mesh, organ] : meshes)
  {
    auto moved = places;
    if (organ.shape == "mesh file")
      for (auto &place : moved)
        place = meshes.bent(place);
    check_order_on<dim>(mesh, organ, {moved[0]});
    check_order_on<dim>(mesh, organ, {moved[1], moved[2]});
  }
}
} // namespace

TEST_CASE("A point source with decay converges to the Yukawa solution at second order", "[B1]")
{
  check_uniform<2>();
  check_uniform<3>();
}

TEST_CASE("Sources at walls superpose with their images, on refined and on bent meshes too", "[B1]")
{
  check_other_meshes<2>();
  check_other_meshes<3>();
}
