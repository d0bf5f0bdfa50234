// Conditions at boundaries against profiles that the scheme reproduces exactly, and periodic blocks.
#include "field_world.h"
#include "measured.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;
using test::condition;

namespace
{
constexpr double diffusivity = 600.0, fraction = 0.25, length = 200.0;

/// A bar along x with finer cells on one side, so that hanging nodes lie on its surface.
template <int dim>
OrganParameters bar()
{
  std::vector<double> size(dim, 100.0);
  size[0] = length;
  auto organ = test::block(size, 25.0, fraction);
  organ.refined_balls = dim == 2 ? "200, 0, 30, 1" : "200, 0, 0, 30, 1";
  organ.resolve(dim, "");
  return organ;
}

/// Greatest difference from @p exact over the nodes of all ranks, relative to the greatest value of @p exact.
template <int dim>
double difference(const test::FieldWorld<dim> &world, const std::function<double(const Point<dim> &)> &exact)
{
  double worst = 0.0, greatest = 0.0;
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  world.fields.for_each_tissue_node([&](const Point<dim> &place, const unsigned int node) {
    worst = std::max(worst, std::abs(u[node * world.fields.n_fields()] - exact(place)));
    greatest = std::max(greatest, std::abs(exact(place)));
  });
  VecRestoreArrayRead(world.fields.state, &u);
  return dealii::Utilities::MPI::max(worst, MPI_COMM_WORLD) / dealii::Utilities::MPI::max(greatest, MPI_COMM_WORLD);
}

template <int dim>
double steady_error(const std::vector<BoundaryCondition> &conditions, const double at_start, const double at_end)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, 0.0)};
  parameters.fields[0].quasi_steady = true;
  parameters.boundaries = conditions;
  test::FieldWorld<dim> world(bar<dim>(), parameters);
  REQUIRE(world.fields.has_hanging_nodes());
  world.advance(1.0);
  return difference<dim>(world, [&](const auto &place) { return at_start + (at_end - at_start) * place[0] / length; });
}

template <int dim>
void check_steady_profiles()
{
  const std::string where = " in " + std::to_string(dim) + "-D";
  const auto check = [&](const std::string &what, const double error) {
    INFO(what << where);
    test::measured("boundaries", what + where + ", greatest relative error", error, "< 1e-8");
    CHECK(error < 1e-8);
  };
  check("value and value",
        steady_error<dim>({condition("x min", "value", "2"), condition("x max", "value", "1")}, 2, 1));
  // phi D slope = flux
  const double slope = 0.3 / (fraction * diffusivity);
  check("value and flux", steady_error<dim>({condition("x min", "value", "2"), condition("x max", "flux", "0.3")}, 2,
                                            2.0 + slope * length));
  // phi D (end - 2) / length = P (5 - end)
  const double conductance = fraction * diffusivity / length, permeability = 1.5;
  check("value and Robin",
        steady_error<dim>(
            {condition("x min", "value", "2"), condition("x max", "Robin", "5", std::to_string(permeability))}, 2,
            (2.0 * conductance + 5.0 * permeability) / (conductance + permeability)));
  // Both ends exchange: three resistances in a row.
  const double current = 4.0 / (1.0 / 0.5 + 1.0 / conductance + 1.0 / permeability);
  check("Robin and Robin", steady_error<dim>({condition("x min", "Robin", "5", "0.5"),
                                              condition("x max", "Robin", "1", std::to_string(permeability))},
                                             5.0 - current / 0.5, 1.0 + current / permeability));
}

