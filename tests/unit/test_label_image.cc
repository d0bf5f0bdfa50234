#include "control/input_error.h"
#include "field_world.h"
#include "label_images.h"
#include "organ/label_image.h"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace nidus;
using test::region;

namespace
{
/// An organ in the image @p file; "tissue" has the labels @p tissue, "vein" the label 3.
OrganParameters organ_in(const std::string &file, const std::string &unit = "um", const std::string &tissue = "2 5")
{
  OrganParameters parameters;
  parameters.shape = "label image";
  parameters.cell_size = 1.0;
  parameters.label_image.file = file;
  parameters.label_image.length_unit = unit;
  parameters.label_image.regions = {"tissue: " + tissue, "vein: 3"};
  parameters.label_image.resolve("");
  parameters.regions = {region("tissue", true), region("vein", false)};
  return parameters;
}

/// 5 x 4 x 3 voxels of 2 x 3 x 4: the first axis points along -y, the second along +z, the third along -x.
test::Labels turned_image()
{
  VoxelGrid grid;
  grid.size = {{5, 4, 3}};
  grid.origin = dealii::Point<3>(10.0, 20.0, 30.0);
  grid.steps[1][0] = -2.0;
  grid.steps[2][1] = 3.0;
  grid.steps[0][2] = -4.0;
  test::Labels image{grid, {}};
  for (unsigned int voxel = 0; voxel < 60; ++voxel)
    image.label.push_back(static_cast<std::uint8_t>((voxel * voxel + voxel / 7) % 7));
  return image;
}

void check_places(const test::Labels &image, const OrganParameters &parameters, const double unit)
{
  const LabelImage<3> shape(parameters);
  CHECK(shape.region_names() == std::vector<std::string>{"outside", "tissue", "vein"});
  std::size_t voxel = 0, wrong = 0;
  std::vector<double> volumes(3, 0.0);
  for (std::size_t k = 0; k < image.grid.size[2]; ++k)
    for (std::size_t j = 0; j < image.grid.size[1]; ++j)
      for (std::size_t i = 0; i < image.grid.size[0]; ++i, ++voxel)
      {
        const unsigned int label = image.label[voxel];
        const unsigned int expected = label == 2 || label == 5 ? 1 : label == 3 ? 2 : 0;
        volumes[expected] += expected == 0 ? 0.0 : 24.0 * unit * unit * unit;
        // The centre and points near all corners.
        for (unsigned int corner = 0; corner < 9; ++corner)
        {
          dealii::Tensor<1, 3> place({double(i), double(j), double(k)});
          for (unsigned int d = 0; d < 3 && corner < 8; ++d)
            place[d] += corner >> d & 1u ? 0.49 : -0.49;
          const dealii::Point<3> point(unit * (image.grid.origin + image.grid.steps * place));
          wrong += shape.region(point, 0) != expected ? 1 : 0;
        }
      }
  CHECK(wrong == 0);
  CHECK(shape.region(dealii::Point<3>(unit * 1e3, 0.0, 0.0), 0) == 0);
  for (unsigned int r = 0; r < 3; ++r)
    CHECK(shape.source_volumes()[r] == Approx(volumes[r]));
}
} // namespace

TEST_CASE("Images of all formats honour spacing, origin and orientation", "[geometry]")
{
  const auto image = turned_image();
  const std::string base = "turned_image";
  test::write_vti(image, base + ".vti");
  test::write_nifti(image, base + ".nii");
  test::write_nifti(image, base + ".nii.gz");
  test::write_meta_image(image, base + ".mha", false);
  test::write_meta_image(image, base + "_z.mha", true);
  test::write_meta_image(image, base + ".mhd", true, base + ".zraw");
  test::write_nrrd(image, base + ".nrrd", false);
  test::write_nrrd(image, base + "_gz.nrrd", true);
  for (const char *ending : {".vti", ".nii", ".nii.gz", ".mha", "_z.mha", ".mhd", ".nrrd", "_gz.nrrd"})
  {
    INFO(ending);
    check_places(image, organ_in(base + ending), 1.0);
    auto scaled = organ_in(base + ending, "mm");
    scaled.label_image.scale = 0.5;
    check_places(image, scaled, 500.0);
    std::remove((base + ending).c_str());
  }
  std::remove((base + ".zraw").c_str());
}

