// B3: a Gaussian that spreads and decays, against the heat kernel.
#include "measured.h"
#include "meshes.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double diffusivity = 600.0, decay = 0.05, width = 60.0, end = 6.0;

/// One octant (quadrant) of the kernel: its symmetry planes are no-flux walls; the far walls are too far to matter.
template <int dim>
double kernel(const Point<dim> &place, const double time)
{
  const double variance = width * width + 2.0 * diffusivity * time;
  return std::pow(width * width / variance, 0.5 * dim) * std::exp(-0.5 * place.square() / variance - decay * time);
}

template <int dim>
double error(const double cell_size, const unsigned int steps, const unsigned int wall_refinements = 0)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, decay)};
  auto organ = test::block(std::vector<double>(dim, 600.0), cell_size);
  organ.wall_refinements = wall_refinements;
  test::FieldWorld<dim> world(organ, parameters);
  world.set(0, [](const auto &place) { return kernel<dim>(place, 0.0); });
  for (unsigned int i = 0; i < steps; ++i)
    world.advance(end / steps);
  return world.relative_error(
      0, [](const auto &place) { return kernel<dim>(place, end); }, [](const auto &) { return true; });
}

template <int dim>
void check_orders()
{
  // dt ~ h^2: the sum of a second-order error in space and a first-order error in time falls by four.
  const double coarse = error<dim>(600.0 / 16, 24), fine = error<dim>(600.0 / 32, 96);
  INFO("dim " << dim << ": errors " << coarse << " " << fine);
  const std::string where = " in " + std::to_string(dim) + "-D";
  test::measured("B3", "error ratio, h and h/2 with dt ~ h^2," + where, coarse / fine, "4");
  CHECK(coarse / fine == Approx(4.0).epsilon(0.1));
  // A fine mesh leaves the error of time alone: first order.
  const double h = 600.0 / (dim == 2 ? 128 : 40);
  const double space = error<dim>(h, 96);
  const double long_steps = error<dim>(h, 3), short_steps = error<dim>(h, 6);
  INFO("steps of 2 and 1 min: " << long_steps << " " << short_steps << ", of 1/16 min: " << space);
  test::measured("B3", "error ratio, steps of 2 and 1 min," + where, long_steps / short_steps, "2");
  CHECK(long_steps / short_steps == Approx(2.0).epsilon(0.15));
}

/// Error ratio of a mesh and the same one refined as a whole, with dt ~ h^2.
template <int dim>
void check_order_on(const std::string &mesh, const OrganParameters &organ)
{
  const auto error_on = [&](const unsigned int whole_refinements, const unsigned int steps) {
    FieldsParameters parameters;
    parameters.fields = {test::field("ligand", diffusivity, decay)};
    test::FieldWorld<dim> world(organ, parameters, {}, MPI_COMM_WORLD, whole_refinements);
    world.set(0, [](const auto &place) { return kernel<dim>(place, 0.0); });
    for (unsigned int i = 0; i < steps; ++i)
      world.advance(end / steps);
    return world.relative_error(
        0, [](const auto &place) { return kernel<dim>(place, end); }, [](const auto &) { return true; });
  };
  const double coarse = error_on(0, dim == 2 ? 24 : 12), fine = error_on(1, dim == 2 ? 96 : 48);
  INFO(mesh << ", " << dim << "-D: " << coarse << " " << fine);
  test::measured("B3", "error ratio, h and h/2 with dt ~ h^2, " + mesh + ", " + std::to_string(dim) + "-D",
                 coarse / fine, "4");
  CHECK(coarse / fine == Approx(4.0).epsilon(0.1));
}

template <int dim>
void check_other_meshes()
{
  const double h = 600.0 / (dim == 2 ? 16 : 12);
  auto refined = test::block(std::vector<double>(dim, 600.0), h);
  refined.refined_balls = dim == 2 ? "0, 0, 150, 1" : "0, 0, 0, 150, 1";
  refined.resolve(dim, "");
  check_order_on<dim>("locally refined", refined);
  // Bent cells of the file, refined by the octree.
  const test::WavyMesh<dim> bent(dim == 2 ? 8 : 6, 600.0, 25.0);
  check_order_on<dim>("bent cells", bent.organ(1));
}
} // namespace

TEST_CASE("A decaying Gaussian follows the heat kernel in 2-D", "[B3]")
{
  check_orders<2>();
}

TEST_CASE("A decaying Gaussian follows the heat kernel in 3-D", "[B3]")
{
  check_orders<3>();
}

TEST_CASE("A decaying Gaussian follows the heat kernel on refined and on bent meshes", "[B3]")
{
  check_other_meshes<2>();
  check_other_meshes<3>();
}