/// u = a (x^2 / (2 D) + t) solves the diffusion equation; it is linear in time and quadratic in space, which an
/// implicit step on equal cells reproduces exactly.
template <int dim>
double moving_error(const std::string &kind)
{
  constexpr double a = 0.02, step = 5.0;
  const double at_end = a * length * length / (2.0 * diffusivity), flux = fraction * a * length;
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, 0.0)};
  parameters.fields[0].initial = "0.02 * x^2 / 1200";
  parameters.boundaries = {condition("x min", "value", "0.02 * t")};
  if (kind == "value")
    parameters.boundaries.push_back(condition("x max", "value", std::to_string(at_end) + " + 0.02 * t"));
  else if (kind == "flux")
    parameters.boundaries.push_back(condition("x max", "flux", std::to_string(flux)));
  else
    parameters.boundaries.push_back(
        condition("x max", "Robin", std::to_string(at_end + flux / 2.0) + " + 0.02 * t", "2"));
  std::vector<double> size(dim, 50.0);
  size[0] = length;
  test::FieldWorld<dim> world(test::block(size, 25.0, fraction), parameters);
  for (unsigned int i = 0; i < 4; ++i)
    world.advance(step);
  return difference<dim>(
      world, [&](const auto &place) { return a * (place[0] * place[0] / (2.0 * diffusivity) + 4.0 * step); });
}

/// A periodic problem and the same one shifted along all axes: greatest relative difference of the two fields. The
/// source is at @p place in the first, @p spacing divides all coordinates of nodes.
template <int dim>
double shift_error(const OrganParameters &organ, const OrganParameters &shifted, const double place, const double shift,
                   const double spacing)
{
  const auto solve = [&](const OrganParameters &block, const double at) {
    FieldsParameters parameters;
    parameters.fields = {test::field("ligand", diffusivity, 0.1)};
    parameters.fields[0].quasi_steady = true;
    auto world = std::make_unique<test::FieldWorld<dim>>(block, parameters);
    Point<dim> source;
    for (unsigned int d = 0; d < dim; ++d)
      source[d] = at;
    world->add_source(0, source, 1000.0);
    world->advance(1.0);
    CHECK(world->fields.amounts()[0] == Approx(1000.0 / 0.1).epsilon(1e-9));
    return world;
  };
  const auto first = solve(organ, place), second = solve(shifted, place + shift);
  // Values of the first by their place on the mesh, of all ranks.
  const auto n = static_cast<long>(std::lround(organ.block.size[0] / spacing));
  const auto number = [&](const Point<dim> &at, const double by) {
    long result = 0;
    for (unsigned int d = 0; d < dim; ++d)
      result = result * n + (std::lround((at[d] + by) / spacing) % n + n) % n;
    return static_cast<std::size_t>(result);
  };
  std::vector<double> values(static_cast<std::size_t>(std::pow(n, dim)), 0.0);
  const double *u = nullptr;
  VecGetArrayRead(first->fields.state, &u);
  first->fields.for_each_tissue_node(
      [&](const Point<dim> &at, const unsigned int node) { values[number(at, 0.0)] = u[node]; });
  VecRestoreArrayRead(first->fields.state, &u);
  dealii::Utilities::MPI::sum(values, MPI_COMM_WORLD, values);
  return difference<dim>(*second, [&](const Point<dim> &at) { return values[number(at, -shift)]; });
}

template <int dim>
void check_plane_wave(const unsigned int cells)
{
  constexpr double side = 320.0;
  const double wave = 2.0 * M_PI / side, h = side / cells, rate = diffusivity * wave * wave;
  constexpr unsigned int steps = 100;
  const double dt = 1.0 / (rate * steps);
  auto organ = test::block(std::vector<double>(dim, side), h);
  if (dim == 3)
    organ.block.size = {side, 4.0 * h, 4.0 * h};
  organ.block.periodic_axes = {"x"};
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, 0.0)};
  // Neither even nor odd at the ends, so that a wall would change it.
  parameters.fields[0].initial = "1 + cos(2 * pi * x / 320 + 0.7)";
  test::FieldWorld<dim> world(organ, parameters);
  for (unsigned int i = 0; i < steps; ++i)
    world.advance(dt);
  // Amplitude of the phase that it had; other phases and modes must stay away.
  double amplitude = 0.0, volume = 0.0;
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  world.fields.for_each_tissue_node([&](const auto &place, const unsigned int node) {
    amplitude += 2.0 * world.fields.tissue_volume[node] * u[node] * std::cos(wave * place[0] + 0.7);
    volume += world.fields.tissue_volume[node];
  });
  VecRestoreArrayRead(world.fields.state, &u);
  amplitude =
      dealii::Utilities::MPI::sum(amplitude, MPI_COMM_WORLD) / dealii::Utilities::MPI::sum(volume, MPI_COMM_WORLD);
  const double found = -std::log(amplitude);
  // Leading errors of the exponent: (kh)^2/12 in space, rate dt/2 in time; a tenth more for what follows.
  const double allowed = 1.1 * (std::pow(wave * h, 2) / 12.0 + 0.5 / steps);
  INFO("dim " << dim << ", " << cells << " cells: exponent " << found);
  test::measured("periodic", "decay of a plane wave over exact, " + std::to_string(dim) + "-D", found,
                 "1 within " + std::to_string(allowed));
  CHECK(std::abs(found - 1.0) < allowed);
  CHECK(difference<dim>(world, [&](const auto &place) { return 1.0 + amplitude * std::cos(wave * place[0] + 0.7); }) <
        1e-9);
}

