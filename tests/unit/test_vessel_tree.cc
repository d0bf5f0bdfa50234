// Trees and meshes of vessels that are made: Murray's law, space filled, the same from the same seed on any ranks.
#include "field_world.h"
#include "measured.h"
#include "organ/vessel_system.h"

#include "control/input_error.h"

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
VesselParameters tree_parameters()
{
  VesselParameters parameters;
  parameters.source = "tree";
  parameters.inlets = "0, 200, 200, 4000";
  parameters.outlets = "400, 200, 200, 1000; 400, 100, 100, 1000";
  parameters.tree.inlet_radius = 20.0;
  parameters.tree.terminal_radius = 4.0;
  parameters.tree.link_length = 40.0;
  parameters.resolve(3, "block", "");
  return parameters;
}

std::shared_ptr<const VesselSystem> in_block(const VesselParameters &parameters, const std::uint64_t seed,
                                             MPI_Comm comm = MPI_COMM_WORLD, const double airway = 0.0)
{
  auto block = test::block({400.0, 400.0, 400.0}, 50.0);
  if (airway > 0.0)
    block = test::with_airway(block, airway);
  const Organ<3> organ(comm, block);
  return make_vessels(organ, parameters, seed);
}

bool same(const VesselNetwork &a, const VesselNetwork &b)
{
  if (a.points != b.points || a.segments.size() != b.segments.size() || a.pressures != b.pressures)
    return false;
  for (std::size_t s = 0; s < a.segments.size(); ++s)
    if (a.segments[s].first != b.segments[s].first || a.segments[s].second != b.segments[s].second ||
        a.segments[s].radius != b.segments[s].radius)
      return false;
  return true;
}
} // namespace

TEST_CASE("Trees obey Murray's law, fill the tissue and carry all blood from inlets to outlets", "[vessels][mpi]")
{
  auto parameters = tree_parameters();
  parameters.tree.murray_exponent = GENERATE(3.0, 2.5);
  const auto vessels = in_block(parameters, 5);
  const auto &network = vessels->network;
  CHECK(network.n_components == 1);
  CHECK(vessels->murray.median == Approx(parameters.tree.murray_exponent).epsilon(1e-6));
  CHECK(vessels->flow.imbalance < 1e-12);
  std::size_t ends = 0;
  double thinnest = 1e300, thickest = 0.0;
  const auto incidence = network.incidence();
  for (const auto &segment : network.segments)
  {
    ends += segment.kind == VesselKind::capillary ? 1 : 0;
    thinnest = std::min(thinnest, segment.radius);
    if (segment.kind == VesselKind::artery)
      thickest = std::max(thickest, segment.radius);
  }
  CHECK(ends == static_cast<std::size_t>(std::lround(std::pow(5.0, parameters.tree.murray_exponent))));
  CHECK(thinnest == 4.0);
  CHECK(thickest == Approx(20.0).epsilon(0.01)); // a whole number of ends
  // Blood flows down the arteries, through every capillary, and down the veins.
  for (std::size_t s = 0; s < network.segments.size(); ++s)
    CHECK(vessels->flow.flow[s] > 0.0);
  // No ball as large as the volume of eight ends is without one.
  const double reach = std::cbrt(8.0 * 400.0 * 400.0 * 400.0 / static_cast<double>(ends));
  for (double x = 50.0; x < 400.0; x += 100.0)
    for (double y = 50.0; y < 400.0; y += 100.0)
      for (double z = 50.0; z < 400.0; z += 100.0)
      {
        double nearest = 1e300;
        for (const auto &segment : network.segments)
          if (segment.kind == VesselKind::capillary)
            nearest = std::min(nearest, network.points[segment.first].distance(dealii::Point<3>(x, y, z)));
        CHECK(nearest < reach);
      }
}

TEST_CASE("Trees keep to tissue around an airway", "[vessels][mpi]")
{
  auto parameters = tree_parameters();
  const auto vessels = in_block(parameters, 5, MPI_COMM_WORLD, 60.0); // make_vessels checks where they are
  for (const auto &segment : vessels->network.segments)
  {
    const auto &a = vessels->network.points[segment.first], &b = vessels->network.points[segment.second];
    const auto middle = a + 0.5 * (b - a);
    CHECK(std::hypot(middle[0] - 200.0, middle[1] - 200.0) > 20.0);
  }
}

TEST_CASE("The same seed grows the same vessels on any ranks, another seed others", "[vessels][mpi]")
{
  auto parameters = tree_parameters();
  if (GENERATE(false, true))
    parameters.source = "capillary mesh";
  const auto shared = in_block(parameters, 5), alone = in_block(parameters, 5, MPI_COMM_SELF);
  CHECK(same(shared->network, alone->network));
  CHECK(shared->flow.flow == alone->flow.flow);
  CHECK_FALSE(same(in_block(parameters, 6)->network, alone->network));
}

TEST_CASE("A mesh of capillaries has three vessels at most junctions and blood in them", "[vessels][mpi]")
{
  VesselParameters parameters;
  parameters.source = "capillary mesh";
  parameters.capillaries.spacing = 40.0;
  const double airway = GENERATE(0.0, 60.0);
  const auto vessels = in_block(parameters, 7, MPI_COMM_WORLD, airway);
  const auto &network = vessels->network;
  CHECK(network.n_components == 1);
  CHECK(vessels->flow.imbalance < 1e-12);
  const auto incidence = network.incidence();
  std::size_t three = 0, more = 0;
  for (std::size_t p = 0; p < network.points.size(); ++p)
  {
    three += incidence.degree(p) == 3 ? 1 : 0;
    more += incidence.degree(p) > 3 ? 1 : 0;
  }
  CHECK(three > 0.6 * static_cast<double>(network.points.size()));
  CHECK(more < 0.05 * static_cast<double>(network.points.size()));
  // Median and spread of the radii.
  std::vector<double> radii;
  for (const auto &segment : network.segments)
    radii.push_back(segment.radius);
  std::sort(radii.begin(), radii.end());
  const double error = 0.15 / std::sqrt(static_cast<double>(radii.size())); // of the mean logarithm, times 1.25
  CHECK(std::abs(std::log(radii[radii.size() / 2] / 3.0)) < 3.0 * 1.2533 * error);
}

TEST_CASE("Vessels that leave the tissue and trees that cannot grow are refused with the place", "[vessels][mpi]")
{
  using Catch::Contains;
  auto parameters = tree_parameters();
  const auto refusal = [&](const double airway = 0.0) -> std::string {
    try
    {
      in_block(parameters, 5, MPI_COMM_WORLD, airway);
    }
    catch (const InputError &error)
    {
      return error.what();
    }
    return "";
  };
  SECTION("an inlet outside")
  {
    parameters.inlet_list[0].place[0] = -30.0;
    CHECK_THAT(refusal(), Contains("Vessels/Inlets"));
  }
  SECTION("an inlet in the airway")
  {
    parameters.inlet_list[0].place = {200.0, 200.0, 100.0};
    CHECK_THAT(refusal(60.0), Contains("Vessels/Inlets"));
  }
  SECTION("too many ends")
  {
    parameters.tree.terminal_radius = 0.1;
    CHECK_THAT(refusal(), Contains("Vessels/Tree/Terminal radius"));
  }
}
