#include "field_world.h"
#include "label_images.h"
#include "measured.h"
#include "organ/organ.h"
#include "triangle_surfaces.h"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace nidus;
using test::measured;
using test::region;

namespace
{
/// Root mean square, over several cell sizes near @p cell_size, of the relative error of the volume of the tissue. The
/// error of one mesh depends on how its cells happen to lie at the surface.
double error_of(OrganParameters parameters, const double cell_size)
{
  double squares = 0.0;
  const std::vector<double> factors = {0.85, 0.88, 0.91, 0.94, 0.97, 1.0, 1.03, 1.07, 1.11, 1.15, 1.19};
  for (const double factor : factors)
  {
    parameters.cell_size = factor * cell_size;
    const Organ<3> organ(MPI_COMM_SELF, parameters);
    const double error = organ.region_volumes()[1] / organ.source_volumes()[1] - 1.0;
    squares += error * error;
  }
  return std::sqrt(squares / factors.size());
}

/**
 * Cells that the surface cuts are wrong by half of their volume at most, and they fill a layer of the thickness of a
 * cell's diagonal: the error is below sqrt(3)/2 h A / V. On a curved surface most of it cancels, so that the order is
 * above one; asserted is what the bound promises.
 */
void check_order(const std::string &name, const OrganParameters &parameters, const double coarse,
                 const double area_over_volume)
{
  const double first = error_of(parameters, coarse), second = error_of(parameters, 0.5 * coarse),
               third = error_of(parameters, 0.25 * coarse);
  const double order = 0.5 * std::log2(first / third);
  measured("geometry", name + ", order of the volume", order, "1 or more");
  measured("geometry", name + ", relative error of the volume, finest", third, "below the layer of cut cells");
  CHECK(order > 1.0);
  CHECK(first < 0.87 * coarse * area_over_volume);
  CHECK(second < 0.87 * 0.5 * coarse * area_over_volume);
  CHECK(third < 0.87 * 0.25 * coarse * area_over_volume);
}

OrganParameters organ(const std::string &shape)
{
  OrganParameters parameters;
  parameters.shape = shape;
  parameters.regions = {region("parenchyma", true)};
  return parameters;
}

const dealii::Tensor<1, 3> ball_axes({100.0, 100.0, 100.0}), ellipsoid_axes({150.0, 100.0, 70.0});
/// Area over volume: 3 / R for the ball; Knud Thomsen's formula for the ellipsoid.
constexpr double ball_ratio = 0.03, ellipsoid_ratio = 0.0310;

OrganParameters by_image(const dealii::Tensor<1, 3> &axes, const std::string &file)
{
  // A tilted image, as scanners and atlases give them: 30 degrees around z.
  VoxelGrid grid = test::cube_of_voxels(1.05 * axes[0], 4.0);
  dealii::Tensor<2, 3> turn;
  turn[0][0] = turn[1][1] = std::sqrt(0.75);
  turn[0][1] = -0.5;
  turn[1][0] = 0.5;
  turn[2][2] = 1.0;
  grid.steps = turn * grid.steps;
  grid.origin = dealii::Point<3>(turn * grid.origin);
  test::write_nifti(test::draw(grid,
                               [&](const dealii::Point<3> &point) {
                                 double squared = 0.0;
                                 for (unsigned int d = 0; d < 3; ++d)
                                   squared += point[d] / axes[d] * (point[d] / axes[d]);
                                 return squared < 1.0 ? 4u : 1u;
                               }),
                    file);
  auto parameters = organ("label image");
  parameters.label_image.file = file;
  parameters.label_image.regions = {"parenchyma: 4"};
  parameters.label_image.resolve("");
  return parameters;
}

OrganParameters by_surface(const dealii::Tensor<1, 3> &axes, const std::string &file)
{
  test::write(test::ellipsoid(axes, 24), file);
  auto parameters = organ("surface");
  parameters.surface.surfaces = {"parenchyma: " + file};
  parameters.surface.resolve("");
  return parameters;
}
} // namespace

TEST_CASE("Volumes of balls and ellipsoids converge at first order or better", "[geometry]")
{
  auto ball = organ("ball");
  ball.built_in.ball.radius = 100.0;
  check_order("built-in ball", ball, 40.0, ball_ratio);
  auto ellipsoid = organ("ellipsoid");
  ellipsoid.built_in.ellipsoid.semi_axes = {150.0, 100.0, 70.0};
  check_order("built-in ellipsoid", ellipsoid, 40.0, ellipsoid_ratio);
}

TEST_CASE("Volumes of label images converge at first order or better", "[geometry]")
{
  // The area of voxels is up to 1.5 times that of a ball.
  check_order("ball in a label image", by_image(ball_axes, "ball.nii.gz"), 40.0, 1.5 * ball_ratio);
  check_order("ellipsoid in a label image", by_image(ellipsoid_axes, "ellipsoid.nii.gz"), 40.0, 1.5 * ellipsoid_ratio);
  std::remove("ball.nii.gz");
  std::remove("ellipsoid.nii.gz");
}

TEST_CASE("Volumes of surfaces converge at first order or better", "[geometry]")
{
  check_order("ball in a surface", by_surface(ball_axes, "ball.stl"), 40.0, ball_ratio);
  check_order("ellipsoid in a surface", by_surface(ellipsoid_axes, "ellipsoid.obj"), 40.0, ellipsoid_ratio);
  std::remove("ball.stl");
  std::remove("ellipsoid.obj");
}

TEST_CASE("An image of a ball has the volume of the ball as its voxels get finer", "[geometry]")
{
  // The mesh follows the voxels: image and mesh together against the ball itself.
  std::vector<double> errors;
  const double exact = 4.0 / 3.0 * M_PI * 1e6;
  for (const double edge : {20.0, 5.0})
  {
    double squares = 0.0;
    const std::vector<double> factors = {0.9, 0.95, 1.0, 1.05, 1.1};
    for (const double factor : factors)
    {
      const auto image = test::draw(test::cube_of_voxels(105.0, factor * edge), [](const dealii::Point<3> &point) {
        return point.distance(dealii::Point<3>()) < 100.0 ? 4u : 1u;
      });
      test::write_nrrd(image, "finer_ball.nrrd", true);
      auto parameters = organ("label image");
      parameters.cell_size = factor * edge;
      parameters.label_image.file = "finer_ball.nrrd";
      parameters.label_image.regions = {"parenchyma: 4"};
      parameters.label_image.resolve("");
      const double error = Organ<3>(MPI_COMM_SELF, parameters).region_volumes()[1] / exact - 1.0;
      squares += error * error;
    }
    errors.push_back(std::sqrt(squares / factors.size()));
  }
  const double order = 0.5 * std::log2(errors[0] / errors[1]);
  measured("geometry", "image of a ball against the ball, order", order, "1 or more");
  CHECK(order > 1.0);
  std::remove("finer_ball.nrrd");
}
