// Named surfaces of the tissue, and what conditions on them add at the nodes.
#include "control/input_error.h"
#include "field_world.h"
#include "fields/boundary_terms.h"
#include "organ/boundaries.h"
#include "small_mesh.h"

#include <catch2/catch.hpp>

#include <numeric>

using namespace nidus;
using dealii::Point;
using test::condition;
using test::region;

namespace
{
/// A block of 200^dim with a lumen along its last axis.
template <int dim>
OrganParameters tunnel(const double cell_size, const unsigned int wall_refinements)
{
  auto organ = test::with_airway(test::block(std::vector<double>(dim, 200.0), cell_size), 45.0);
  organ.wall_refinements = wall_refinements;
  return organ;
}

template <int dim>
double area_of(const Organ<dim> &organ, const std::string &name)
{
  const int index = organ.boundaries().index(name);
  return index < 0 ? 0.0 : organ.boundaries().areas()[index];
}

template <int dim>
void check_sides(const OrganParameters &parameters)
{
  const Organ<dim> organ(MPI_COMM_WORLD, parameters);
  const double side = std::pow(200.0, dim - 1);
  CHECK(area_of(organ, "x min") == Approx(side).epsilon(1e-12));
  CHECK(area_of(organ, "x max") == Approx(side).epsilon(1e-12));
  if (dim == 3)
  {
    // The tunnel opens there.
    const double opening = organ.region_volumes()[1] / 200.0;
    CHECK(area_of(organ, "z min") == Approx(side - opening).epsilon(1e-12));
  }
}

/// Sum over the nodes of all ranks.
double total(const std::vector<double> &terms)
{
  return dealii::Utilities::MPI::sum(std::accumulate(terms.begin(), terms.end(), 0.0), MPI_COMM_WORLD);
}
} // namespace

TEST_CASE("The sides of a block have their names and areas, refined walls or not", "[boundaries][mpi]")
{
  for (const unsigned int refinements : {0u, 1u, 2u})
  {
    INFO("wall refinements " << refinements);
    check_sides<2>(tunnel<2>(20.0, refinements));
    check_sides<3>(tunnel<3>(50.0, refinements));
  }
}

TEST_CASE("The wall of a lumen is the faces between tissue and lumen", "[boundaries][mpi]")
{
  // Middles at 10 and 30 from the axis: (30, 30) is inside of a radius of 45, (50, 10) outside. The lumen is a slit of
  // 80 in 2-D and a square tunnel of 80 in 3-D.
  const Organ<2> flat(MPI_COMM_WORLD, tunnel<2>(20.0, 0));
  CHECK(flat.region_volumes()[1] == Approx(80.0 * 200.0));
  CHECK(area_of(flat, "airway") == Approx(2.0 * 200.0).epsilon(1e-12));
  const Organ<3> solid(MPI_COMM_WORLD, tunnel<3>(20.0, 0));
  CHECK(area_of(solid, "airway") == Approx(4.0 * 80.0 * 200.0).epsilon(1e-12));
}

TEST_CASE("Faces beside finer or coarser cells without tissue are found once", "[boundaries][mpi]")
{
  // A ball at the wall of the lumen makes the neighbours on either side finer.
  for (const double x : {50.0, 75.0})
  {
    auto parameters = tunnel<2>(20.0, 0);
    parameters.refined_balls = std::to_string(x) + ", 100, 6, 1";
    parameters.resolve(2, "");
    const Organ<2> organ(MPI_COMM_WORLD, parameters);
    INFO("ball at " << x << ", lumen " << organ.region_volumes()[1]);
    CHECK(organ.smallest_edge() <= 20.0);
    const double perimeter = area_of(organ, "airway");
    // Summed independently: every lumen cell whose neighbour is tissue, seen from the lumen.
    double expected = 0.0;
    for (const auto &cell : organ.triangulation().active_cell_iterators())
      if (cell->is_locally_owned() && !organ.is_tissue(cell))
        for (const unsigned int f : cell->face_indices())
        {
          if (cell->at_boundary(f))
            continue;
          const auto neighbour = cell->neighbor(f);
          if (!neighbour->has_children())
            expected += organ.is_tissue(neighbour) ? cell->face(f)->measure() : 0.0;
          else
            for (unsigned int part = 0; part < 2; ++part)
              if (organ.is_tissue(cell->neighbor_child_on_subface(f, part)))
                expected += 0.5 * cell->face(f)->measure();
        }
    CHECK(perimeter == Approx(dealii::Utilities::MPI::sum(expected, MPI_COMM_WORLD)).epsilon(1e-12));
  }
}

