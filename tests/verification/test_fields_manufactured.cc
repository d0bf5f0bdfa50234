// B4: a manufactured solution of all couplings: diffusion, decay, exchange, uptake, binding to an immobile field, loss
// by a second mobile field, saturating loss and production; on uniform, locally refined and bent meshes.
#include "coupled_fields.h"
#include "measured.h"
#include "meshes.h"
#include "plain_diffusion.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
using Problem = test::CoupledFields;
constexpr double side = 400.0, fraction = 0.25, uptake = 0.03, time_scale = 20.0, end = 10.0;
constexpr double amplitude[Problem::n] = {3.0, 4.0, 2.0, 1.5};

/// What diffusion does to the cosines of the solution.
enum class Laplacian
{
  exact,   ///< errors of space show
  discrete ///< that of the mesh, for which the solution is exact at the nodes: errors of time alone show
};

template <int dim>
OrganParameters uniform(const unsigned int cells)
{
  return test::block(std::vector<double>(dim, side), side / cells, fraction);
}

template <int dim>
test::OtherMeshes<dim> other_meshes(const unsigned int cells)
{
  return {cells, side, dim == 2 ? "100, 100, 90" : "100, 100, 100, 90", fraction};
}

template <int dim>
class Manufactured
{
public:
  Manufactured(const OrganParameters &organ, const Laplacian laplacian, const std::string &scheme,
               const unsigned int whole_refinements = 0)
      : world(organ, settings(scheme), {"ligand"}, MPI_COMM_WORLD, whole_refinements)
  {
    CHECK(world.fields.has_hanging_nodes() == !organ.balls.empty());
    for (unsigned int s = 0; s < Problem::n; ++s)
    {
      world.set(s, [&](const auto &place) { return exact(s, place, 0.0); });
      diffusion[s] = laplacian == Laplacian::exact ? exact_diffusion(s) : discrete_diffusion(s);
    }
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

  std::vector<double> exact_diffusion(const unsigned int s) const
  {
    std::vector<double> result(world.fields.n_owned_nodes());
    world.for_each_node([&](const auto &place, const unsigned int node) {
      result[node] = world.fields.volume(node, s) * Problem::diffusivity[s] * dim * M_PI * M_PI / (side * side) *
                     amplitude[s] * wave(place);
    });
    return result;
  }

  std::vector<double> discrete_diffusion(const unsigned int s) const
  {
    auto values = world.fields.extract(s);
    world.for_each_node(
        [&](const auto &place, const unsigned int node) { values.local_element(node) = amplitude[s] * wave(place); });
    const auto product = test::plain_diffusion(world.fields, s, values);
    return {product.begin(), product.end()};
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
        source[Problem::n * node + s] = fraction * tissue * (-u[s] / time_scale + Problem::decay[s] * u[s] - rate[s]) +
                                        diffusion[s][node] * std::exp(-time / time_scale);
      }
      source[Problem::n * node + Problem::ligand] +=
          tissue * (Problem::exchange * (u[Problem::ligand] - Problem::blood) + uptake * u[Problem::ligand]);
      sink[Problem::n * node + Problem::ligand] = uptake * tissue;
    });
    world.sources.compress();
  }

  test::FieldWorld<dim> world;
  std::vector<double> diffusion[Problem::n]; ///< K u at the nodes at time zero, nM um^dim/min
};

template <int dim>
void check_time_order(const std::string &mesh, const OrganParameters &organ)
{
  for (const auto &[scheme, order] : {std::pair<std::string, double>{"backward Euler", 1.0}, {"SDIRK2", 2.0}})
  {
    const auto error = [&organ = organ, &scheme = scheme](const unsigned int steps) {
      return Manufactured<dim>(organ, Laplacian::discrete, scheme).error(steps);
    };
    const double coarse = error(16), fine = error(32), finest = error(64);
    INFO(scheme << ", " << mesh << ", " << dim << "-D: " << coarse << " " << fine << " " << finest);
    test::measured("B4", "order in time, " + scheme + ", " + mesh + ", " + std::to_string(dim) + "-D",
                   std::log2(fine / finest), order);
    CHECK(std::log2(coarse / fine) == Approx(order).margin(0.1));
    CHECK(std::log2(fine / finest) == Approx(order).margin(0.05));
  }
}

/// On a mesh and the same one refined as a whole.
template <int dim>
void check_space_order(const std::string &mesh, const OrganParameters &organ)
{
  const auto error = [&](const unsigned int whole_refinements) {
    return Manufactured<dim>(organ, Laplacian::exact, "SDIRK2", whole_refinements).error(64);
  };
  const double coarse = error(0), fine = error(1);
  INFO(mesh << ", " << dim << "-D: " << coarse << " " << fine);
  test::measured("B4", "order in space, " + mesh + ", " + std::to_string(dim) + "-D", std::log2(coarse / fine), 2.0);
  CHECK(std::log2(coarse / fine) == Approx(2.0).margin(0.1));
}

template <int dim>
void check_time_orders()
{
  check_time_order<dim>("uniform", uniform<dim>(4));
  for (const auto &[mesh, organ] : other_meshes<dim>(4))
    check_time_order<dim>(mesh, organ);
}

template <int dim>
void check_space_orders(const unsigned int cells)
{
  check_space_order<dim>("uniform", uniform<dim>(cells));
  for (const auto &[mesh, organ] : other_meshes<dim>(cells))
    check_space_order<dim>(mesh, organ);
}
} // namespace

TEST_CASE("All couplings are of first and second order in time", "[B4]")
{
  check_time_orders<2>();
  check_time_orders<3>();
}

TEST_CASE("All couplings are of second order in space", "[B4]")
{
  check_space_orders<2>(8);
  check_space_orders<3>(4);
}
