// Poiseuille flow on networks whose flow is known in closed form.
#include "measured.h"
#include "organ/vessel_flow.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;

namespace
{
constexpr double viscosity = 3.0; // mPa s

/// um^3/min per Pa.
double conductance(const double radius, const double length)
{
  return 60.0 * M_PI * std::pow(radius, 4) / (8.0 * viscosity * 1e-3 * length);
}

VesselNetwork network_of(const std::vector<dealii::Point<3>> &points,
                         const std::vector<VesselNetwork::Segment> &segments,
                         const std::map<std::uint32_t, double> &pressures)
{
  VesselNetwork network;
  network.points = points;
  network.segments = segments;
  network.pressures = pressures;
  network.find_components();
  return network;
}

VesselFlow flow_of(const VesselNetwork &network)
{
  return solve_flow(MPI_COMM_WORLD, network, {viscosity, false});
}

constexpr auto kind = VesselKind::capillary;
} // namespace

TEST_CASE("Vessels in series add their resistances, and the pressure falls in proportion", "[vessels]")
{
  const auto network = network_of({{0, 0, 0}, {100, 0, 0}, {100, 50, 0}}, {{0, 1, 4.0, kind}, {2, 1, 3.0, kind}},
                                  {{0, 105000.0}, {2, 103000.0}});
  const auto flow = flow_of(network);
  const double first = 1.0 / conductance(4.0, 100.0), second = 1.0 / conductance(3.0, 50.0);
  const double expected = 2000.0 / (first + second);
  CHECK(flow.flow[0] == Approx(expected).epsilon(1e-12));
  CHECK(flow.flow[1] == Approx(-expected).epsilon(1e-12)); // against the direction of the segment
  CHECK(flow.pressure[1] == Approx(105000.0 - expected * first).epsilon(1e-12));
  CHECK(flow.inflow == Approx(expected).epsilon(1e-12));
  // Q = pi r^2 v; tau = r/2 times the fall of pressure per length.
  CHECK(flow.velocity(network, 0) == Approx(expected / (M_PI * 16.0)));
  CHECK(flow.wall_shear(network, 0) == Approx(0.5 * 4.0 * (105000.0 - flow.pressure[1]) / 100.0).epsilon(1e-9));
}

TEST_CASE("Parallel vessels share the flow as their conductances", "[vessels]")
{
  const auto network =
      network_of({{0, 0, 0}, {100, 0, 0}}, {{0, 1, 4.0, kind}, {0, 1, 2.0, kind}}, {{0, 3000.0}, {1, 1000.0}});
  const auto flow = flow_of(network);
  CHECK(flow.flow[0] / flow.flow[1] == Approx(16.0));
  CHECK(flow.inflow == Approx(2000.0 * (conductance(4.0, 100.0) + conductance(2.0, 100.0))));
}

TEST_CASE("Wheatstone's bridge, a dead end beside it", "[vessels]")
{
  // Inlet 0, outlet 3, the bridge from 1 to 2; all lengths are 100; 4 is a dead end at 1.
  const double h = 50.0 * std::sqrt(3.0);
  const double r[] = {4.0, 3.0, 2.5, 3.5, 2.0};
  const auto network = network_of({{0, 0, 0}, {h, 50, 0}, {h, -50, 0}, {2 * h, 0, 0}, {h, 150, 0}},
                                  {{0, 1, r[0], kind},
                                   {0, 2, r[1], kind},
                                   {1, 3, r[2], kind},
                                   {2, 3, r[3], kind},
                                   {1, 2, r[4], kind},
                                   {1, 4, 3.0, kind}},
                                  {{0, 2000.0}, {3, 0.0}});
  double g[5];
  for (unsigned int i = 0; i < 5; ++i)
    g[i] = conductance(r[i], 100.0);
  // Two equations for the pressures at 1 and 2.
  const double a = g[0] + g[2] + g[4], d = g[1] + g[3] + g[4], determinant = a * d - g[4] * g[4];
  const double p1 = (d * g[0] + g[4] * g[1]) * 2000.0 / determinant;
  const double p2 = (a * g[1] + g[4] * g[0]) * 2000.0 / determinant;
  const auto flow = flow_of(network);
  CHECK(flow.pressure[1] == Approx(p1).epsilon(1e-12));
  CHECK(flow.pressure[2] == Approx(p2).epsilon(1e-12));
  CHECK(flow.flow[4] == Approx(g[4] * (p1 - p2)).epsilon(1e-10));
  CHECK(std::abs(flow.flow[5]) < 1e-12 * flow.inflow);
  CHECK(flow.imbalance < 1e-12);

  SECTION("a balanced bridge carries nothing")
  {
    auto balanced = network;
    for (unsigned int i = 0; i < 4; ++i)
      balanced.segments[i].radius = i < 2 ? 4.0 : 3.0;
    const auto still = flow_of(balanced);
    CHECK(std::abs(still.flow[4]) < 1e-12 * still.inflow);
  }
}

