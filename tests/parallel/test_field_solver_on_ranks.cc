// The verification of the fields on one rank and on all: the same fields node by node, ledgers, levels and iterations.
#include "coupled_fields.h"
#include "linear_problem.h"
#include "measured.h"

#include "io/run_statistics.h"

#include <catch2/catch.hpp>

#include <map>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double side = 320.0;

template <int dim>
OrganParameters cube(const bool refined)
{
  auto organ = test::block(std::vector<double>(dim, side), dim == 2 ? 10.0 : 40.0, 0.25);
  organ.refinements = 1;
  if (refined)
  {
    organ.refined_balls = dim == 2 ? "100, 110, 40, 2" : "100, 110, 120, 30, 2";
    organ.resolve(dim, "");
  }
  return organ;
}

using Nodes = std::map<std::vector<long>, std::vector<double>>;

/// All values of all ranks of the organ's communicator, by place.
template <int dim>
Nodes nodes_of(const test::FieldWorld<dim> &world)
{
  Nodes own, all;
  const unsigned int n = world.fields.n_fields();
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  world.for_each_node([&](const Point<dim> &place, const unsigned int node) {
    std::vector<long> key;
    for (int d = 0; d < dim; ++d)
      key.push_back(std::lround(1e4 * place[d]));
    own[key].assign(u + node * n, u + (node + 1) * n);
  });
  VecRestoreArrayRead(world.fields.state, &u);
  for (const auto &part : dealii::Utilities::MPI::all_gather(world.organ.communicator(), own))
    all.insert(part.begin(), part.end());
  return all;
}

/// Greatest difference over all nodes, relative to the greatest value of the field.
double difference(const Nodes &alone, const Nodes &together)
{
  REQUIRE(alone.size() == together.size());
  const std::size_t n = alone.begin()->second.size();
  std::vector<double> worst(n, 0.0), greatest(n, 0.0);
  for (const auto &[place, values] : alone)
  {
    const auto found = together.find(place);
    REQUIRE(found != together.end());
    for (std::size_t s = 0; s < n; ++s)
    {
      worst[s] = std::max(worst[s], std::abs(values[s] - found->second[s]));
      greatest[s] = std::max(greatest[s], std::abs(values[s]));
    }
  }
  double relative = 0.0;
  for (std::size_t s = 0; s < n; ++s)
  {
    CHECK(greatest[s] > 0.0);
    relative = std::max(relative, worst[s] / greatest[s]);
  }
  return relative;
}

/// B1: a steady point source in the middle, where all meshes have a node; the mass is production over loss.
template <int dim>
Nodes point_source(MPI_Comm comm, const OrganParameters &organ)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 600.0, 0.1)};
  parameters.fields[0].quasi_steady = true;
  test::FieldWorld<dim> world(organ, parameters, {}, comm);
  Point<dim> middle;
  for (int d = 0; d < dim; ++d)
    middle[d] = 0.5 * side;
  world.add_source(0, middle, 1000.0);
  const auto report = world.advance(1.0);
  CHECK(world.fields.amounts()[0] == Approx(1000.0 / 0.1).epsilon(1e-9));
  CHECK(relative_residual(report.budget[0]) < 1e-9);
  const auto steady = nodes_of(world);

  // A very long step ends where the steady state is.
  parameters.fields[0].quasi_steady = false;
  test::FieldWorld<dim> stepped(organ, parameters, {}, comm);
  stepped.add_source(0, middle, 1000.0);
  stepped.advance(1e12);
  CHECK(difference(steady, nodes_of(stepped)) < 1e-9);
  return steady;
}

/// B3: a Gaussian that spreads and decays.
template <int dim>
Nodes spreading(MPI_Comm comm, const OrganParameters &organ)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 600.0, 0.05)};
  test::FieldWorld<dim> world(organ, parameters, {}, comm);
  world.set(0, [](const Point<dim> &place) { return std::exp(-0.5 * place.square() / 3600.0); });
  world.fields.update_ghosts();
  for (unsigned int i = 0; i < 3; ++i)
    CHECK(relative_residual(world.advance(1.0).budget[0]) < 1e-9);
  return nodes_of(world);
}

