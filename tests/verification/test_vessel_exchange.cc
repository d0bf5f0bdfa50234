// B2, B2b for vessels as lines: Krogh's cylinder with a line source against Bessel functions, explicit walls and
// homogenised vessels; nothing is exchanged twice.
#include "field_world.h"
#include "measured.h"

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
  /// What enters through the wall decays in the tissue.
  double mean() const
  {
    return 2.0 * vessel * permeability * (1.0 - at(vessel)) / (decay * (outer * outer - vessel * vessel));
  }
};

/// A disc of tissue with radius 100 um, one layer of cells: a core of square cells with the edge @p edge, and rings
/// that go over to the circle. The centre is a node, or the centre of a cell, or where @p shift (edges) puts it.
void write_disc(const std::string &file, const double edge)
{
  constexpr unsigned int rings_per_core = 1;
  const auto half = static_cast<int>(std::lround(50.0 / edge)); // cells from the axis to the side of the core
  const int n = 2 * half, rings = static_cast<int>(rings_per_core * std::lround(50.0 / edge));
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

struct Compared
{
  double mean, worst; ///< over exact; greatest relative error outside of @p beyond
};

/// The steady state of B2 on a disc whose cells have the edge @p edge; the axis is shifted by @p shift edges, and so is
/// everything it is compared with (the outer wall is not: small shifts only).
Compared krogh_with_line(const Krogh &exact, const double edge, const Point<2> &shift)
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
  world.advance(1.0, {1.0});
  const double beyond = std::max(2.5 * edge, 2.0 * vessel);
  double worst = 0.0;
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  world.fields.for_each_tissue_node([&](const Point<3> &place, const unsigned int node) {
    const double r = std::hypot(place[0] - axis[0], place[1] - axis[1]);
    if (r > beyond && r < 0.8 * outer)
      worst = std::max(worst, std::abs(u[node] / exact.at(r) - 1.0));
  });
  VecRestoreArrayRead(world.fields.state, &u);
  worst = dealii::Utilities::MPI::max(worst, MPI_COMM_WORLD);
  return {world.fields.extremes()[0].mean / exact.mean(), worst};
}
} // namespace

TEST_CASE("A line vessel makes the field of Krogh's cylinder, wherever it is in the cells", "[B2line]")
{
  // Walls that let through little and much: P r / D = 0.014 of B2, and 1.4, where diffusion limits the exchange.
  for (const double permeability : {10.0, 1000.0})
    for (const double edge : {25.0, 12.5, 6.25})
      for (const Point<2> &shift : {Point<2>(0, 0), Point<2>(0.5, 0.5), Point<2>(0.5, 0), Point<2>(0.3, 0.2)})
      {
        const auto seen = krogh_with_line({permeability, 0.5}, edge, shift);
        char what[120];
        std::snprintf(what, sizeof what, "P %g, h %g, axis at (%g, %g) h: mean over exact", permeability, edge,
                      shift[0], shift[1]);
        test::measured("B2line", what, seen.mean, "1");
        std::snprintf(what, sizeof what, "P %g, h %g, axis at (%g, %g) h: greatest error beyond 2.5 h", permeability,
                      edge, shift[0], shift[1]);
        test::measured("B2line", what, seen.worst, "0");
      }
}