TEST_CASE("A box of an image is uniform exactly if all of its voxels are", "[geometry]")
{
  // One voxel of another region within a large box: no probe at corners or centre sees it.
  VoxelGrid grid = test::cube_of_voxels(10.0, 1.0);
  const auto image = test::draw(grid, [](const dealii::Point<3> &point) {
    return point.distance(dealii::Point<3>(3.5, 2.5, -4.5)) < 0.1 ? 3u : 2u;
  });
  test::write_nrrd(image, "one_voxel.nrrd", false);
  const LabelImage<3> shape(organ_in("one_voxel.nrrd", "um", "2"));
  const auto box = [](const double low, const double high) {
    return dealii::BoundingBox<3>({dealii::Point<3>(low, low, low), dealii::Point<3>(high, high, high)});
  };
  CHECK_FALSE(shape.is_uniform(box(-9.0, 9.0)));
  CHECK(shape.is_uniform(box(-9.0, 1.9)));
  CHECK_FALSE(shape.is_uniform(box(5.0, 11.0))); // sticks out of the image
  CHECK(shape.is_uniform(box(10.5, 20.0)));

  // Wall refinement finds it too: 8 cells of the coarse mesh meet there or not, but that with the voxel is refined.
  auto parameters = organ_in("one_voxel.nrrd", "um", "2");
  parameters.cell_size = 8.0;
  parameters.wall_refinements = 3;
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  CHECK(organ.smallest_edge() == Approx(1.0));
  CHECK(organ.region_volumes()[2] == Approx(1.0));
  std::remove("one_voxel.nrrd");
}

TEST_CASE("Coarse cells that miss the organ are left out, and no pinch is left", "[geometry]")
{
  // Balls whose blocks meet at edges: the coarse mesh must be one that p4est can refine.
  const auto image = test::draw(test::cube_of_voxels(100.0, 5.0), [](const dealii::Point<3> &point) {
    const dealii::Tensor<1, 3> half({50.0, 50.0, 0.0});
    const auto in = [&](const dealii::Point<3> &p) { return p.distance(dealii::Point<3>()) < 48.0; };
    return in(point - half) || in(point + half) ? 2u : point.distance(dealii::Point<3>(75, -75, 75)) < 20.0 ? 3u : 0u;
  });
  test::write_nifti(image, "two_balls.nii.gz");
  auto parameters = organ_in("two_balls.nii.gz", "um", "2");
  parameters.cell_size = 12.5;
  parameters.refinements = 2;
  parameters.wall_refinements = 1;
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  CHECK(organ.triangulation().n_cells(0) < 64);
  CHECK(organ.tissue_volume() == Approx(organ.source_volumes()[1]).epsilon(0.05));
  std::remove("two_balls.nii.gz");
}

TEST_CASE("A slice is an organ in two dimensions", "[geometry]")
{
  VoxelGrid grid = test::cube_of_voxels(20.0, 1.0);
  grid.size[2] = 1;
  const auto image = test::draw(grid, [](const dealii::Point<3> &point) {
    const double r = std::hypot(point[0], point[1]);
    return r < 5.0 ? 3u : r < 18.0 ? 2u : 0u;
  });
  test::write_meta_image(image, "slice.mha", false);
  auto parameters = organ_in("slice.mha", "um", "2");
  const Organ<2> organ(MPI_COMM_SELF, parameters);
  const LabelImage<2> shape(parameters);
  // Cells are the voxels.
  for (unsigned int r = 1; r < 3; ++r)
    CHECK(organ.region_volumes()[r] == Approx(shape.source_volumes()[r]));
  CHECK(organ.region_volumes()[2] == Approx(M_PI * 25.0).epsilon(0.1));
  std::remove("slice.mha");
}

TEST_CASE("An image in the wrong unit is warned of", "[geometry]")
{
  const auto image = turned_image(); // some 10 units long
  test::write_nifti(image, "wrong_unit.nii");
  CHECK_THAT(LabelImage<3>(organ_in("wrong_unit.nii")).warnings().at(0), Catch::Contains("10 um"));
  auto metres = organ_in("wrong_unit.nii", "m");
  metres.cell_size = 1e6;
  CHECK_THAT(LabelImage<3>(metres).warnings().at(0), Catch::Contains("10 m"));
  auto right = organ_in("wrong_unit.nii", "mm");
  right.cell_size = 1e3;
  CHECK(LabelImage<3>(right).warnings().empty());
  // With small cells such an organ would need more coarse cells than any computer has.
  auto many = organ_in("wrong_unit.nii", "m");
  many.cell_size = 20.0;
  CHECK_THROWS_WITH(Organ<3>(MPI_COMM_SELF, many), Catch::Contains("Organ/Cell size") && Catch::Contains(" m "));
  std::remove("wrong_unit.nii");
}
