// Positivity of backward Euler with point sources and sinks: what the signs of the entries of K promise, and what is
// left of it where nodes hang.
#include "measured.h"
#include "meshes.h"

#include <catch2/catch.hpp>

#include <random>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double side = 320.0, diffusivity = 3600.0, decay = 0.01;

template <int dim>
OrganParameters uniform()
{
  return test::block(std::vector<double>(dim, side), dim == 2 ? 20.0 : 40.0);
}

template <int dim>
OrganParameters refined()
{
  auto organ = uniform<dim>();
  organ.refined_balls = dim == 2 ? "100, 110, 40, 2; 320, 320, 50, 1" : "100, 110, 120, 30, 2; 320, 320, 320, 50, 1";
  organ.resolve(dim, "");
  return organ;
}

FieldsParameters one_field(const bool quasi_steady)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, decay)};
  parameters.fields[0].quasi_steady = quasi_steady;
  return parameters;
}

template <int dim>
std::size_t n_positive_rows(const OrganParameters &organ)
{
  const test::FieldWorld<dim> world(organ, one_field(false));
  return MultigridSystem<dim>(world.fields).n_positive_rows();
}

/// Greatest K_ij with i != j over K_ii, from the products of K with unit vectors.
template <int dim>
double greatest_off_diagonal(const OrganParameters &organ)
{
  const test::FieldWorld<dim> world(organ, one_field(false));
  MultigridSystem<dim> system(world.fields);
  Vec unit = system.create_vector(), column = system.create_vector(), diagonal = system.create_vector();
  system.get_diffusion_diagonal(diagonal);
  const double *k = nullptr, *d = nullptr;
  double greatest = -1.0;
  PetscInt n = 0;
  VecGetSize(unit, &n);
  VecGetArrayRead(diagonal, &d);
  for (PetscInt j = 0; j < n; ++j)
  {
    VecSet(unit, 0.0);
    VecSetValue(unit, j, 1.0, INSERT_VALUES);
    VecAssemblyBegin(unit);
    VecAssemblyEnd(unit);
    system.apply_diffusion(unit, column);
    VecGetArrayRead(column, &k);
    for (PetscInt i = 0; i < n; ++i)
      if (i != j && d[i] > 0.0)
        greatest = std::max(greatest, k[i] / d[i]);
    VecRestoreArrayRead(column, &k);
  }
  VecRestoreArrayRead(diagonal, &d);
  for (Vec *vector : {&unit, &column, &diagonal})
    VecDestroy(vector);
  return greatest;
}

/**
 * Smallest value relative to the greatest one over steps from an empty organ of @p dt (min; infinite: steady), each
 * with one source at a node drawn at random and @p n_sinks sinks. All else is a sum of such steps.
 */
template <int dim>
double smallest_value(const OrganParameters &organ, const double dt, const unsigned int n_draws,
                      const unsigned int n_sinks)
{
  const bool steady = std::isinf(dt);
  test::FieldWorld<dim> world(organ, one_field(steady));
  std::vector<unsigned int> nodes;
  world.fields.for_each_tissue_node([&](const Point<dim> &, const unsigned int node) { nodes.push_back(node); });
  std::mt19937 generator(2007);
  const auto draw = [&]() { return nodes[generator() % nodes.size()]; };
  double smallest = 0.0;
  for (unsigned int i = 0; i < n_draws; ++i)
  {
    world.set(0, [](const Point<dim> &) { return 0.0; });
    world.sources.clear();
    world.sources.begin_adding();
    world.sources.local(SourceTerms<dim>::source)[draw()] += 1e4;
    for (unsigned int k = 0; k < n_sinks; ++k)
      world.sources.local(SourceTerms<dim>::uptake)[draw()] += std::pow(10.0, 2.0 + k % 6);
    world.sources.compress();
    world.advance(steady ? 1.0 : dt);
    const auto extremes = world.fields.extremes()[0];
    smallest = std::min(smallest, extremes.minimum / extremes.maximum);
  }
  return smallest;
}

/// Tissue that conducts @p ratio times as well along x, like cells that are longer across by its root.
template <int dim>
OrganParameters with_ratio(const double ratio)
{
  auto organ = refined<dim>();
  organ.regions[0].diffusion_factors =
      dim == 2 ? std::vector<double>{ratio, 1.0, 0.0} : std::vector<double>{ratio, 1.0, 1.0, 0.0, 0.0, 0.0};
  return organ;
}

