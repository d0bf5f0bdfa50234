// B2, B2b for vessels as lines: Krogh's cylinder with a line source against Bessel functions, explicit walls and
// homogenised vessels; nothing is exchanged twice.
#include "field_world.h"
#include "measured.h"
#include "meshes.h"

#include "coupling/vessel_walls.h"

#include "control/input_error.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double vessel = 5.0, outer = 100.0, diffusivity = 3600.0;

/// Bessel functions of B2 (outer no-flux radius 100 um, blood at 1 nM), and the mean over the tissue.
struct Krogh
{
  double permeability, decay;

  double length() const { return std::sqrt(diffusivity / decay); }
  double h() const
  {
    const double a = vessel / length(), b = outer / length();
    return std::cyl_bessel_i(1.0, b) * std::cyl_bessel_k(1.0, a) -
           std::cyl_bessel_k(1.0, b) * std::cyl_bessel_i(1.0, a);
  }
  double g(const double r) const
  {
    const double b = outer / length();
    return std::cyl_bessel_k(1.0, b) * std::cyl_bessel_i(0.0, r / length()) +
           std::cyl_bessel_i(1.0, b) * std::cyl_bessel_k(0.0, r / length());
  }
  double at(const double r) const
  {
    return permeability * g(r) / (permeability * g(vessel) + diffusivity / length() * h());
  }
  /// Through the wall of one um of the vessel, nM um^2/min.
  double influx() const { return 2.0 * M_PI * vessel * permeability * (1.0 - at(vessel)); }
  /// What enters through the wall decays in the tissue.
  double mean() const { return influx() / (decay * M_PI * (outer * outer - vessel * vessel)); }
};

/// A disc of tissue with radius 100 um, one layer of cells: a core of square cells with the edge @p edge, and rings
/// that go over to the circle. The centre is a node, or the centre of a cell, or where @p shift (edges) puts it.
void write_disc(const std::string &file, const double edge)
{
  const auto half = static_cast<int>(std::lround(50.0 / edge)); // cells from the axis to the side of the core
  const int n = 2 * half, rings = half;
  std::vector<Point<3>> nodes;
  std::map<std::array<long long, 3>, int> number;
  const auto node = [&](const Point<3> &place) {
    const std::array<long long, 3> key = {
        {std::llround(1e6 * place[0]), std::llround(1e6 * place[1]), std::llround(1e6 * place[2])}};
    const auto [entry, fresh] = number.emplace(key, static_cast<int>(nodes.size()) + 1);
    if (fresh)
      nodes.push_back(place);
    return entry->second;
  };
  std::vector<std::array<int, 8>> cells;
  const auto add = [&](const std::array<Point<3>, 4> &quad) {
    std::array<int, 8> cell;
    for (unsigned int v = 0; v < 4; ++v)
    {
      cell[v] = node(quad[v]);
      cell[v + 4] = node(quad[v] + Point<3>(0, 0, edge));
    }
    cells.push_back(cell);
  };
  const double side = 50.0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
    {
      const double x = -side + i * edge, y = -side + j * edge;
      add({{{x, y, 0}, {x + edge, y, 0}, {x + edge, y + edge, 0}, {x, y + edge, 0}}});
    }
  // A quarter of the rings, turned four times.
  const auto in_ring = [&](const int i, const int ring, const int turns) {
    const double t = -1.0 + 2.0 * i / n, s = static_cast<double>(ring) / rings;
    const Point<2> square(side, side * t), circle(outer * std::cos(0.25 * M_PI * t), outer * std::sin(0.25 * M_PI * t));
    Point<2> place = square + s * (circle - square);
    for (int turn = 0; turn < turns; ++turn)
      place = Point<2>(-place[1], place[0]);
    return Point<3>(place[0], place[1], 0);
  };
  for (int turn = 0; turn < 4; ++turn)
    for (int i = 0; i < n; ++i)
      for (int ring = 0; ring < rings; ++ring)
        add({{in_ring(i, ring, turn), in_ring(i, ring + 1, turn), in_ring(i + 1, ring + 1, turn),
              in_ring(i + 1, ring, turn)}});
  std::ofstream out(file);
  out.precision(17);
  out << "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n" << nodes.size() << "\n";
  for (std::size_t i = 0; i < nodes.size(); ++i)
    out << i + 1 << " " << nodes[i] << "\n";
  out << "$EndNodes\n$Elements\n" << cells.size() << "\n";
  for (std::size_t c = 0; c < cells.size(); ++c)
  {
    out << c + 1 << " 5 2 1 1";
    for (const int v : cells[c])
      out << " " << v;
    out << "\n";
  }
  out << "$EndElements\n";
}

