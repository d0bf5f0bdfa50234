// B7b: depletion by a saturating loss; B8: the front of Fisher, Kolmogorov, Petrovsky and Piskunov; every law of the
// catalogue by itself; steady states with all of them.
#include "coupled_fields.h"
#include "measured.h"
#include "meshes.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
/// W exp(W) = x for x > 0.
double lambert_w(const double x)
{
  double w = std::log1p(x);
  for (unsigned int i = 0; i < 50; ++i)
    w -= (w * std::exp(w) - x) / (std::exp(w) * (1.0 + w));
  return w;
}

template <int dim>
void check_depletion()
{
  constexpr double half = 25.0, most = 0.5, start = 40.0, end = 60.0;
  const double exact = half * lambert_w(start / half * std::exp((start - most * end) / half));
  REQUIRE(exact == Approx(23.40173).margin(5e-6));
  const auto remaining = [&](const unsigned int steps) {
    FieldsParameters parameters;
    parameters.fields = {test::field("ligand", 600.0, 0.0)};
    parameters.fields[0].initial_value = start;
    auto loss = test::reaction("internalisation", "Michaelis-Menten loss", "ligand");
    loss.rate = most;
    loss.half_saturation = half;
    parameters.reactions = {loss};
    parameters.solver.scheme = "SDIRK2";
    test::FieldWorld<dim> world(test::block(std::vector<double>(dim, 100.0), 50.0, 0.25), parameters);
    for (unsigned int i = 0; i < steps; ++i)
      world.advance(end / steps);
    return world.fields.extremes()[0].mean;
  };
  const double coarse = std::abs(remaining(6) / exact - 1.0), fine = std::abs(remaining(12) / exact - 1.0);
  const double found = remaining(120);
  test::measured("B7b", "ligand left after depletion, " + std::to_string(dim) + "-D [nM]", found, exact);
  test::measured("B7b", "order in time, " + std::to_string(dim) + "-D", std::log2(coarse / fine), 2.0);
  CHECK(found == Approx(exact).epsilon(1e-6));
  CHECK(std::log2(coarse / fine) == Approx(2.0).margin(0.1));
}

template <int dim>
void check_front()
{
  // The tail (1 + z) exp(-z), z = x / sqrt(D/rho), is that of the slowest front: its speed shows at once, without the
  // slow approach of a steep start.
  constexpr double diffusivity = 0.2, growth = 4.81e-4, length = 2400.0, h = 4.0;
  FieldsParameters parameters;
  parameters.fields = {test::field("cells", diffusivity, 0.0)};
  auto logistic = test::reaction("growth", "logistic growth");
  logistic.substrate = "cells";
  logistic.rate = growth;
  logistic.capacity = 2.0;
  parameters.reactions = {logistic};
  parameters.solver.scheme = "SDIRK2";
  std::vector<double> size(dim, h);
  size[0] = length;
  test::FieldWorld<dim> world(test::block(size, h), parameters);
  const double unit = std::sqrt(diffusivity / growth);
  world.set(0, [&](const auto &place) { return 2.0 * (1.0 + place[0] / unit) * std::exp(-place[0] / unit); });
  // Where the front is, from what lies behind it.
  const auto front = [&]() {
    return world.fields.amounts()[0] * world.fields.amount_unit(0) / (2.0 * world.organ.tissue_volume()) * length;
  };
  constexpr unsigned int steps = 100;
  const double from = 10.0 / growth, to = 30.0 / growth;
  for (unsigned int i = 0; i < steps; ++i)
    world.advance(from / steps);
  const double before = front();
  for (unsigned int i = 0; i < 2 * steps; ++i)
    world.advance((to - from) / (2 * steps));
  const double speed = (front() - before) / (to - from), exact = 2.0 * std::sqrt(diffusivity * growth);
  test::measured("B8", "speed of the front, " + std::to_string(dim) + "-D strip [um/min]", speed, exact);
  CHECK(speed == Approx(exact).epsilon(0.01));
  CHECK(world.fields.extremes()[0].maximum == Approx(2.0).epsilon(1e-6));
}

/// Steady amounts and maxima of all fields with all couplings in a box of 200 um, for one step; zero: quasi-steady.
template <int dim>
std::vector<double> steady(const OrganParameters &organ, const double step, const unsigned int steps)
{
  using Problem = test::CoupledFields;
  auto parameters = Problem::parameters();
  for (auto &field : parameters.fields)
    field.quasi_steady = step == 0.0;
  parameters.solver.newton_tolerance = 1e-12;
  test::FieldWorld<dim> world(organ, parameters, {"ligand"});
  CHECK(world.fields.has_hanging_nodes() == !organ.balls.empty());
  Point<dim> middle, wall;
  for (int d = 0; d < dim; ++d)
  {
    middle[d] = 100.0;
    wall[d] = d == 0 ? 0.0 : 100.0;
  }
  world.add_source(Problem::ligand, middle, 2e4);
  world.add_source(Problem::enzyme, wall, 1e4);
  world.sources.begin_adding();
  world.for_each_node([&](const auto &, const unsigned int node) {
    world.sources.local(SourceTerms<dim>::uptake)[Problem::n * node] += 0.03 * world.fields.tissue_volume[node];
  });
  world.sources.compress();
  for (unsigned int i = 0; i < steps; ++i)
    world.advance(step > 0.0 ? step : 1.0, {Problem::blood});
  auto result = world.fields.amounts();
  for (const auto &field : world.fields.extremes())
    result.push_back(field.maximum);
  return result;
}

