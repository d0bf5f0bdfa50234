// The solver of the fields: iterations that depend neither on the mesh nor on the step, and the same answer from every
// solver that can be asked for.
#include "linear_problem.h"
#include "measured.h"

#include "organ/mesh_hierarchy.h"
#include "organ/tree_partition.h"

#include <catch2/catch.hpp>

using namespace nidus;
using dealii::Point;

namespace
{
constexpr double side = 640.0, steady = std::numeric_limits<double>::infinity();

/// Measured. At a contrast of 100 a finely resolved curved border of two tissues costs two iterations more on a coarse
/// base mesh (10 on one that is finer by a level, whatever the refinement of the border). The likely reason: a coarse
/// cell that is cut has the mean of both tissues, which is wrong across a thin poor layer.
constexpr unsigned int most_at_fine_wall = 12;

template <int dim>
OrganParameters cube(const unsigned int coarse_cells, const unsigned int depth)
{
  auto organ = test::block(std::vector<double>(dim, side), side / (coarse_cells << depth), 0.25);
  organ.refinements = depth;
  return organ;
}

template <int dim>
OrganParameters with_refined_ball(OrganParameters organ, const unsigned int levels)
{
  organ.refined_balls = (dim == 2 ? "320, 320, 100, " : "320, 320, 320, 100, ") + std::to_string(levels);
  organ.resolve(dim, "");
  return organ;
}

/// A cylinder (disc) of another tissue: its surface is a staircase on the finest mesh and lost on coarse ones.
OrganParameters with_core(OrganParameters organ)
{
  organ.block.lumen_radius = 170.0;
  organ.regions.push_back(test::region("airway", true, 0.25));
  return organ;
}

/// Greatest number of iterations over all steps, and a line of the table.
template <int dim>
unsigned int most_iterations(const std::string &what, const OrganParameters &organ, const double contrast)
{
  test::LinearProblem<dim> problem(organ, contrast);
  unsigned int most = 0;
  std::string reference = "<= 10; dt 0.1, 1, 60 min, steady:";
  for (const double dt : {0.1, 1.0, 60.0, steady})
  {
    const unsigned int n = problem.iterations(dt);
    most = std::max(most, n);
    reference += " " + std::to_string(n);
  }
  test::measured("multigrid",
                 "iterations to 1e-8, " + std::to_string(dim) + "-D, " + what + ", " +
                     std::to_string(problem.n_nodes()) + " nodes, " + std::to_string(problem.n_levels()) + " levels",
                 most, reference);
  return most;
}
} // namespace

TEST_CASE("Iterations do not grow with the depth of refinement", "[multigrid]")
{
  for (const unsigned int depth : {2u, 3u, 4u, 5u})
  {
    const std::string name = "depth " + std::to_string(depth);
    CHECK(most_iterations<2>(name, cube<2>(10, depth), 1.0) <= 10);
    CHECK(most_iterations<2>(name + " and a refined ball", with_refined_ball<2>(cube<2>(5, depth), 2), 1.0) <= 10);
    CHECK(most_iterations<3>(name, cube<3>(depth < 5 ? 3 : 1, depth), 1.0) <= 10);
    if (depth < 4)
      CHECK(most_iterations<3>(name + " and a refined ball", with_refined_ball<3>(cube<3>(3, depth), 1), 1.0) <= 10);
  }
}

TEST_CASE("Iterations with two tissues of unlike diffusivity", "[multigrid]")
{
  for (const double contrast : {10.0, 100.0})
  {
    const std::string times = ", contrast " + std::to_string(static_cast<int>(contrast));
    const test::WavyMesh<2> plane(8, side, 0.0, 0.5 * side);
    const test::WavyMesh<2> bent_plane(8, side, 30.0, 0.5 * side);
    CHECK(most_iterations<2>("plane interface" + times, plane.organ(4, 0.25), contrast) <= 10);
    CHECK(most_iterations<2>("bent cells" + times, bent_plane.organ(4, 0.25), contrast) <= 10);
    CHECK(most_iterations<2>("staircase" + times, with_core(cube<2>(8, 4)), contrast) <= 10);
    for (const unsigned int depth : {3u, 4u})
      for (const unsigned int levels : {2u, 3u})
      {
        auto walls = with_core(cube<2>(8, depth));
        walls.wall_refinements = levels;
        CHECK(most_iterations<2>("staircase refined by " + std::to_string(levels) + " levels" + times, walls,
                                 contrast) <= (depth == 3 && contrast > 10.0 ? most_at_fine_wall : 10));
      }
  }
  for (const double contrast : {10.0, 100.0})
  {
    const std::string times = ", contrast " + std::to_string(static_cast<int>(contrast));
    const test::WavyMesh<3> plane(4, side, 0.0, 0.5 * side);
    CHECK(most_iterations<3>("plane interface" + times, plane.organ(3, 0.25), contrast) <= 10);
    CHECK(most_iterations<3>("staircase" + times, with_core(cube<3>(4, 3)), contrast) <= 10);
    auto walls = with_core(cube<3>(4, 2));
    walls.wall_refinements = 1;
    CHECK(most_iterations<3>("staircase refined by 1 level" + times, walls, contrast) <= 10);
  }
}