std::shared_ptr<const VesselSystem> line(const Point<3> &from, const Point<3> &to, const double radius = vessel)
{
  auto system = std::make_shared<VesselSystem>();
  system->network.points = {from, to};
  system->network.segments = {{0, 1, radius, VesselKind::capillary}};
  return system;
}

FieldsParameters ligand(const double permeability, const double decay, const double homogenised = 0.0)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, decay)};
  parameters.fields[0].quasi_steady = true;
  parameters.fields[0].blood_factor = "ligand";
  parameters.fields[0].vessel_permeability = permeability;
  parameters.fields[0].vascular_exchange = homogenised;
  return parameters;
}

/// Fields with resolved vessels.
struct World : test::FieldWorld<3>
{
  World(const OrganParameters &organ, const FieldsParameters &parameters, std::shared_ptr<const VesselSystem> vessels)
      : FieldWorld<3>(organ, parameters, {"ligand"}), locator(this->organ), nodes(fields, locator),
        walls(std::move(vessels), locator, nodes, fields)
  {
  }
  CellLocator<3> locator;
  CellNodes<3> nodes;
  VesselWalls<3> walls;
};

/// The steady state of B2 on a disc whose cells have the edge @p edge, with the axis @p shift edges from a node.
struct LineOnDisc
{
  double exchanged; ///< over the exact influx per length
  double worst;     ///< greatest relative error between 2.5 cells (at least two radii) and 80 um from the axis
};

LineOnDisc line_on_disc(const Krogh &exact, const double edge, const Point<2> &shift)
{
  const std::string file = "disc.msh";
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    write_disc(file, edge);
  MPI_Barrier(MPI_COMM_WORLD);
  OrganParameters organ;
  organ.shape = "mesh file";
  organ.mesh_file.file = file;
  organ.mesh_file.regions = {{"parenchyma", 1.0}};
  organ.regions = {test::region("parenchyma", true)};
  const Point<3> axis(shift[0] * edge, shift[1] * edge, 0);
  World world(organ, ligand(exact.permeability, exact.decay), line(axis, axis + Point<3>(0, 0, edge)));
  MPI_Barrier(MPI_COMM_WORLD);
  std::remove(file.c_str());
  const auto report = world.advance(1.0, {1.0});
  const double beyond = std::max(2.5 * edge, 2.0 * vessel);
  double worst = 0.0;
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  world.fields.for_each_tissue_node([&](const Point<3> &place, const unsigned int node) {
    const double r = std::hypot(place[0] - axis[0], place[1] - axis[1]);
    if (r > beyond && r < 80.0)
      worst = std::max(worst, std::abs(u[node] / exact.at(r) - 1.0));
  });
  VecRestoreArrayRead(world.fields.state, &u);
  worst = dealii::Utilities::MPI::max(worst, MPI_COMM_WORLD);
  return {report.budget[0].exchanged * world.fields.amount_unit(0) / (exact.influx() * edge), worst};
}

void report(const char *what, const double permeability, const double edge, const double value, const char *reference)
{
  char text[160];
  std::snprintf(text, sizeof text, "P %g um/min, h %g um: %s", permeability, edge, what);
  test::measured("B2line", text, value, reference);
}