TEST_CASE("A lung lobe ends at its outside and its airway", "[boundaries][mpi]")
{
  OrganParameters parameters;
  parameters.shape = "lung lobe";
  parameters.cell_size = 160.0;
  parameters.regions = {region("parenchyma", true), region("airway", false)};
  const Organ<3> organ(MPI_COMM_WORLD, parameters);
  CHECK(organ.boundaries().names() == std::vector<std::string>{"outside", "airway"});
  CHECK(area_of(organ, "outside") > area_of(organ, "airway"));
}

TEST_CASE("Physical surfaces of a mesh file are named boundaries", "[boundaries]")
{
  const test::SmallMesh mesh("two_squares.msh", {"0 0 0", "1 0 0", "2 0 0", "0 1 0", "1 1 0", "2 1 0"},
                             {"1 2 9 9 1 4", "1 2 8 8 3 6", "3 2 7 7 1 2 5 4", "3 2 7 7 2 3 6 5"});
  auto parameters = mesh.organ(2);
  parameters.mesh_file.boundaries = {{"vessel", 9.0}, {"pleura", 8.0}};
  const Organ<2> organ(MPI_COMM_SELF, parameters);
  CHECK(area_of(organ, "vessel") == Approx(1.0));
  CHECK(area_of(organ, "pleura") == Approx(1.0));
  CHECK(area_of(organ, "outside") == Approx(4.0));
  parameters.mesh_file.boundaries = {{"vessel", 10.0}};
  CHECK_THROWS_WITH(Organ<2>(MPI_COMM_SELF, parameters), Catch::Contains("vessel"));
}

TEST_CASE("A flux enters as much as it says, through any surface", "[boundaries][mpi]")
{
  for (const unsigned int refinements : {0u, 1u})
  {
    FieldsParameters parameters;
    parameters.fields = {test::field("ligand", 100.0, 0.0)};
    parameters.boundaries = {condition("airway", "flux", "0.3"), condition("x min", "flux", "-0.1"),
                             condition("z max", "flux", "x")};
    const test::FieldWorld<3> world(tunnel<3>(20.0, refinements), parameters);
    const BoundaryTerms<3> terms(world.fields);
    const double opening = world.organ.region_volumes()[1] / 200.0;
    // The mean of x is 100, by symmetry.
    const double expected =
        0.3 * area_of(world.organ, "airway") - 0.1 * 200.0 * 200.0 + 100.0 * (200.0 * 200.0 - opening);
    INFO("wall refinements " << refinements);
    CHECK(total(terms.inflow()) == Approx(expected).epsilon(1e-12));
    CHECK(terms.outflow_rate().empty());
    CHECK(terms.is_fixed().empty());
  }
}

TEST_CASE("Robin conditions are nodal losses and gains", "[boundaries][mpi]")
{
  FieldsParameters parameters;
  parameters.fields = {test::field("other", 100.0, 0.0), test::field("ligand", 100.0, 0.0)};
  auto robin = condition("airway", "Robin");
  robin.permeability = "2 + 0*x";
  robin.value = "0.25 * t";
  parameters.boundaries = {robin};
  const test::FieldWorld<2> world(tunnel<2>(20.0, 1), parameters);
  BoundaryTerms<2> terms(world.fields);
  const double area = area_of(world.organ, "airway");
  CHECK(total(terms.outflow_rate()) == Approx(2.0 * area).epsilon(1e-12));
  CHECK(total(terms.inflow()) == 0.0);
  terms.update(8.0);
  CHECK(total(terms.inflow()) == Approx(2.0 * 2.0 * area).epsilon(1e-12));
  for (std::size_t i = 0; i < terms.outflow_rate().size(); ++i)
  {
    CHECK(terms.outflow_rate()[i] >= 0.0);
    if (i % 2 == 0)
      CHECK(terms.outflow_rate()[i] == 0.0);
  }
}