TEST_CASE("Blood is conserved in a large network, by CG with BoomerAMG too", "[vessels]")
{
  // A lattice of 42^3 points, more unknowns than are factored, with radii over a factor of ten.
  constexpr std::uint32_t n = 42;
  VesselNetwork network;
  const auto index = [&](std::uint32_t i, std::uint32_t j, std::uint32_t k) { return i + n * (j + n * k); };
  for (std::uint32_t k = 0; k < n; ++k)
    for (std::uint32_t j = 0; j < n; ++j)
      for (std::uint32_t i = 0; i < n; ++i)
      {
        network.points.emplace_back(50.0 * i, 50.0 * j, 50.0 * k);
        const std::uint32_t here = index(i, j, k);
        const auto radius = [&](const unsigned int d) {
          return 2.0 * std::pow(10.0, (here * 7u + d * 13u) % 17 / 16.0);
        };
        if (i + 1 < n)
          network.segments.push_back({here, index(i + 1, j, k), radius(0), kind});
        if (j + 1 < n)
          network.segments.push_back({here, index(i, j + 1, k), radius(1), kind});
        if (k + 1 < n)
          network.segments.push_back({here, index(i, j, k + 1), radius(2), kind});
        if (i == 0 || i + 1 == n)
          network.pressures[here] = i == 0 ? 104000.0 : 102000.0;
      }
  network.find_components();
  const auto flow = flow_of(network);
  test::measured("vessels", "conservation at a point, 7e4 unknowns, per inflow", flow.imbalance, "< 1e-12");
  CHECK(flow.imbalance < 1e-12);
  double out = 0.0;
  for (std::size_t s = 0; s < network.segments.size(); ++s)
    if (network.segments[s].second % n == n - 1 && network.segments[s].first % n == n - 2)
      out += flow.flow[s];
  CHECK(out == Approx(flow.inflow).epsilon(1e-10));
}

TEST_CASE("Viscosity in vivo goes to that of wide vessels, and rises in capillaries", "[vessels]")
{
  // The formula is remembered, not read again: these are its limits, not values of the paper.
  CHECK(relative_viscosity_in_vivo(1000.0) == Approx(3.2).epsilon(0.02));
  CHECK(relative_viscosity_in_vivo(6.0) > relative_viscosity_in_vivo(20.0));
  CHECK(BloodViscosity{3.0, false}.at(4.0) == 3.0);
  CHECK(BloodViscosity{1.2, true}.at(4.0) == 1.2 * relative_viscosity_in_vivo(8.0));
}

TEST_CASE("Murray's exponent is found at bifurcations", "[vessels]")
{
  for (const double m : {2.0, 2.7, 3.0})
  {
    const double stem = std::pow(std::pow(4.0, m) + std::pow(3.0, m), 1.0 / m);
    const auto network =
        network_of({{0, 0, 0}, {100, 0, 0}, {200, 50, 0}, {200, -50, 0}},
                   {{0, 1, stem, kind}, {1, 2, 4.0, kind}, {1, 3, 3.0, kind}}, {{0, 2000.0}, {2, 0.0}, {3, 0.0}});
    const auto fit = fit_murray(network, flow_of(network));
    CHECK(fit.bifurcations == 1);
    CHECK(fit.median == Approx(m).epsilon(1e-9));
  }
}