/// Steps in min with their numbers, against quasi-steady fields.
template <int dim>
void check_steady(const std::string &mesh, const OrganParameters &organ,
                  const std::vector<std::pair<double, unsigned int>> &runs)
{
  const auto reference = steady<dim>(organ, 0.0, 2);
  const std::string where = mesh + ", " + std::to_string(dim) + "-D";
  double spread = 0.0;
  for (const auto &[step, steps] : runs)
  {
    const auto found = steady<dim>(organ, step, steps);
    for (std::size_t i = 0; i < found.size(); ++i)
    {
      INFO(where << ", step " << step << " min, quantity " << i << ": " << found[i] << " and " << reference[i]);
      REQUIRE(reference[i] > 0.0);
      CHECK(found[i] == Approx(reference[i]).epsilon(1e-6));
      spread = std::max(spread, std::abs(found[i] / reference[i] - 1.0));
    }
  }
  test::measured("dt", "relative spread of the steady state of all couplings, " + where, spread, "< 1e-6");
}
} // namespace

TEST_CASE("A saturating loss depletes a ligand as Lambert's function says", "[B7b]")
{
  check_depletion<2>();
  check_depletion<3>();
}

TEST_CASE("Logistic growth and diffusion make a front of the right speed", "[B8]")
{
  check_front<2>();
  check_front<3>();
}

TEST_CASE("The steady state of all couplings does not depend on the step", "[dt]")
{
  check_steady<2>("uniform", test::block({200.0, 200.0}, 50.0, 0.25), {{0.1, 3000}, {1.0, 300}, {10.0, 40}});
  for (const auto &[mesh, organ] : test::OtherMeshes<2>(4, 200.0, "200, 200, 60", 0.25))
    check_steady<2>(mesh, organ, {{0.1, 3000}, {1.0, 300}, {10.0, 40}});
  for (const auto &[mesh, organ] : test::OtherMeshes<3>(4, 200.0, "200, 200, 200, 60", 0.25))
    check_steady<3>(mesh, organ, {{2.0, 150}, {20.0, 30}});
}

TEST_CASE("A ligand is rich where the matrix that binds it is, and nothing of it is lost", "[kinetics]")
{
  // A closed box with matrix in its left half: at the end the free ligand c is the same everywhere, the bound one is
  // Sites m c / (Kd + c) where the matrix is m, and c follows from the total.
  constexpr double total = 5.0, sites = 40.0, on = 0.02, off = 0.1, kd = off / on;
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 600.0, 0.0), test::field("matrix", 0.0, 0.0),
                       test::field("bound", 0.0, 0.0)};
  parameters.fields[0].initial_value = total;
  auto binding = test::reaction("binding", "matrix binding", "ligand", "matrix");
  binding.product = "bound";
  binding.rate = on;
  binding.off_rate = off;
  binding.sites = sites;
  parameters.reactions = {binding};
  test::FieldWorld<2> world(test::block({100.0, 100.0}, 10.0, 0.25), parameters);
  world.set(1, [](const auto &place) { return place[0] < 50.0 ? 1.0 : 0.0; });
  for (unsigned int i = 0; i < 200; ++i)
    world.advance(20.0);
  const auto extremes = world.fields.extremes();
  const double share = extremes[1].mean, b = kd + sites * share - total;
  const double exact = (-b + std::sqrt(b * b + 4.0 * kd * total)) / 2.0;
  test::measured("kinetics", "free ligand beside a matrix that binds it [nM]", extremes[0].mean, exact);
  CHECK(share == Approx(0.45).margin(0.051));
  CHECK(extremes[0].minimum == Approx(exact).epsilon(1e-7));
  CHECK(extremes[0].maximum == Approx(exact).epsilon(1e-7));
  CHECK(extremes[2].minimum == Approx(0.0).margin(1e-12));
  CHECK(extremes[2].maximum == Approx(sites * exact / (kd + exact)).epsilon(1e-7));
  CHECK(extremes[0].mean + extremes[2].mean == Approx(total).epsilon(1e-9));
}

TEST_CASE("No law of the catalogue makes a field negative, and derivatives are those of the speeds", "[kinetics]")
{
  const Coefficients k = {{0.7, 0.3, 5.0, 2.0, 3.0, 4.0}};
  for (const auto &law : reaction_laws())
    for (const double a : {0.0, 0.5, 1.9, 2.0, 2.1, 30.0})
      for (const double b : {0.0, 0.4, 4.9})
        for (const double c : {0.0, 1.3})
        {
          INFO(law.name << " at " << a << ", " << b << ", " << c);
          RoleValues u = {{a, b, c}};
          const ReactionSpeed speed = law.speed(k, u);
          for (unsigned int r = 0; r < n_roles; ++r)
          {
            if (u[r] == 0.0)
              CHECK(law.change[r] * speed.value >= 0.0);
            RoleValues up = u, down = u;
            const double step = 1e-5 * std::max(u[r], 1.0);
            up[r] += step;
            down[r] -= u[r] > 0.0 ? step : 0.0;
            const double difference = (law.speed(k, up).value - law.speed(k, down).value) / (up[r] - down[r]);
            // Central differences err with the square of the step, one-sided ones at zero with the step.
            CHECK(speed.by[r] == Approx(difference).margin(u[r] > 0.0 ? 1e-8 : 1e-4));
            CHECK((law.reads[r] || speed.by[r] == 0.0));
          }
        }
}
