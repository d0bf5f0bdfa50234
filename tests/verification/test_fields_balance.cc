// B14: every molecule is accounted for, and concentrations stay positive, on meshes with hanging nodes and airways too.
#include "field_world.h"
#include "measured.h"

#include "io/run_statistics.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
FieldsParameters all_terms()
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 3600.0, 0.01), test::field("bound", 0.0, 1e-4),
                       test::field("matrix", 0.0, 3e-4)};
  parameters.fields[0].blood_factor = "ligand";
  parameters.fields[0].vascular_exchange = 7e-3;
  parameters.fields[2].unit = "1";
  parameters.fields[2].interstitial = false;
  ReactionParameters binding;
  binding.name = "binding";
  binding.substrate = "ligand";
  binding.partner = "bound";
  binding.rate = 2e-3;
  binding.off_rate = 0.1;
  binding.sites = 750.0;
  parameters.reactions = {binding};
  parameters.solver.newton_tolerance = 1e-12;
  return parameters;
}

/// A block with an airway; walls refined so that there are hanging nodes.
OrganParameters block_with_airway()
{
  auto organ = test::block({300.0, 300.0, 300.0}, 50.0, 0.25);
  organ.block.lumen_radius = 80.0;
  organ.wall_refinements = 1;
  RegionParameters airway;
  airway.name = "airway";
  airway.tissue = false;
  organ.regions.push_back(airway);
  return organ;
}
} // namespace

TEST_CASE("The ledger of every field closes to solver tolerance", "[B14]")
{
  test::FieldWorld<3> world(block_with_airway(), all_terms(), {"ligand"});
  REQUIRE(world.fields.has_hanging_nodes());
  world.add_source(0, Point<3>(50, 50, 50), 1e4);
  world.sources.begin_adding();
  world.for_each_node([&](const auto &, const unsigned int node) {
    if (world.fields.tissue_volume[node] > 0.0)
    {
      world.sources.local(SourceTerms<3>::uptake)[3 * node] += 0.01 * world.fields.tissue_volume[node];
      world.sources.local(SourceTerms<3>::filling)[3 * node + 2] += 1e-4 * world.fields.tissue_volume[node];
    }
  });
  world.sources.compress();
  double seen_change = 0.0, worst = 0.0;
  for (const double dt : {0.1, 10.0, 1000.0})
  {
    const auto before = world.fields.amounts();
    const auto report = world.advance(dt, {0.2});
    const auto after = world.fields.amounts();
    for (unsigned int s = 0; s < 3; ++s)
    {
      INFO("field " << s << ", step " << dt);
      worst = std::max(worst, relative_residual(report.budget[s]));
      CHECK(relative_residual(report.budget[s]) < 1e-9);
      CHECK(report.budget[s].change == Approx(after[s] - before[s]).epsilon(1e-6).margin(1e-9 * after[s]));
      seen_change = std::max(seen_change, std::abs(report.budget[s].change));
    }
    // What leaves the soluble pool is bound, molecule by molecule.
    CHECK(report.budget[0].reacted == Approx(-report.budget[1].reacted).epsilon(1e-9));
    CHECK(report.budget[0].secreted == Approx(1e4 * dt).epsilon(1e-12));
  }
  test::measured("B14", "greatest relative residual of the ledger, three fields", worst, "< 1e-9");
  CHECK(seen_change > 1.0);
}

TEST_CASE("Backward Euler keeps concentrations positive from a point source and a point sink", "[B14]")
{
  for (const unsigned int wall_refinements : {0u, 1u})
  {
    auto organ = block_with_airway();
    organ.wall_refinements = wall_refinements;
    FieldsParameters parameters;
    parameters.fields = {test::field("ligand", 3600.0, 0.01)};
    test::FieldWorld<3> world(organ, parameters);
    world.add_source(0, Point<3>(50, 50, 50), 1e4);
    world.sources.begin_adding();
    world.for_each_node([&](const auto &place, const unsigned int node) {
      if (place.distance(Point<3>(250, 250, 250)) < 1e-6)
        world.sources.local(SourceTerms<3>::uptake)[node] += 1e6;
    });
    world.sources.compress();
    for (const double dt : {0.001, 0.1, 1.0, 100.0})
    {
      world.advance(dt);
      INFO("wall refinements " << wall_refinements << ", step " << dt);
      // Positive up to the tolerance of the linear solve.
      CHECK(world.fields.extremes()[0].minimum >= -1e-9 * world.fields.extremes()[0].maximum);
    }
  }
}
