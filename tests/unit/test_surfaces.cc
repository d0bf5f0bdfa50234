#include "control/input_error.h"
#include "field_world.h"
#include "organ/surface_faults.h"
#include "organ/surface_file.h"
#include "organ/surface_shape.h"
#include "triangle_surfaces.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>
#include <random>

using namespace nidus;
using test::region;

TEST_CASE("A closed surface encloses what is inside, also straight below its points and edges", "[geometry]")
{
  // An octahedron: |x| + |y| + |z| < 1. Many of the points lie exactly below corners and edges.
  Triangles octahedron;
  octahedron.points = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
  for (const auto &[x, y] : {std::pair{0u, 2u}, {2u, 1u}, {1u, 3u}, {3u, 0u}})
  {
    octahedron.corners.push_back({{x, y, 4u}});
    octahedron.corners.push_back({{y, x, 5u}});
  }
  const ClosedSurface surface(octahedron);
  CHECK(surface.volume() == Approx(4.0 / 3.0));
  unsigned int wrong = 0, asked = 0;
  for (int i = -6; i <= 6; ++i)
    for (int j = -6; j <= 6; ++j)
      for (int k = -6; k <= 6; ++k)
        if (std::abs(i) + std::abs(j) + std::abs(k) != 4)
        {
          const bool inside = std::abs(i) + std::abs(j) + std::abs(k) < 4;
          wrong += surface.encloses(dealii::Point<3>(0.25 * i, 0.25 * j, 0.25 * k)) != inside ? 1 : 0;
          ++asked;
        }
  CHECK(asked > 2000);
  CHECK(wrong == 0);
}

TEST_CASE("Boxes meet a surface exactly when a triangle is in them", "[geometry]")
{
  const ClosedSurface ball(test::ellipsoid(dealii::Tensor<1, 3>({1.0, 1.0, 1.0}), 40));
  std::mt19937 random(1);
  std::uniform_real_distribution<double> place(-1.4, 1.4), edge(0.01, 0.3);
  unsigned int near = 0;
  for (int i = 0; i < 20000; ++i)
  {
    Box box;
    double nearest = 0.0, farthest = 0.0;
    for (unsigned int d = 0; d < 3; ++d)
    {
      box.lower[d] = place(random);
      box.upper[d] = box.lower[d] + edge(random);
      const double low = std::clamp(0.0, box.lower[d], box.upper[d]);
      const double high = std::max(std::abs(box.lower[d]), std::abs(box.upper[d]));
      nearest += low * low;
      farthest += high * high;
    }
    // The facets are between the radii 1 - 0.004 and 1.
    if (farthest < 0.99 || nearest > 1.0)
      CHECK_FALSE(ball.meets(box));
    else if (farthest > 1.001 && nearest < 0.99)
    {
      CHECK(ball.meets(box));
      ++near;
    }
  }
  CHECK(near > 300);
}

TEST_CASE("Surfaces are read from all formats alike", "[geometry]")
{
  const auto surface = test::ellipsoid(dealii::Tensor<1, 3>({3.0, 2.0, 1.0}), 8);
  for (const char *name : {"ellipsoid.stl", "ellipsoid.ply", "ellipsoid.obj"})
  {
    INFO(name);
    test::write(surface, name);
    const Triangles read = read_surface(name, "File");
    CHECK(read.points.size() == surface.points.size());
    CHECK(read.corners.size() == surface.corners.size());
    CHECK(find_faults(read).is_closed());
    CHECK(find_faults(read).crossing.empty());
    CHECK(ClosedSurface(read).volume() == Approx(ClosedSurface(surface).volume()));
    std::remove(name);
  }
}