/// Sum over nodes of what the blood exchanges per nM, um^3/min, with all vessels.
double total_rate(const FieldSet<3> &fields)
{
  double sum = 0.0;
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
    sum += fields.exchange_rate(node, 0);
  return dealii::Utilities::MPI::sum(sum, MPI_COMM_WORLD);
}
} // namespace

TEST_CASE("A line vessel exchanges what Krogh's cylinder does, wherever it is in cells of any size", "[B2line]")
{
  const std::vector<Point<2>> shifts = {{0, 0}, {0.5, 0.5}, {0.5, 0}, {0.3, 0.2}};
  for (const double permeability : {10.0, 1000.0})
    for (const double edge : {25.0, 12.5, 6.25})
    {
      const Krogh exact = {permeability, 0.5};
      double least = 1e300, most = 0.0;
      for (const auto &shift : shifts)
      {
        const double exchanged = line_on_disc(exact, edge, shift).exchanged;
        least = std::min(least, exchanged);
        most = std::max(most, exchanged);
      }
      report("exchanged over exact, least of four places", permeability, edge, least, "1");
      report("exchanged over exact, most of four places", permeability, edge, most, "1");
      // The criterion of B2b where the wall limits the exchange (P r / D = 0.014). Where diffusion does (1.4), an
      // effective radius that is wrong by a tenth makes 0.1 / (D / (P r) + ln(R / r) - 3/4) = 3.4 %.
      const double tolerance = permeability < 100.0 ? 0.02 : 0.034;
      CHECK(least > 1.0 - tolerance);
      CHECK(most < 1.0 + tolerance);
    }
}

TEST_CASE("Around a line vessel the concentrations are those of Krogh's cylinder", "[B2line]")
{
  const Krogh exact = {10.0, 0.5};
  const double coarse = line_on_disc(exact, 12.5, {0, 0}).worst, fine = line_on_disc(exact, 6.25, {0, 0}).worst;
  report("greatest error beyond 2.5 h", 10.0, 12.5, coarse, "< 0.02");
  report("greatest error beyond 2.5 h", 10.0, 6.25, fine, "< 0.02");
  CHECK(coarse < 0.02);
  CHECK(fine < 0.02);
}

TEST_CASE("Vessels as cylinder, as line and homogenised agree where the wall limits the exchange", "[B2line]")
{
  // P R / D = 0.003, as in B2b; its explicit cylinder agrees with these Bessel functions.
  const Krogh exact = {0.1, 1e-3};
  const double as_line = line_on_disc(exact, 12.5, {0.3, 0.2}).exchanged;
  FieldsParameters parameters =
      ligand(0.0, exact.decay, 2.0 * vessel * exact.permeability / (outer * outer - vessel * vessel));
  test::FieldWorld<3> homogenised(test::block({100.0, 100.0, 50.0}, 25.0), parameters, {"ligand"});
  homogenised.advance(1.0, {1.0});
  const double mean = homogenised.fields.extremes()[0].mean / exact.mean();
  test::measured("B2line", "P R / D 0.003: exchanged by a line over cylinder", as_line, "1 within 0.02");
  test::measured("B2line", "P R / D 0.003: mean with homogenised over cylinder", mean, "1 within 0.02");
  CHECK(as_line == Approx(1.0).epsilon(0.02));
  CHECK(mean == Approx(1.0).epsilon(0.02));
}

