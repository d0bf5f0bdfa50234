// B4: a manufactured solution of all couplings: diffusion, decay, exchange, uptake, binding to an immobile field, loss
// by a second mobile field, saturating loss and production.
#include "coupled_fields.h"
#include "measured.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
using Problem = test::CoupledFields;
constexpr double side = 400.0, fraction = 0.25, uptake = 0.03, time_scale = 20.0, end = 10.0;
constexpr double amplitude[Problem::n] = {3.0, 4.0, 2.0, 1.5};

/// Where the cosines of the solution meet the mesh.
enum class Laplacian
{
  exact,   ///< errors of space show
  discrete ///< that of the mesh, for which the solution is exact at the nodes: errors of time alone show
};

template <int dim>
class Manufactured
{
public:
  Manufactured(const unsigned int cells, const Laplacian laplacian, const std::string &scheme)
      : h(side / cells), world(test::block(std::vector<double>(dim, side), h, fraction), settings(scheme), {"ligand"})
  {
    const double wave = M_PI / side;
    eigenvalue = dim * (laplacian == Laplacian::exact ? wave * wave : 2.0 / (h * h) * (1.0 - std::cos(wave * h)));
    for (unsigned int s = 0; s < Problem::n; ++s)
      world.set(s, [&](const auto &place) { return exact(s, place, 0.0); });
  }

  /// Relative error of the worst field at the end.
  double error(const unsigned int steps)
  {
    for (unsigned int i = 0; i < steps; ++i)
    {
      set_sources((i + 0.5) * end / steps);
      world.advance(end / steps, {Problem::blood});
    }
    double worst = 0.0;
    for (unsigned int s = 0; s < Problem::n; ++s)
      worst = std::max(
          worst, world.relative_error(
                     s, [&](const auto &place) { return exact(s, place, end); }, [](const auto &) { return true; }));
    return worst;
  }

private:
  static FieldsParameters settings(const std::string &scheme)
  {
    auto parameters = Problem::parameters();
    parameters.solver.scheme = scheme;
    parameters.solver.newton_tolerance = 1e-12;
    return parameters;
  }

  static double wave(const Point<dim> &place)
  {
    double product = 0.5;
    for (unsigned int d = 0; d < dim; ++d)
      product *= std::cos(M_PI * place[d] / side);
    return product;
  }

  static double exact(const unsigned int s, const Point<dim> &place, const double time)
  {
    return amplitude[s] * (1.0 + wave(place)) * std::exp(-time / time_scale);
  }

  /// What makes exact() a solution, taken at @p time: the middle of a step, which is of second order.
  void set_sources(const double time)
  {
    world.sources.clear();
    world.sources.begin_adding();
    double *source = world.sources.local(SourceTerms<dim>::source),
           *sink = world.sources.local(SourceTerms<dim>::uptake);
    world.for_each_node([&](const auto &place, const unsigned int node) {
      const double tissue = world.fields.tissue_volume[node];
      double u[Problem::n], rate[Problem::n];
      for (unsigned int s = 0; s < Problem::n; ++s)
        u[s] = exact(s, place, time);
      Problem::rates(u, rate);
      for (unsigned int s = 0; s < Problem::n; ++s)
      {
        const double curved = amplitude[s] * wave(place) * std::exp(-time / time_scale);
        source[Problem::n * node + s] =
            fraction * tissue *
            (-u[s] / time_scale + Problem::diffusivity[s] * eigenvalue * curved + Problem::decay[s] * u[s] - rate[s]);
      }
      source[Problem::n * node + Problem::ligand] +=
          tissue * (Problem::exchange * (u[Problem::ligand] - Problem::blood) + uptake * u[Problem::ligand]);
      sink[Problem::n * node + Problem::ligand] = uptake * tissue;
    });
    world.sources.compress();
  }

  double h, eigenvalue = 0.0;
  test::FieldWorld<dim> world;
};

template <int dim>
void check_time_order(const std::string &scheme, const double order)
{
  const auto error = [&](const unsigned int steps) {
    return Manufactured<dim>(4, Laplacian::discrete, scheme).error(steps);
  };
  const double coarse = error(16), fine = error(32), finest = error(64);
  INFO(scheme << " in " << dim << "-D: " << coarse << " " << fine << " " << finest);
  test::measured("B4", "order in time, " + scheme + ", " + std::to_string(dim) + "-D", std::log2(fine / finest), order);
  CHECK(std::log2(coarse / fine) == Approx(order).margin(0.1));
  CHECK(std::log2(fine / finest) == Approx(order).margin(0.05));
}

template <int dim>
void check_space_order(const unsigned int cells, const unsigned int steps)
{
  const auto error = [&](const unsigned int n) {
    return Manufactured<dim>(n, Laplacian::exact, "SDIRK2").error(steps);
  };
  const double coarse = error(cells), fine = error(2 * cells);
  INFO(dim << "-D: " << coarse << " " << fine);
  test::measured("B4", "order in space, " + std::to_string(dim) + "-D", std::log2(coarse / fine), 2.0);
  CHECK(std::log2(coarse / fine) == Approx(2.0).margin(0.1));
}
} // namespace

TEST_CASE("All couplings are of first and second order in time", "[B4]")
{
  check_time_order<2>("backward Euler", 1.0);
  check_time_order<2>("SDIRK2", 2.0);
  check_time_order<3>("backward Euler", 1.0);
  check_time_order<3>("SDIRK2", 2.0);
}

TEST_CASE("All couplings are of second order in space", "[B4]")
{
  check_space_order<2>(8, 64);
  check_space_order<3>(4, 64);
}
