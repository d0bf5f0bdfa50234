// Diffusion along fibres: the covariance of a spreading Gaussian grows by 2 D T t.
#include "field_world.h"
#include "measured.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double diffusivity = 600.0, side = 640.0, width = 20.0, end = 0.5;

template <int dim>
dealii::SymmetricTensor<2, dim> covariance(const test::FieldWorld<dim> &world)
{
  std::vector<double> sums(1 + dim * dim, 0.0), total(sums);
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  world.fields.for_each_tissue_node([&](const Point<dim> &place, const unsigned int node) {
    const double mass = world.fields.tissue_volume[node] * u[node];
    sums[0] += mass;
    for (unsigned int i = 0; i < dim; ++i)
      for (unsigned int j = 0; j < dim; ++j)
        sums[1 + i * dim + j] += mass * (place[i] - 0.5 * side) * (place[j] - 0.5 * side);
  });
  VecRestoreArrayRead(world.fields.state, &u);
  dealii::Utilities::MPI::sum(sums, MPI_COMM_WORLD, total);
  dealii::SymmetricTensor<2, dim> result;
  for (unsigned int i = 0; i < dim; ++i)
    for (unsigned int j = i; j < dim; ++j)
      result[i][j] = total[1 + i * dim + j] / total[0];
  return result;
}

/// Greatest error of the growth of the covariance, relative to 2 D t.
template <int dim>
double growth_error(const std::vector<double> &factors, const double cell_size)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, 0.0)};
  parameters.fields[0].initial =
      dim == 2 ? "exp(-((x-320)^2 + (y-320)^2) / 800)" : "exp(-((x-320)^2 + (y-320)^2 + (z-320)^2) / 800)";
  auto organ = test::block(std::vector<double>(dim, side), cell_size);
  organ.regions[0].diffusion_factors = factors;
  organ.resolve(dim, "");
  test::FieldWorld<dim> world(organ, parameters);
  const auto before = covariance(world);
  CHECK(before[0][0] == Approx(width * width).epsilon(1e-3));
  for (unsigned int i = 0; i < 8; ++i)
    world.advance(0.125 * end);
  const auto tensor = organ.regions[0].template diffusion_tensor<dim>();
  const auto grown = (covariance(world) - before) / (2.0 * diffusivity * end);
  double worst = 0.0;
  for (unsigned int i = 0; i < dim; ++i)
    for (unsigned int j = i; j < dim; ++j)
      worst = std::max(worst, std::abs(grown[i][j] - tensor[i][j]));
  return worst;
}
} // namespace

TEST_CASE("A Gaussian spreads with the tensor of its region", "[tensor]")
{
  // The scheme is exact for second moments; what is left has reached the walls: one backward-Euler step of 1/16 min has
  // tails exp(-x / 9 um), eight of them leave x^7 exp(-x / 9 um) / 7! there, about 1e-7, times (320 um)^2 / (2 D t).
  const double isotropic = growth_error<2>({}, 16.0), flat = growth_error<2>({2.0, 0.5, 0.6}, 16.0),
               solid = growth_error<3>({1.5, 0.8, 0.5, 0.4, -0.2, 0.1}, 20.0);
  INFO("isotropic " << isotropic << ", 2-D " << flat << ", 3-D " << solid);
  test::measured("tensor", "growth of the covariance over 2 D t, greatest error, 2-D", flat, "< 1e-5");
  test::measured("tensor", "growth of the covariance over 2 D t, greatest error, 3-D", solid, "< 1e-5");
  CHECK(isotropic < 1e-5);
  CHECK(flat < 1e-5);
  CHECK(solid < 1e-5);
}