TEST_CASE("A vessel that is oblique to the cells exchanges the same on coarse and fine meshes", "[B2line]")
{
  // Diffusion limits the exchange, so the effective radius matters; the fine mesh resolves the wall.
  const auto exchanged = [](const double edge) {
    const auto vessels = line({20, 35, 10}, {180, 160, 190});
    World world(test::block({200.0, 200.0, 200.0}, edge), ligand(1000.0, 0.5), vessels);
    return world.advance(1.0, {1.0}).budget[0].exchanged;
  };
  const double fine = exchanged(5.0);
  for (const double edge : {25.0, 12.5})
  {
    const double ratio = exchanged(edge) / fine;
    report("oblique, exchanged over that with h 5 um", 1000.0, edge, ratio, "1 within 0.05");
    // A tenth of the effective radius as above, and what the mesh makes of the ends of the vessel.
    CHECK(ratio == Approx(1.0).epsilon(0.05));
  }
}

TEST_CASE("Resolved and homogenised vessels together are the exchange of the region, and nothing counts twice",
          "[B2line]")
{
  const double volume = 200.0 * 200.0 * 200.0, wall = 2.0 * M_PI * vessel * 160.0, permeability = 0.5;
  const auto vessels = line({20, 100, 100}, {180, 100, 100});
  // With fast diffusion tissue is no resistance, and rates add up exactly.
  auto parameters = ligand(permeability, 0.0, 2e-3);
  parameters.fields[0].diffusivity = "1e12";
  World both(test::block({200.0, 200.0, 200.0}, 25.0), parameters, vessels);
  CHECK(permeability * wall < 2e-3 * volume);
  CHECK(total_rate(both.fields) == Approx(2e-3 * volume).epsilon(1e-7));

  parameters.fields[0].vascular_exchange = 0.0;
  World only_lines(test::block({200.0, 200.0, 200.0}, 25.0), parameters, vessels);
  CHECK(total_rate(only_lines.fields) == Approx(permeability * wall).epsilon(1e-7));

  SECTION("a rate that is less than what the lines exchange is refused")
  {
    parameters.fields[0].vascular_exchange = 0.9 * permeability * wall / volume;
    CHECK_THROWS_AS(World(test::block({200.0, 200.0, 200.0}, 25.0), parameters, vessels), InputError);
  }
  SECTION("walls that are not in tissue hand their area to those that are")
  {
    // Half of the wall is outside of the block.
    World at_side(test::block({200.0, 200.0, 200.0}, 25.0), parameters, line({20, 0, 100}, {180, 0, 100}));
    CHECK(at_side.walls.part_in_tissue()[0] == Approx(0.5).epsilon(0.1));
    CHECK(total_rate(at_side.fields) == Approx(permeability * wall).epsilon(1e-7));
  }
}

TEST_CASE("Homogenised exchange by region", "[B2line]")
{
  const test::WavyMesh<3> mesh(8, 200.0, 0.0, 100.0);
  auto parameters = ligand(0.0, 0.0);
  parameters.fields[0].exchange = "parenchyma: 1e-3, stroma: 4e-3";
  test::FieldWorld<3> world(mesh.organ(0), parameters, {"ligand"});
  CHECK(total_rate(world.fields) == Approx(4e6 * 1e-3 + 4e6 * 4e-3).epsilon(1e-12));
}

TEST_CASE("The ledger closes with resolved vessels, fields stay positive", "[B2line]")
{
  auto parameters = ligand(2.0, 0.01, 1e-2);
  parameters.fields[0].quasi_steady = false;
  parameters.fields[0].initial_value = 0.0;
  auto organ = test::block({200.0, 200.0, 200.0}, 25.0, 0.25);
  World world(organ, parameters, line({20, 35, 10}, {180, 160, 190}));
  double worst = 0.0;
  for (const double level : {1.0, 1.0, 0.0, 0.0})
  {
    const auto budget = world.advance(7.0, {level}).budget[0];
    worst = std::max(worst, std::abs(budget.residual) / (std::abs(budget.exchanged) + std::abs(budget.change)));
    CHECK(std::abs(budget.exchanged) > 0.0);
    CHECK(world.fields.extremes()[0].minimum >= -1e-12);
  }
  test::measured("B14", "ledger with resolved vessels, greatest relative residual", worst, "< 1e-9");
  CHECK(worst < 1e-9);
}
