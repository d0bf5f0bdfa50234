// B2 and B2b: the tissue cylinder around one vessel (Krogh) with exchange at its wall, against Bessel functions and
// against homogenised vessels.
#include "field_world.h"
#include "measured.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double vessel = 5.0, outer = 100.0, diffusivity = 3600.0;

/// Steady concentration at distance @p r for blood at 1 nM: permeability P, decay k, no flux at the outer radius.
double krogh(const double r, const double permeability, const double decay)
{
  const double length = std::sqrt(diffusivity / decay), b = outer / length, a = vessel / length;
  const auto i0 = [](double x) { return std::cyl_bessel_i(0.0, x); };
  const auto i1 = [](double x) { return std::cyl_bessel_i(1.0, x); };
  const auto k0 = [](double x) { return std::cyl_bessel_k(0.0, x); };
  const auto k1 = [](double x) { return std::cyl_bessel_k(1.0, x); };
  const auto g = [&](double x) { return k1(b) * i0(x / length) + i1(b) * k0(x / length); };
  const double h = i1(b) * k1(a) - k1(b) * i1(a);
  return permeability * g(r) / (permeability * g(vessel) + diffusivity / length * h);
}

/// A quarter of the ring as a file of Gmsh: @p n cells along the arc and 3 n graded ones along the radius; in 3-D a
/// slab of one cell.
template <int dim>
void write_ring(const std::string &file, const unsigned int n)
{
  const unsigned int n_r = 3 * n, n_a = n, layers = dim == 3 ? 2 : 1;
  const auto node = [&](unsigned int i, unsigned int j, unsigned int k) {
    return 1 + i + (n_r + 1) * (j + (n_a + 1) * k);
  };
  std::ofstream out(file);
  out.precision(17);
  out << "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n" << (n_r + 1) * (n_a + 1) * layers << "\n";
  for (unsigned int k = 0; k < layers; ++k)
    for (unsigned int j = 0; j <= n_a; ++j)
      for (unsigned int i = 0; i <= n_r; ++i)
      {
        const double r = vessel * std::pow(outer / vessel, static_cast<double>(i) / n_r);
        const double angle = 0.5 * M_PI * j / n_a;
        out << node(i, j, k) << " " << r * std::cos(angle) << " " << r * std::sin(angle) << " " << 4.0 * k << "\n";
      }
  out << "$EndNodes\n$Elements\n" << n_a + n_r * n_a << "\n";
  unsigned int number = 0;
  for (unsigned int j = 0; j < n_a; ++j)
  {
    out << ++number << (dim == 3 ? " 3" : " 1") << " 2 2 2 " << node(0, j, 0) << " " << node(0, j + 1, 0);
    if (dim == 3)
      out << " " << node(0, j + 1, 1) << " " << node(0, j, 1);
    out << "\n";
  }
  for (unsigned int j = 0; j < n_a; ++j)
    for (unsigned int i = 0; i < n_r; ++i)
    {
      out << ++number << (dim == 3 ? " 5" : " 3") << " 2 1 1";
      for (unsigned int k = 0; k < layers; ++k)
        out << " " << node(i, j, k) << " " << node(i + 1, j, k) << " " << node(i + 1, j + 1, k) << " "
            << node(i, j + 1, k);
      out << "\n";
    }
  out << "$EndElements\n";
}

template <int dim>
std::unique_ptr<test::FieldWorld<dim>> solve(const unsigned int n, const double permeability, const double decay)
{
  const std::string file = "ring_" + std::to_string(dim) + ".msh";
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    write_ring<dim>(file, n);
  MPI_Barrier(MPI_COMM_WORLD);
  OrganParameters organ;
  organ.shape = "mesh file";
  organ.mesh_file.file = file;
  organ.mesh_file.regions = {{"parenchyma", 1.0}};
  organ.mesh_file.boundaries = {{"vessel", 2.0}};
  organ.regions = {test::region("parenchyma", true)};
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, decay)};
  parameters.fields[0].quasi_steady = true;
  parameters.boundaries = {test::condition("vessel", "Robin", "1", std::to_string(permeability))};
  auto world = std::make_unique<test::FieldWorld<dim>>(organ, parameters);
  MPI_Barrier(MPI_COMM_WORLD);
  std::remove(file.c_str());
  world->advance(1.0);
  return world;
}