/// The couplings of B4 with a source.
template <int dim>
Nodes coupled(MPI_Comm comm, const OrganParameters &organ)
{
  using Problem = test::CoupledFields;
  auto parameters = Problem::parameters();
  parameters.solver.scheme = "SDIRK2";
  parameters.solver.newton_tolerance = 1e-12;
  test::FieldWorld<dim> world(organ, parameters, {"ligand"}, comm);
  world.add_source(Problem::enzyme, Point<dim>(), 1e4);
  for (unsigned int i = 0; i < 2; ++i)
    for (const auto &budget : world.advance(2.0, {Problem::blood}).budget)
      CHECK(relative_residual(budget) < 1e-9);
  return nodes_of(world);
}

template <int dim, typename Solve>
void compare_on(const std::string &mesh, const OrganParameters &organ, const std::string &what, const Solve &solve)
{
  const double worst = difference(solve(MPI_COMM_SELF, organ), solve(MPI_COMM_WORLD, organ));
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  test::measured("B15",
                 "fields on 1 and " + std::to_string(n_ranks) + " ranks, " + what + ", " + mesh + ", " +
                     std::to_string(dim) + "-D",
                 worst, "< 1e-9");
  CHECK(worst < 1e-9);
}

template <int dim, typename Solve>
void compare(const std::string &what, const Solve &solve)
{
  compare_on<dim>("uniform", cube<dim>(false), what, solve);
  compare_on<dim>("refined by two levels", cube<dim>(true), what, solve);
  const unsigned int n = dim == 2 ? 8 : 4, refinements = dim == 2 ? 2 : 1;
  const test::OtherMeshes<dim> meshes(n, side, dim == 2 ? "100, 110, 40" : "100, 110, 120, 30", 0.25, refinements);
  for (const auto &[mesh, organ] : meshes)
    if (organ.shape == "mesh file")
      compare_on<dim>(mesh, organ, what, solve);
}

template <int dim>
void compare_iterations(const OrganParameters &organ, const double contrast)
{
  test::LinearProblem<dim> alone(organ, contrast, MPI_COMM_SELF), together(organ, contrast, MPI_COMM_WORLD);
  CHECK(together.n_levels() == alone.n_levels());
  CHECK(together.n_nodes() == alone.n_nodes());
  for (const double dt : {0.1, 60.0, std::numeric_limits<double>::infinity()})
  {
    const int one = static_cast<int>(alone.iterations(dt)), all = static_cast<int>(together.iterations(dt));
    INFO(dim << "-D, step " << dt << ": " << one << " iterations alone, " << all << " together");
    CHECK(std::abs(one - all) <= 1);
    CHECK(all <= 10);
  }
}
} // namespace

TEST_CASE("A point source is the same on any number of ranks", "[fields]")
{
  compare<2>("point source", point_source<2>);
  compare<3>("point source", point_source<3>);
}

TEST_CASE("A spreading Gaussian is the same on any number of ranks", "[fields]")
{
  compare<2>("Gaussian", spreading<2>);
  compare<3>("Gaussian", spreading<3>);
}

TEST_CASE("Coupled fields are the same at every node on any number of ranks", "[fields]")
{
  compare<2>("all couplings", coupled<2>);
  compare<3>("all couplings", coupled<3>);
}

TEST_CASE("Levels and iterations do not depend on the number of ranks", "[fields]")
{
  compare_iterations<2>(cube<2>(false), 1.0);
  compare_iterations<2>(cube<2>(true), 1.0);
  compare_iterations<3>(cube<3>(false), 1.0);
  compare_iterations<3>(cube<3>(true), 1.0);
  const test::WavyMesh<3> mesh(3, side, 20.0, 0.5 * side);
  compare_iterations<3>(mesh.organ(2, 0.25), 10.0);
}