OrganParameters periodic_block(const unsigned int dim, const double cell_size)
{
  auto organ = test::block(std::vector<double>(dim, 160.0), cell_size);
  for (unsigned int d = 0; d < dim; ++d)
    organ.block.periodic_axes.emplace_back(1, "xyz"[d]);
  return organ;
}
} // namespace

TEST_CASE("Linear steady profiles between two ends are exact, across hanging nodes too", "[boundaries]")
{
  check_steady_profiles<2>();
  check_steady_profiles<3>();
}

TEST_CASE("Conditions that change in time are taken at the end of the step", "[boundaries]")
{
  for (const std::string kind : {"value", "flux", "Robin"})
  {
    INFO(kind);
    const double flat = moving_error<2>(kind), solid = moving_error<3>(kind);
    test::measured("boundaries", kind + " that rises with time, greatest relative error", std::max(flat, solid),
                   "< 1e-6");
    // The formulas carry six decimals.
    CHECK(flat < 1e-6);
    CHECK(solid < 1e-6);
  }
}

TEST_CASE("A plane wave decays in a periodic block", "[periodic]")
{
  check_plane_wave<2>(32);
  check_plane_wave<3>(32);
}

TEST_CASE("A source at the corner of a periodic block has the field of one in its middle", "[periodic]")
{
  // With three refinements each axis has one coarse cell, which is its own neighbour.
  for (const unsigned int refinements : {0u, 2u, 3u})
  {
    auto flat = periodic_block(2, 20.0), solid = periodic_block(3, 20.0);
    flat.refinements = solid.refinements = refinements;
    const double errors[] = {shift_error<2>(flat, flat, 80.0, 60.0, 20.0),
                             shift_error<3>(solid, solid, 80.0, 60.0, 20.0)};
    INFO("refinements " << refinements << ": " << errors[0] << " " << errors[1]);
    test::measured("periodic", "source at the corner against source in the middle, 3-D", errors[1], "< 1e-9");
    CHECK(errors[0] < 1e-9);
    CHECK(errors[1] < 1e-9);
  }
}

TEST_CASE("Finer cells at a periodic side act on the other side as in the middle", "[periodic]")
{
  // The ball lies in one cell, at the far corner or in the middle; two levels need balance across the sides.
  for (const std::string levels : {"1", "2"})
  {
    auto flat = periodic_block(2, 20.0), flat_corner = flat, solid = periodic_block(3, 20.0), solid_corner = solid;
    flat.refined_balls = "70, 70, 5, " + levels;
    flat_corner.refined_balls = "150, 150, 5, " + levels;
    solid.refined_balls = "70, 70, 70, 5, " + levels;
    solid_corner.refined_balls = "150, 150, 150, 5, " + levels;
    for (auto *organ : {&flat, &flat_corner})
      organ->resolve(2, "");
    for (auto *organ : {&solid, &solid_corner})
      organ->resolve(3, "");
    const double errors[] = {shift_error<2>(flat, flat_corner, 60.0, 80.0, 5.0),
                             shift_error<3>(solid, solid_corner, 60.0, 80.0, 5.0)};
    INFO("levels " << levels << ": " << errors[0] << " " << errors[1]);
    test::measured("periodic", "finer cells at the corner against in the middle, 3-D", errors[1], "< 1e-9");
    CHECK(errors[0] < 1e-9);
    CHECK(errors[1] < 1e-9);
  }
}