/// Relative L2 errors for two meshes, and their order.
template <int dim>
void check_order()
{
  const auto error = [](const unsigned int n) {
    return solve<dim>(n, 10.0, 0.5)
        ->relative_error(
            0, [](const auto &place) { return krogh(std::hypot(place[0], place[1]), 10.0, 0.5); },
            [](const auto &) { return true; });
  };
  const double coarse = error(8), medium = error(16), fine = error(32);
  const std::string where = dim == 2 ? ", 2-D" : ", 3-D slab";
  INFO("errors " << coarse << " " << medium << " " << fine);
  test::measured("B2", "order in space" + where, std::log2(medium / fine), "2");
  test::measured("B2", "relative L2 error, 96 x 32 cells" + where, fine, "< 1e-3");
  CHECK(std::log2(coarse / medium) > 1.9);
  CHECK(std::log2(medium / fine) > 1.9);
  CHECK(fine < 1e-3);
}

/// Value on the x axis at distance @p r, linear between the nodes.
double on_axis(const test::FieldWorld<2> &world, const double r)
{
  double below = 0.0, above = 1e300, low = 0.0, high = 0.0;
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  world.fields.for_each_tissue_node([&](const Point<2> &place, const unsigned int node) {
    if (std::abs(place[1]) > 1e-9)
      return;
    if (place[0] <= r && place[0] > below)
    {
      below = place[0];
      low = u[node];
    }
    if (place[0] > r && place[0] < above)
    {
      above = place[0];
      high = u[node];
    }
  });
  VecRestoreArrayRead(world.fields.state, &u);
  return low + (high - low) * (r - below) / (above - below);
}
} // namespace

TEST_CASE("Exchange with a vessel converges to Krogh's cylinder at second order", "[B2]")
{
  check_order<2>();
  check_order<3>();
}

TEST_CASE("Krogh's cylinder has the quoted concentrations", "[B2]")
{
  const auto world = solve<2>(64, 10.0, 0.5);
  const std::vector<std::pair<double, double>> quoted = {
      {5.011875, 0.047858}, {28.761875, 0.025631}, {99.988125, 0.016199}};
  for (const auto &[r, value] : quoted)
  {
    INFO("at " << r << " um");
    test::measured("B2", "concentration at " + std::to_string(r) + " um [nM]", on_axis(*world, r), value);
    // Half a unit of the last digit that is quoted.
    CHECK(krogh(r, 10.0, 0.5) == Approx(value).margin(5.1e-7));
    CHECK(on_axis(*world, r) == Approx(value).epsilon(1e-3));
  }
}

TEST_CASE("Homogenised vessels exchange what a wall of small permeability exchanges", "[B2b]")
{
  // P R / D = 0.003: the tissue is nearly uniform.
  constexpr double permeability = 0.1, decay = 1e-3;
  const auto world = solve<2>(16, permeability, decay);
  const double explicit_mean = world->fields.extremes()[0].mean;

  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, decay)};
  parameters.fields[0].quasi_steady = true;
  parameters.fields[0].blood_factor = "ligand";
  parameters.fields[0].vascular_exchange =
      2.0 * vessel * permeability / (outer * outer - vessel * vessel); // P times wall per tissue
  test::FieldWorld<2> homogenised(test::block({100.0, 100.0}, 20.0), parameters, {"ligand"});
  homogenised.advance(1.0, {1.0});
  const double mean = homogenised.fields.extremes()[0].mean;
  test::measured("B2b", "mean of homogenised over explicit vessels", mean / explicit_mean, "1 within 0.02");
  CHECK(mean / explicit_mean == Approx(1.0).epsilon(0.02));
}