TEST_CASE("Values that meet at a node are averaged with the surface of each", "[boundaries][mpi]")
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", 100.0, 0.0)};
  auto left = condition("x min", "value"), lower = condition("y min", "value");
  left.value = "1";
  lower.value = "4";
  parameters.boundaries = {left, lower};
  const test::FieldWorld<2> world(test::block({80.0, 40.0}, 20.0), parameters);
  const BoundaryTerms<2> terms(world.fields);
  unsigned int corners = 0;
  world.fields.for_each_tissue_node([&](const Point<2> &place, const unsigned int node) {
    CHECK(terms.is_fixed()[node] == (place[0] == 0.0 || place[1] == 0.0));
    if (place.norm() == 0.0)
    {
      ++corners;
      CHECK(terms.fixed_value()[node] == Approx(2.5));
    }
    else if (terms.is_fixed()[node])
      CHECK(terms.fixed_value()[node] == Approx(place[0] == 0.0 ? 1.0 : 4.0));
  });
  CHECK(dealii::Utilities::MPI::sum(corners, MPI_COMM_WORLD) == 1);
}

TEST_CASE("Conditions that cannot be are refused with entry, formula and place", "[boundaries]")
{
  const auto build = [](const BoundaryCondition &wrong, const double time = 0.0) {
    FieldsParameters parameters;
    parameters.fields = {test::field("ligand", 100.0, 0.0), test::field("bound", 0.0, 0.0)};
    parameters.boundaries = {wrong};
    test::FieldWorld<2> world(tunnel<2>(20.0, 0), parameters, {}, MPI_COMM_SELF);
    BoundaryTerms<2>(world.fields).update(time);
  };
  using Catch::Contains;
  CHECK_THROWS_WITH(build(condition("pleura", "flux", "1")),
                    Contains("pleura") && Contains("x min") && Contains("airway"));
  CHECK_THROWS_WITH(build(condition("x min", "flux", "1/(y-100)")),
                    Contains("Boundaries/x min/Flux") && Contains("1/(y-100)") && Contains("(0, 100) um"));
  CHECK_THROWS_WITH(build(condition("x min", "flux", "q")), Contains("'q' is unknown"));
  CHECK_THROWS_WITH(build(condition("x min", "flux", "2*")), Contains("2*"));
  CHECK_THROWS_WITH(build(condition("x min", "flux", "x = 3")), Contains("assigns"));
  CHECK_THROWS_WITH(build(condition("x min", "flux", "z")), Contains("remove z"));
  CHECK_THROWS_WITH(build(condition("x min", "flux", "")), Contains("Boundaries/x min/Flux"));
  auto negative = condition("x min", "value", "50 - y");
  CHECK_THROWS_WITH(build(negative), Contains("50 - y") && Contains("(0, 60) um"));
  negative.value = "-1";
  CHECK_THROWS_WITH(build(negative), Contains("-1"));
  auto unread = condition("x min", "flux", "1");
  unread.permeability = "1";
  CHECK_THROWS_WITH(build(unread), Contains("Boundaries/x min/Permeability"));
  auto immobile = condition("x min", "flux", "1");
  immobile.field = "bound";
  CHECK_THROWS_WITH(build(immobile), Contains("does not diffuse"));
  auto unknown = condition("x min", "flux", "1");
  unknown.field = "lignad";
  CHECK_THROWS_WITH(build(unknown), Contains("lignad") && Contains("ligand"));
  CHECK_THROWS_WITH(build(condition("x min", "value", "1 - t"), 2.0), Contains("1 - t") && Contains("t = 2 min"));
}