TEST_CASE("Corners of .obj files are there", "[geometry]")
{
  const std::string name = "corners.obj", textures = "vt 0 0\r\nvt 1 1\r\n", normals = "vn 0 0 1\r\n";
  // Of a tetrahedron, with what follows each corner, and the last face.
  const auto write = [&](const std::string &others, const std::string &more, const std::string &last) {
    std::ofstream out(name);
    out << "v 0 0 0\r\nv 1 0 0\r\nv 0 1 0\r\nv 0 0 1\r\n" << others;
    for (const char *face : {"132", "124", "234"})
      out << "f " << face[0] << more << " " << face[1] << more << " " << face[2] << more << "\r\n";
    out << "f " << last << "\n";
  };
  const std::vector<std::array<std::string, 3>> good = {{{"", "", "1 4 3"}},
                                                        {{"", "", "-4 -1 -2"}},
                                                        {{textures, "/2", "1/1 4/2 3/1"}},
                                                        {{normals, "//1", "1//1 4//1 3//1"}},
                                                        {{textures + normals, "/2/1", "1/1/1 4/2/1 3/1/1"}}};
  for (const auto &[others, more, last] : good)
  {
    INFO(last);
    write(others, more, last);
    CHECK(read_surface(name, "File").corners.size() == 4);
  }
  for (const char *last : {"1/1 4/3 3/1", "1//1 4//2 3//1", "1 5 3", "1 0 3", "1 -5 3", "1 4x 3", "1/ 4/ 3/",
                           "1/1 4/-1 3/1", "1/1/1/1 4 3"})
  {
    INFO(last);
    write(textures + normals, "", last);
    CHECK_THROWS_WITH(read_surface(name, "File"), Catch::Contains("has corners that are not there"));
  }
  std::remove(name.c_str());
}

TEST_CASE("Open, branched and crossing edges are found and named", "[geometry]")
{
  const auto ball = test::ellipsoid(dealii::Tensor<1, 3>({1.0, 1.0, 1.0}), 6);
  CHECK(find_faults(ball).is_closed());
  CHECK(find_faults(ball).crossing.empty());

  auto open = ball;
  open.corners.pop_back();
  CHECK(find_faults(open).open.size() == 3);
  CHECK_THAT(find_faults(open).text(), Catch::Contains("3 open edges, at ("));

  auto twice = ball;
  twice.corners.push_back(twice.corners.front());
  CHECK(find_faults(twice).branched.size() == 3);

  // Two balls that overlap, and the same apart.
  const auto with_other = [&](const double distance) {
    Triangles both = ball;
    const auto other = test::ellipsoid(dealii::Tensor<1, 3>({1.0, 1.0, 1.0}), 6, dealii::Point<3>(distance, 0.1, 0.05));
    const auto first = static_cast<unsigned int>(both.points.size());
    both.points.insert(both.points.end(), other.points.begin(), other.points.end());
    for (const auto &corners : other.corners)
      both.corners.push_back({{corners[0] + first, corners[1] + first, corners[2] + first}});
    return find_faults(both);
  };
  CHECK(with_other(1.5).is_closed());
  CHECK(with_other(1.5).crossing.size() > 4);
  CHECK(with_other(2.5).crossing.empty());
}

TEST_CASE("A surface within a surface is a region within a region", "[geometry]")
{
  test::write(test::ellipsoid(dealii::Tensor<1, 3>({1.0, 1.0, 1.0}), 24), "outer.obj");
  test::write(test::ellipsoid(dealii::Tensor<1, 3>({0.5, 0.5, 0.5}), 24), "inner.obj");
  OrganParameters parameters;
  parameters.shape = "surface";
  parameters.cell_size = 200.0;
  parameters.wall_refinements = 2;
  parameters.surface.surfaces = {"vein: inner.obj", "parenchyma: outer.obj"};
  parameters.surface.length_unit = "mm";
  parameters.surface.resolve("");
  parameters.regions = {region("parenchyma", true), region("vein", false)};
  const Organ<3> organ(MPI_COMM_SELF, parameters);
  const double ball = 4.0 / 3.0 * M_PI * 1e9;
  CHECK(organ.smallest_edge() == Approx(50.0));
  CHECK(organ.largest_edge() == Approx(200.0));
  // Names in the order of the file: outside, vein, parenchyma.
  CHECK(organ.region_volumes()[1] == Approx(ball / 8.0).epsilon(0.03));
  CHECK(organ.region_volumes()[2] == Approx(ball * 7.0 / 8.0).epsilon(0.03));
  std::remove("outer.obj");
  std::remove("inner.obj");
}