/// Cells along the wall of an airway without tissue are refined.
template <int dim>
OrganParameters airway()
{
  auto organ = test::with_airway(uniform<dim>(), 90.0);
  organ.wall_refinements = 1;
  return organ;
}

constexpr double times[] = {1e-3, 1e-2, 1e-1, 1.0, 10.0, 1e3, std::numeric_limits<double>::infinity()};

template <int dim>
double smallest_of_all(const std::string &mesh, const OrganParameters &organ, const unsigned int n_sinks,
                       const std::string &reference)
{
  double smallest = 0.0, at = 0.0;
  for (const double dt : times)
  {
    const double value = smallest_value<dim>(organ, dt, dim == 2 ? 30 : 10, n_sinks);
    if (value < smallest)
      at = dt;
    smallest = std::min(smallest, value);
  }
  test::measured("positivity",
                 "smallest over greatest value, " + mesh + ", " + std::to_string(dim) + "-D, " +
                     std::to_string(n_sinks) + " sinks (at a step of " + std::to_string(at) + " min)",
                 smallest, reference);
  return smallest;
}

template <int dim>
void check_cubes(const std::string &mesh, const OrganParameters &organ, const unsigned int n_sinks)
{
  INFO(mesh << ", " << dim << "-D");
  CHECK(n_positive_rows<dim>(organ) == 0);
  // Up to the tolerance of the linear solve.
  CHECK(smallest_of_all<dim>(mesh, organ, n_sinks, ">= -1e-12") >= -1e-12);
}

/**
 * A hanging node h between masters a and b puts half of its links on each. In 2-D, with cells of edges hx (along a-b)
 * and hy and conductivities Dx, Dy, its link to the next fine node adds Dy hx / (4 hy) to K_ab, the edges of the fine
 * and the coarse cell -Dx hy / (4 hx) - Dx hy / (2 hx): positive when Dy hx^2 > 3 Dx hy^2. In 3-D it is found at lower
 * ratios too, and for cubes where the coarse side has no tissue, whose edges would outweigh it. In a step so short that
 * c is far above K, values next to a source are -dt K_ij / V_j.
 */
template <int dim>
void check_positive_entries(const std::string &mesh, const OrganParameters &organ, const bool expected)
{
  const std::string where = ", " + mesh + ", " + std::to_string(dim) + "-D";
  const std::size_t rows = n_positive_rows<dim>(organ);
  const double entry = greatest_off_diagonal<dim>(organ);
  test::measured("positivity", "rows with a positive entry off the diagonal" + where, rows, expected ? "some" : "0");
  test::measured("positivity", "greatest entry off the diagonal over the diagonal" + where, entry,
                 expected ? "< 0.25" : "0");
  INFO(mesh << ", " << dim << "-D");
  CHECK((rows > 0) == expected);
  // Rounding leaves 1e-16 of the diagonal.
  CHECK((entry > 1e-12) == expected);
  CHECK(entry < 0.25);
  const double smallest = smallest_of_all<dim>(mesh, organ, 0, expected ? "> -0.02" : ">= -1e-12");
  if (expected)
  {
    // No bound of theory: what was found, with some room.
    CHECK(smallest > -0.02);
  }
  else
    CHECK(smallest >= -1e-12);
}
} // namespace

TEST_CASE("Backward Euler keeps all values positive on cubes, hanging nodes or not", "[positivity]")
{
  for (const unsigned int n_sinks : {0u, 20u})
  {
    check_cubes<2>("uniform", uniform<2>(), n_sinks);
    check_cubes<3>("uniform", uniform<3>(), n_sinks);
    check_cubes<2>("locally refined", refined<2>(), n_sinks);
    check_cubes<3>("locally refined", refined<3>(), n_sinks);
    check_cubes<2>("refined at an airway", airway<2>(), n_sinks);
  }
}

TEST_CASE("Hanging nodes of long cells and at walls couple their masters the wrong way", "[positivity]")
{
  check_positive_entries<2>("conductivities 2.9 to 1", with_ratio<2>(2.9), false);
  check_positive_entries<2>("conductivities 3.1 to 1", with_ratio<2>(3.1), true);
  check_positive_entries<2>("conductivities 10 to 1", with_ratio<2>(10.0), true);
  check_positive_entries<3>("conductivities 2.9 to 1", with_ratio<3>(2.9), true);
  check_positive_entries<3>("conductivities 10 to 1", with_ratio<3>(10.0), true);
  check_positive_entries<3>("refined at an airway", airway<3>(), true);
}
