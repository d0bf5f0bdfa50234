// The polynomial on a coarsest level that is too large for LU, and the state that the fields can go back to.
#include "linear_problem.h"
#include "measured.h"

#include "fields/coarse_polynomial.h"

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
constexpr double side = 640.0, diffusivity = 3600.0;

/// One level of 18^dim nodes in 3-D, too many for LU.
OrganParameters one_level()
{
  return test::block({side, side, side}, side / 17.0);
}

/// The smallest eigenvalue with a loss @p rate everywhere; @p held: the nodes at x = 0 are held at their value.
double estimate(const double rate, const bool held, const unsigned int steps)
{
  const auto organ_parameters = one_level();
  const Organ<3> organ(MPI_COMM_WORLD, organ_parameters);
  FieldsParameters parameters;
  parameters.fields = {test::field("a", diffusivity, rate)};
  parameters.resolve({"parenchyma"}, {});
  const FieldSet<3> fields(organ, parameters);
  MeshLevel<3> level(organ, fields.dof_handler, fields.constraints, 0.0);
  LevelRows<3> rows(level, {diffusivity}, 1);
  std::vector<double> c(fields.n_owned_nodes());
  for (unsigned int node = 0; node < c.size(); ++node)
    c[node] = rate * fields.tissue_volume[node];
  fields.for_each_tissue_node([&](const dealii::Point<3> &place, const unsigned int node) {
    if (held && place[0] < 1e-9 * side)
      c[node] = 1e20;
  });
  return estimate_smallest_eigenvalue<3>(level, rows, 1, 1, c, steps);
}
} // namespace

TEST_CASE("The smallest eigenvalue of a level: loss alone, and a wall that is held", "[polynomial][mpi]")
{
  // The lumped mode cos(pi x n / L) has K = D (2 - 2 cos(pi n h / L)) / h^2 per volume, the diagonal is 6 D / h^2.
  const double h = side / 17.0, unit = 6.0 * diffusivity / (h * h);
  for (const double rate : {0.01, 1.0, 100.0})
  {
    const double found = estimate(rate, false, 12), exact = rate / (unit + rate);
    test::measured("polynomial", "smallest eigenvalue over exact, loss " + std::to_string(rate), found / exact, "1");
    CHECK(found == Approx(exact).epsilon(1e-6));
  }
  // Held at one end: a quarter wave. The estimate comes from above.
  const double quarter = diffusivity * (2.0 - 2.0 * std::cos(M_PI * h / (2.0 * side))) / (h * h);
  const double exact = (quarter + 0.01) / (unit + 0.01), found = estimate(0.01, true, 12);
  test::measured("polynomial", "the same with a wall that is held", found / exact, "1 to 1.1");
  CHECK(found >= exact * (1.0 - 1e-6));
  CHECK(found <= 1.1 * exact);
}

TEST_CASE("The degree of the polynomial is the least that leaves the error", "[polynomial]")
{
  for (const double low : {1e-3, 0.05, 0.7})
    for (const double error : {0.2, 0.01})
    {
      const unsigned int degree = chebyshev_degree(low, 2.0, error);
      const auto left = [&](const unsigned int n) {
        return 1.0 / std::cosh(n * std::acosh((2.0 + low) / (2.0 - low)));
      };
      CHECK(left(degree) <= error * (1.0 + 1e-12));
      CHECK(left(degree - 1) > error);
    }
}

TEST_CASE("A mesh of one large level is solved in few iterations for any step", "[polynomial][mpi]")
{
  test::LinearProblem<3> problem(one_level(), 1.0);
  REQUIRE(problem.n_levels() == 1);
  REQUIRE(problem.n_nodes() > 4000);
  for (const double dt : {0.1, 1.0, 60.0, std::numeric_limits<double>::infinity()})
  {
    // The polynomial leaves at most 0.2: the condition is 1.2 / 0.8, and 2 ((sqrt k - 1) / (sqrt k + 1))^n falls to
    // 1e-8 with n = 9; the norm of the residual may take one or two more.
    const unsigned int n = problem.iterations(dt);
    test::measured("polynomial", "iterations to 1e-8, one level of 5832 nodes, dt " + std::to_string(dt), n, "<= 11");
    CHECK(n <= 11);
  }
}

TEST_CASE("Fields go back to the state that they remember, whatever steps were taken", "[polynomial]")
{
  for (const std::string control : {"fixed", "error"})
  {
    FieldsParameters parameters;
    parameters.fields = {test::field("a", 600.0, 0.1)};
    parameters.solver.step_control = control;
    test::FieldWorld<2> world(test::block({200.0, 200.0}, 20.0), parameters);
    world.set(0, [](const auto &place) { return 1.0 + std::sin(place[0] / 30.0); });
    const auto state = [&] {
      std::vector<double> values(world.fields.n_owned_nodes());
      const double *u = nullptr;
      VecGetArrayRead(world.fields.state, &u);
      std::copy_n(u, values.size(), values.begin());
      VecRestoreArrayRead(world.fields.state, &u);
      return values;
    };
    world.advance(5.0);
    const auto kept = state();
    world.solver.remember();
    world.solver.go_back();
    CHECK(state() == kept);
    for (const unsigned int intervals : {1u, 3u})
    {
      world.solver.remember();
      for (unsigned int i = 0; i < intervals; ++i)
        world.advance(5.0);
      CHECK(state() != kept);
      world.solver.go_back();
      CHECK(state() == kept);
    }
  }
}
