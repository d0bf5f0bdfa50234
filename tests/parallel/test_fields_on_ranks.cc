// The same field problem on one rank and on all: the answers agree to 1e-9.
#include "coupled_fields.h"

#include "fields/bounds_watch.h"

#include <deal.II/dofs/dof_tools.h>

#include <catch2/catch.hpp>

#include <numeric>

using namespace nidus;
using dealii::Point;

namespace
{
struct Answer
{
  std::vector<double> amounts, greatest, lowest;
};

Answer solve(MPI_Comm comm)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 3600.0, 0.01), test::field("bound", 0.0, 1e-4),
                       test::field("other", 900.0, 0.05)};
  parameters.reactions = {test::binding(2e-3, 0.1, 750.0)};
  parameters.solver.newton_tolerance = 1e-12;
  auto organ = test::with_airway(test::block({320.0, 240.0, 240.0}, 40.0, 0.25), 60.0);
  organ.wall_refinements = 1;
  test::FieldWorld<3> world(organ, parameters, {}, comm);
  world.add_source(0, Point<3>(40, 40, 40), 1e4);
  world.add_source(2, Point<3>(280, 200, 200), 1e4);
  for (const double dt : {1.0, 10.0, 100.0})
    world.advance(dt);
  Answer answer;
  answer.amounts = world.fields.amounts();
  for (const auto &field : world.fields.extremes())
  {
    answer.greatest.push_back(field.maximum);
    answer.lowest.push_back(field.minimum);
  }
  return answer;
}

/// A periodic block with finer cells at one of its edges, fibres, and a condition of each kind.
OrganParameters organ_with_everything()
{
  auto organ = test::with_airway(test::block({320.0, 240.0, 240.0}, 40.0, 0.25), 60.0);
  organ.block.periodic_axes = {"x", "y"};
  organ.refined_balls = "310, 230, 100, 20, 2; 100, 120, 240, 15, 1";
  organ.regions[0].diffusion_factors = {1.5, 0.8, 0.7, 0.3, 0.1, 0.0};
  organ.resolve(3, "");
  return organ;
}

FieldsParameters conditions_of_each_kind()
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 3600.0, 0.01)};
  parameters.fields[0].initial = "0.1 + 0.001 * z";
  parameters.fields[0].upper_bound = "0.3";
  parameters.boundaries = {test::condition("airway", "Robin", "0.5", "0.5 + 0.001 * x"),
                           test::condition("z min", "value", "0.2 + 0.01 * t"),
                           test::condition("z max", "flux", "0.05 * (1 + cos(2 * pi * x / 320))")};
  return parameters;
}

/// All couplings with a fixed value at a side, by SDIRK2 with error control.
Answer solve_coupled(MPI_Comm comm)
{
  using Problem = test::CoupledFields;
  auto parameters = Problem::parameters();
  parameters.boundaries = {test::condition("x min", "value", "2 + sin(t)")};
  parameters.solver.scheme = "SDIRK2";
  parameters.solver.step_control = "error";
  parameters.solver.newton_tolerance = 1e-12;
  test::FieldWorld<3> world(test::block({200.0, 150.0, 150.0}, 25.0, 0.25), parameters, {"ligand"}, comm);
  world.add_source(Problem::enzyme, Point<3>(200, 150, 150), 1e4);
  Answer answer;
  for (const double dt : {1.0, 10.0})
  {
    const auto report = world.advance(dt, {Problem::blood});
    answer.amounts.push_back(report.steps);
    for (const auto &budget : report.budget)
      for (const double term : {budget.decayed, budget.exchanged, budget.crossed, budget.reacted, budget.change})
        answer.amounts.push_back(term);
  }
  for (const auto &field : world.fields.extremes())
  {
    answer.greatest.push_back(field.maximum);
    answer.lowest.push_back(field.minimum);
  }
  return answer;
}

void compare(const Answer &alone, const Answer &together)
{
  for (std::size_t i = 0; i < alone.amounts.size(); ++i)
    CHECK(together.amounts[i] == Approx(alone.amounts[i]).epsilon(1e-9));
  for (std::size_t s = 0; s < alone.greatest.size(); ++s)
  {
    CHECK(together.greatest[s] == Approx(alone.greatest[s]).epsilon(1e-9));
    CHECK(together.lowest[s] == Approx(alone.lowest[s]).epsilon(1e-9).margin(1e-12));
  }
}
} // namespace

TEST_CASE("Coupled fields, their steps and ledger do not depend on the number of ranks", "[fields]")
{
  compare(solve_coupled(MPI_COMM_SELF), solve_coupled(MPI_COMM_WORLD));
}

TEST_CASE("Fields do not depend on the number of ranks", "[fields]")
{
  compare(solve(MPI_COMM_SELF), solve(MPI_COMM_WORLD));
}

TEST_CASE("Boundary conditions, periodic sides and warnings do not depend on the number of ranks", "[fields]")
{
  std::vector<double> amounts, greatest;
  std::vector<std::string> warnings;
  for (MPI_Comm comm : {MPI_COMM_SELF, MPI_COMM_WORLD})
  {
    test::FieldWorld<3> world(organ_with_everything(), conditions_of_each_kind(), {}, comm);
    BoundsWatch<3> watch(world.fields);
    for (const double dt : {1.0, 10.0, 100.0})
      world.advance(dt);
    watch.observe(111.0);
    const auto found = watch.take();
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], Catch::Contains("ligand") && Catch::Contains("above its upper bound 0.3") &&
                             Catch::Contains("t = 111 min"));
    CHECK(watch.take().empty());
    warnings.push_back(found[0]);
    amounts.push_back(world.fields.amounts()[0]);
    greatest.push_back(world.fields.extremes()[0].maximum);
  }
  CHECK(amounts[1] == Approx(amounts[0]).epsilon(1e-9));
  CHECK(greatest[1] == Approx(greatest[0]).epsilon(1e-9));
  CHECK(warnings[1] == warnings[0]);
}

TEST_CASE("All ranks know the same masters of hanging and periodic nodes", "[fields]")
{
  const test::FieldWorld<3> world(organ_with_everything(), conditions_of_each_kind());
  const FieldSet<3> &fields = world.fields;
  dealii::IndexSet active;
  dealii::DoFTools::extract_locally_active_dofs(fields.dof_handler, active);
  const auto owned = dealii::Utilities::MPI::all_gather(MPI_COMM_WORLD, fields.owned);
  CHECK(fields.constraints.is_consistent_in_parallel(owned, active, MPI_COMM_WORLD));
  for (const auto &line : fields.constraints.get_lines())
  {
    double sum = 0.0;
    for (const auto &[master, weight] : line.entries)
    {
      sum += weight;
      CHECK(fields.relevant.is_element(master));
      CHECK_FALSE(fields.constraints.is_constrained(master));
    }
    CHECK(sum == Approx(1.0));
  }
  // Nothing of the volume is lost on the way to the masters.
  const double volume = std::accumulate(fields.tissue_volume.begin(), fields.tissue_volume.end(), 0.0);
  CHECK(dealii::Utilities::MPI::sum(volume, MPI_COMM_WORLD) == Approx(world.organ.tissue_volume()).epsilon(1e-12));
}
