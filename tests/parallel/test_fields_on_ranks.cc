// The same field problem on one rank and on all: the answers agree to 1e-9.
#include "coupled_fields.h"

#include <catch2/catch.hpp>

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
  ReactionParameters binding;
  binding.name = "binding";
  binding.substrate = "ligand";
  binding.partner = "bound";
  binding.rate = 2e-3;
  binding.off_rate = 0.1;
  binding.sites = 750.0;
  parameters.reactions = {binding};
  parameters.solver.newton_tolerance = 1e-12;
  auto organ = test::block({320.0, 240.0, 240.0}, 40.0, 0.25);
  organ.block.lumen_radius = 60.0;
  organ.wall_refinements = 1;
  RegionParameters airway;
  airway.name = "airway";
  airway.tissue = false;
  organ.regions.push_back(airway);
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
} // namespace

namespace
{
/// All couplings with a fixed value at a side, by SDIRK2 with error control.
Answer solve_coupled(MPI_Comm comm)
{
  using Problem = test::CoupledFields;
  auto parameters = Problem::parameters();
  BoundaryCondition side;
  side.name = "side";
  side.field = "ligand";
  side.boundary = "x min";
  side.kind_name = "value";
  side.value = "2 + sin(t)";
  parameters.boundaries = {side};
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