namespace
{
template <int dim>
void check_nesting(const OrganParameters &parameters)
{
  const Organ<dim> organ(MPI_COMM_SELF, parameters);
  const MeshHierarchy<dim> hierarchy(organ);
  REQUIRE(hierarchy.n_levels() == organ.triangulation().n_global_levels());
  CHECK(hierarchy.mesh(0).n_global_levels() == 1);
  for (unsigned int level = 0; level + 1 < hierarchy.n_levels(); ++level)
  {
    const auto &coarse = hierarchy.mesh(level), &fine = hierarchy.mesh(level + 1);
    CHECK(coarse.n_global_active_cells() < fine.n_global_active_cells());
    unsigned int outside = 0;
    for (const auto &cell : coarse.active_cell_iterators())
      outside += find_cell<dim>(fine, cell->id())->id() == cell->id() ? 0 : 1;
    INFO(dim << "-D, level " << level);
    CHECK(outside == 0);
  }
}
} // namespace

TEST_CASE("Every coarser mesh is made of cells of the finer one or of their parents", "[multigrid]")
{
  check_nesting<2>(with_refined_ball<2>(cube<2>(5, 2), 3));
  check_nesting<3>(with_refined_ball<3>(cube<3>(3, 1), 2));
  auto walls = with_core(cube<2>(5, 1));
  walls.wall_refinements = 3;
  check_nesting<2>(walls);
}

namespace
{
/// A source in a refined block of two tissues after one step of a minute; the options of PETSc are as they are set.
std::vector<double> answer(const std::string &preconditioner)
{
  const auto organ = with_refined_ball<3>(with_core(cube<3>(4, 1)), 1);
  auto parameters = test::slow_and_fast(organ, 10.0);
  parameters.solver.preconditioner = preconditioner;
  test::FieldWorld<3> world(organ, parameters);
  world.add_source(0, Point<3>(80, 80, 80), 1e4);
  world.add_source(1, Point<3>(80, 80, 80), 1e4);
  world.advance(1.0);
  std::vector<double> values(2 * world.fields.n_owned_nodes());
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  std::copy_n(u, values.size(), values.begin());
  VecRestoreArrayRead(world.fields.state, &u);
  return values;
}

double relative_difference(const std::vector<double> &a, const std::vector<double> &b)
{
  double worst = 0.0, greatest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i)
  {
    worst = std::max(worst, std::abs(a[i] - b[i]));
    greatest = std::max(greatest, std::abs(b[i]));
  }
  return worst / greatest;
}
} // namespace

TEST_CASE("Every solver and preconditioner finds the same fields", "[multigrid]")
{
  const auto reference = answer("multigrid");
  const double diagonal = relative_difference(answer("diagonal"), reference);
  test::measured("multigrid", "fields with preconditioner diagonal, greatest difference", diagonal, "< 1e-9");
  CHECK(diagonal < 1e-9);
  const std::vector<std::pair<std::string, std::string>> options = {{"-fields_ksp_type", "cg"},
                                                                    {"-fields_ksp_type", "fgmres"},
                                                                    {"-fields_coarse_pc_type", "gamg"},
                                                                    {"-fields_pc_type", "jacobi"}};
  for (const auto &[name, value] : options)
  {
    PetscOptionsSetValue(nullptr, name.c_str(), value.c_str());
    const double difference = relative_difference(answer("multigrid"), reference);
    PetscBool used = PETSC_FALSE;
    PetscOptionsUsed(nullptr, name.c_str() + 1, &used);
    CHECK(used == PETSC_TRUE);
    PetscOptionsClearValue(nullptr, name.c_str());
    test::measured("multigrid", "fields with " + name + " " + value + ", greatest difference", difference, "< 1e-9");
    CHECK(difference < 1e-9);
  }
}
