// B14: every molecule is accounted for, and concentrations stay positive, on meshes with hanging nodes and airways too.
#include "coupled_fields.h"
#include "measured.h"
#include "meshes.h"

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
  parameters.reactions = {test::binding(2e-3, 0.1, 750.0)};
  parameters.solver.newton_tolerance = 1e-12;
  return parameters;
}

/// A block with an airway; walls refined so that there are hanging nodes.
OrganParameters block_with_airway()
{
  auto organ = test::with_airway(test::block({300.0, 300.0, 300.0}, 50.0, 0.25), 80.0);
  organ.wall_refinements = 1;
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

namespace
{
/// Advances a box of 200 um with all couplings, agents' terms and three kinds of boundary; returns the worst relative
/// residual.
template <int dim>
double ledger_residual(const OrganParameters &organ, const std::string &scheme, const std::string &control)
{
  using Problem = test::CoupledFields;
  auto parameters = Problem::parameters();
  parameters.boundaries = {test::condition("x min", "value", "2 + sin(t)"),
                           test::condition("x max", "Robin", "0.5", "3"),
                           test::condition("y min", "flux", "20 * exp(-t)")};
  parameters.solver.scheme = scheme;
  parameters.solver.step_control = control;
  parameters.solver.newton_tolerance = 1e-12;
  test::FieldWorld<dim> world(organ, parameters, {"ligand"});
  CHECK(world.fields.has_hanging_nodes() == !organ.balls.empty());
  world.add_source(Problem::enzyme, Point<dim>(), 1e4);
  world.sources.begin_adding();
  world.for_each_node([&](const auto &, const unsigned int node) {
    world.sources.local(SourceTerms<dim>::uptake)[Problem::n * node] += 0.03 * world.fields.tissue_volume[node];
    world.sources.local(SourceTerms<dim>::filling)[Problem::n * node + Problem::bound] +=
        1e-3 * world.fields.tissue_volume[node];
  });
  world.sources.compress();
  double worst = 0.0;
  for (const double dt : {0.01, 1.0, 10.0})
  {
    const auto before = world.fields.amounts();
    const auto report = world.advance(dt, {Problem::blood});
    const auto after = world.fields.amounts();
    for (unsigned int s = 0; s < Problem::n; ++s)
    {
      INFO("field " << s << ", interval " << dt);
      CHECK(report.budget[s].change == Approx(after[s] - before[s]).epsilon(1e-9).margin(1e-9 * after[s]));
      worst = std::max(worst, relative_residual(report.budget[s]));
    }
    // Every term is there, so that none balances by being nothing.
    const FieldBudget &ligand = report.budget[Problem::ligand];
    for (const double term : {ligand.taken_up, ligand.decayed, ligand.exchanged, ligand.crossed, ligand.reacted})
      CHECK(std::abs(term) > 1e-6 * std::abs(ligand.change));
    CHECK(report.budget[Problem::enzyme].secreted == Approx(1e4 * dt).epsilon(1e-9));
    CHECK(report.budget[Problem::bound].secreted > 0.0);
  }
  return worst;
}

template <int dim>
void check_ledger(const std::string &mesh, const OrganParameters &organ)
{
  for (const char *scheme : {"backward Euler", "SDIRK2"})
    for (const char *control : {"fixed", "error"})
    {
      const double residual = ledger_residual<dim>(organ, scheme, control);
      const std::string how = mesh + ", " + std::to_string(dim) + "-D, " + scheme + ", step control " + control;
      INFO(how);
      test::measured("B14", "greatest relative residual, every term, " + how, residual, "< 1e-9");
      CHECK(residual < 1e-9);
    }
}
} // namespace

TEST_CASE("The ledger closes with every term, boundary, scheme and step control", "[B14]")
{
  check_ledger<2>("uniform", test::block({200.0, 200.0}, 50.0, 0.25));
  check_ledger<3>("uniform", test::block({200.0, 200.0, 200.0}, 50.0, 0.25));
}

TEST_CASE("The ledger closes on refined and on bent meshes", "[B14]")
{
  for (const auto &[mesh, organ] : test::OtherMeshes<2>(4, 200.0, "200, 0, 60", 0.25))
    check_ledger<2>(mesh, organ);
  for (const auto &[mesh, organ] : test::OtherMeshes<3>(4, 200.0, "200, 0, 0, 60", 0.25))
    check_ledger<3>(mesh, organ);
}

TEST_CASE("What a fixed value lets in is what the exact profile draws from it", "[B14]")
{
  // Steady with decay from a wall: phi sqrt(D k) tanh(length sqrt(k / D)) enters through each unit of surface.
  constexpr double length = 200.0, width = 100.0, diffusivity = 600.0, decay = 0.05, fraction = 0.25;
  const double exact =
      fraction * std::sqrt(diffusivity * decay) * std::tanh(length * std::sqrt(decay / diffusivity)) * width * width;
  const auto error = [&](const double cell_size) {
    FieldsParameters parameters;
    parameters.fields = {test::field("ligand", diffusivity, decay)};
    parameters.fields[0].quasi_steady = true;
    parameters.boundaries = {test::condition("x min", "value", "1")};
    test::FieldWorld<3> world(test::block({length, width, width}, cell_size, fraction), parameters);
    const auto budget = world.advance(1.0).budget[0];
    return std::abs(budget.crossed * world.fields.amount_unit(0) / exact - 1.0);
  };
  const double coarse = error(25.0), fine = error(12.5);
  test::measured("B14", "order of what crosses a fixed value", std::log2(coarse / fine), 2.0);
  CHECK(std::log2(coarse / fine) == Approx(2.0).margin(0.1));
  CHECK(fine < 0.01);
}

TEST_CASE("Strong sinks of every kind leave backward Euler positive", "[B14]")
{
  using Problem = test::CoupledFields;
  auto parameters = Problem::parameters();
  parameters.reactions[1].rate = 50.0; // destruction
  parameters.reactions[2].rate = 20.0; // clearance
  parameters.reactions[2].half_saturation = 0.01;
  test::FieldWorld<2> world(test::block({200.0, 200.0}, 25.0, 0.25), parameters, {"ligand"});
  world.add_source(Problem::ligand, Point<2>(50, 50), 1e4);
  world.add_source(Problem::enzyme, Point<2>(150, 150), 1e4);
  for (const double dt : {0.001, 0.1, 1.0, 100.0})
  {
    world.advance(dt, {0.0});
    for (const auto &field : world.fields.extremes())
    {
      INFO("step " << dt);
      // Positive up to the tolerance of the solves.
      CHECK(field.minimum >= -1e-9 * field.maximum);
    }
  }
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
