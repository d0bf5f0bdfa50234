// The mesh changes during a run and by rules before it: on 1, 2 and 3 ranks.
#include "adaptivity.h"
#include "agents/lineage.h"
#include "fields/gradient_jumps.h"
#include "measured.h"
#include "mesh_bound.h"
#include "meshes.h"
#include "organ/boundaries.h"
#include "organ/mesh_leaves.h"

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
const MPI_Comm comm = MPI_COMM_WORLD;

Parameters parameters_of(const OrganParameters &organ, const std::string &ligand)
{
  Parameters parameters;
  parameters.organ = organ;
  parameters.fields.fields = {test::field("ligand", 3600.0, 0.01), test::field("bound", 0.0, 1e-4)};
  parameters.fields.fields[0].initial = ligand;
  parameters.fields.fields[1].initial = "0.1 + 0.001 * x * x / (1 + y)";
  parameters.fields.fields[1].interstitial = false;
  parameters.fields = test::FieldWorld<3>::resolved(parameters.fields, organ, {});
  parameters.adaptivity.field_indices = {0};
  return parameters;
}

template <int dim>
struct World
{
  World(const OrganParameters &organ_parameters, const std::string &ligand)
      : parameters(parameters_of(organ_parameters, ligand)), organ(comm, parameters.organ),
        on_mesh(std::make_unique<MeshBound<dim>>(organ, parameters))
  {
  }

  typename Organ<dim>::Adaptation adapt()
  {
    typename Organ<dim>::Adaptation result;
    on_mesh = MeshBound<dim>::after([&] { result = organ.adapt(); }, organ, parameters, std::move(on_mesh), population);
    return result;
  }

  void flag(const std::function<int(const dealii::Point<dim> &)> &wish)
  {
    for (const auto &cell : organ.triangulation().active_cell_iterators())
      if (cell->is_locally_owned())
      {
        if (wish(cell->center()) > 0)
          cell->set_refine_flag();
        if (wish(cell->center()) < 0)
          cell->set_coarsen_flag();
      }
  }

  RefinementPlan plan()
  {
    return plan_refinement(parameters.adaptivity, organ, on_mesh->fields, on_mesh->locator, population);
  }

  Parameters parameters;
  Organ<dim> organ;
  std::unique_ptr<MeshBound<dim>> on_mesh;
  AgentPopulation<dim> population;
};

/// A peak on one cell or less: its top is lost when cells become one, and its foot is convex.
const std::string peak = "5 * exp(-((x - 33)^2 + (y - 47)^2) / 200) + 0.001 * x";

template <int dim>
void check_amounts(World<dim> &world, const std::vector<double> &amounts,
                   const std::vector<typename FieldSet<dim>::Extremes> &bounds, const std::string &name)
{
  const auto now = world.on_mesh->fields.amounts();
  const auto extremes = world.on_mesh->fields.extremes();
  for (unsigned int s = 0; s < amounts.size(); ++s)
  {
    INFO(name << ", field " << s);
    CHECK(std::abs(now[s] / amounts[s] - 1.0) < 1e-12);
    CHECK(extremes[s].minimum >= bounds[s].minimum - 1e-12);
    CHECK(extremes[s].maximum <= bounds[s].maximum + 1e-12);
    test::measured("adaptivity", name + ": relative change of the amount", now[s] / amounts[s] - 1.0, 0.0);
  }
}

template <int dim>
void check_to_and_fro(const OrganParameters &organ, const std::string &name)
{
  World<dim> world(organ, peak);
  const auto amounts = world.on_mesh->fields.amounts();
  const auto bounds = world.on_mesh->fields.extremes();
  const auto n_cells = world.organ.triangulation().n_global_active_cells();
  const auto volumes = world.organ.region_volumes();

  // Coarser on one side, finer on the other, so that hanging nodes appear in the middle of the peak.
  world.flag([](const auto &centre) { return centre[0] < 40.0 ? -1 : centre[0] > 100.0 ? 1 : 0; });
  const auto first = world.adapt();
  CHECK(first.before == n_cells);
  check_amounts(world, amounts, bounds, name + ", coarser at the peak");
  world.flag([](const auto &) { return -1; });
  world.adapt();
  world.flag([](const auto &) { return -1; });
  const auto last = world.adapt();
  CHECK(last.after < n_cells);
  check_amounts(world, amounts, bounds, name + ", coarser everywhere");
  world.flag([](const auto &centre) { return centre[1] < 80.0 ? 1 : 0; });
  world.adapt();
  check_amounts(world, amounts, bounds, name + ", finer again");
  for (std::size_t r = 0; r < volumes.size(); ++r)
    CHECK(world.organ.region_volumes()[r] == Approx(volumes[r]).epsilon(1e-12));
}
} // namespace

TEST_CASE("Amounts and bounds of fields are kept through refinement and coarsening", "[adaptivity]")
{
  auto boxes = test::block({160.0, 160.0, 80.0}, 10.0);
  boxes.refinements = 2;
  check_to_and_fro<3>(boxes, "boxes, 3-D");
  auto squares = test::block({160.0, 160.0}, 5.0);
  squares.refinements = 3;
  check_to_and_fro<2>(squares, "boxes, 2-D");
  const test::WavyMesh<2> bent(8, 160.0, 6.0, 80.0);
  check_to_and_fro<2>(bent.organ(2, 0.3), "bent cells of two regions, 2-D");
  const test::WavyMesh<3> bent_3d(4, 160.0, 6.0);
  check_to_and_fro<3>(bent_3d.organ(2), "bent cells, 3-D");
}

TEST_CASE("The estimated error of a quadratic function is the one of its interpolant", "[adaptivity]")
{
  // u'' = 2 along x: slopes jump by 2 h at the two faces of six (of four) that are normal to x, so the root mean square
  // is 2 h sqrt(1/3) (sqrt(1/2)); times h / 8.
  const double h = 10.0;
  {
    World<3> world(test::block({80.0, 80.0, 80.0}, h), "x^2");
    const auto errors = gradient_jumps(world.on_mesh->fields, 0);
    unsigned int inner = 0;
    for (const auto &cell : world.organ.triangulation().active_cell_iterators())
      if (cell->is_locally_owned() && !cell->at_boundary())
      {
        ++inner;
        CHECK(errors[cell->active_cell_index()] == Approx(h * h / 4.0 * std::sqrt(1.0 / 3.0)).epsilon(1e-9));
      }
    CHECK(dealii::Utilities::MPI::sum(inner, comm) == 6 * 6 * 6);
  }
  {
    World<2> world(test::block({80.0, 80.0}, h), "x^2");
    const auto errors = gradient_jumps(world.on_mesh->fields, 0);
    for (const auto &cell : world.organ.triangulation().active_cell_iterators())
      if (cell->is_locally_owned() && !cell->at_boundary())
        CHECK(errors[cell->active_cell_index()] == Approx(h * h / 4.0 * std::sqrt(0.5)).epsilon(1e-9));
  }
  // A linear function has none, across hanging nodes either.
  World<3> world(test::block({80.0, 80.0, 80.0}, h), "1 + 0.3 * x + 0.2 * y");
  world.flag([](const auto &centre) { return centre[0] < 30.0 && centre[1] < 50.0 ? 1 : 0; });
  world.adapt();
  const auto errors = gradient_jumps(world.on_mesh->fields, 0);
  CHECK(*std::max_element(errors.begin(), errors.end()) < 1e-11);
}

TEST_CASE("Fields and agents refine where they ask for it, within the bounds", "[adaptivity]")
{
  auto organ = test::block({160.0, 160.0, 160.0}, 20.0);
  World<3> world(organ, "exp(-((x - 80)^2 + (y - 80)^2 + (z - 80)^2) / 800)");
  auto &parameters = world.parameters.adaptivity;
  parameters.error = 0.02;
  parameters.smallest_size = 10.0;
  const auto n_before = world.organ.triangulation().n_global_active_cells();
  const auto by_field = world.plan();
  CHECK(by_field.refined > 0);
  CHECK(by_field.coarsened == 0); // no coarser than the first mesh
  world.adapt();
  double nearest_coarse = 1e300, farthest_fine = 0.0;
  for (const auto &cell : world.organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
    {
      const double distance = cell->center().distance({80.0, 80.0, 80.0});
      (cell->diameter() > 20.0 ? nearest_coarse : farthest_fine) =
          cell->diameter() > 20.0 ? std::min(nearest_coarse, distance) : std::max(farthest_fine, distance);
    }
  // The second derivative falls off beyond twice the width of 20 um.
  CHECK(dealii::Utilities::MPI::min(nearest_coarse, comm) > 20.0);
  CHECK(dealii::Utilities::MPI::max(farthest_fine, comm) < 90.0);

  // The bound of 10 um has been reached: errors alone refine nothing any more, and no cell goes up where they are.
  parameters.error = 1e-6;
  CHECK(world.plan().refined > 0);
  for (const auto &cell : world.organ.triangulation().active_cell_iterators())
  {
    if (cell->is_locally_owned() && cell->diameter() < 20.0)
      CHECK_FALSE((cell->refine_flag_set() || cell->coarsen_flag_set()));
    cell->clear_refine_flag();
  }
  parameters.error = 1.0;
  parameters.coarsening = 0.25;
  const auto back = world.plan();
  CHECK(back.refined == 0);
  CHECK(back.coarsened > 0);
  world.adapt();
  CHECK(world.organ.triangulation().n_global_active_cells() < n_before + 7 * by_field.refined);

  // Three agents of a type that counts in one cell, when two are allowed.
  parameters.error = 1.0;
  parameters.coarsening = 0.0;
  parameters.agent_types = {1};
  parameters.most_agents = 2;
  if (dealii::Utilities::MPI::this_mpi_process(comm) == 0)
    for (unsigned int i = 0; i < 3; ++i)
    {
      AgentRecord<3> record;
      record.key = 17 + i;
      record.stage = 5 * i;
      record.position = dealii::Point<3>(151.0 + i, 151.0, 155.0);
      world.population.append(record);
    }
  world.on_mesh->migration.settle(world.population);
  CHECK(world.plan().refined == 1);
  world.adapt();
  CHECK(dealii::Utilities::MPI::sum(world.population.size(), comm) == 3);
  for (std::size_t i = 0; i < world.population.size(); ++i)
  {
    CHECK(world.population.stage[i] == 5 * (world.population.key[i] - 17));
    const auto cell = world.on_mesh->locator.cell(world.population.cell[i]);
    CHECK(cell->diameter() < 20.0);
    CHECK(cell->point_inside(world.population.position[i]));
  }
}

TEST_CASE("A mesh is refused that would have too many cells", "[adaptivity]")
{
  World<3> world(test::block({80.0, 80.0, 80.0}, 20.0), "exp(-x / 10)");
  world.parameters.adaptivity.error = 0.001;
  world.parameters.adaptivity.most_cells = 65;
  const auto plan = world.plan();
  CHECK(plan.refined > 0);
  CHECK_FALSE(plan.room);
  CHECK_FALSE(plan.any());
}

TEST_CASE("A mesh that has been adapted is grown again from the list of its cells", "[adaptivity]")
{
  auto organ = test::with_airway(test::block({160.0, 160.0, 80.0}, 20.0), 45.0);
  World<3> world(organ, "1");
  world.flag([](const auto &centre) { return centre[0] < 50.0 ? 1 : 0; });
  world.adapt();
  world.flag([](const auto &centre) { return centre[0] < 30.0 ? 1 : centre[1] > 100.0 ? -1 : 0; });
  world.adapt();
  std::string leaves;
  for (const auto &part : dealii::Utilities::MPI::all_gather(comm, world.organ.leaves()))
    leaves += part;

  Organ<3> other(comm, organ);
  other.become(MeshLeaves(leaves));
  const auto &mesh = world.organ.triangulation(), &again = other.triangulation();
  REQUIRE(again.n_global_active_cells() == mesh.n_global_active_cells());
  // The same cells in the same order on the same ranks, with the same labels.
  REQUIRE(again.n_active_cells() == mesh.n_active_cells());
  CHECK(other.leaves() == world.organ.leaves());
  CHECK(other.region_volumes() == world.organ.region_volumes());
  CHECK(other.boundaries().areas() == world.organ.boundaries().areas());
  auto cell = again.begin_active();
  bool same = true;
  for (const auto &expected : mesh.active_cell_iterators())
  {
    same = same && cell->id() == expected->id() && cell->is_locally_owned() == expected->is_locally_owned() &&
           (cell->is_artificial() || cell->material_id() == expected->material_id());
    ++cell;
  }
  CHECK(same);
}

TEST_CASE("Rules refine the first mesh at surfaces, in regions and in boxes", "[adaptivity]")
{
  auto organ = test::with_airway(test::block({160.0, 160.0, 80.0}, 20.0), 45.0);
  RefinementRule wall;
  wall.name = "wall";
  wall.names = {"airway"};
  wall.cell_size = 5.0;
  RefinementRule box;
  box.name = "corner";
  box.where = "box";
  box.box = {0.0, 0.0, 0.0, 15.0, 15.0, 15.0};
  box.cell_size = 10.0;
  organ.refinement_rules = {wall, box};
  const Organ<3> refined(comm, organ);
  double coarsest_at_wall = 0.0, coarsest_in_box = 0.0, finest_elsewhere = 1e300;
  for (const auto &cell : refined.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
    {
      const double edge = cell->diameter() / std::sqrt(3.0);
      for (const auto &part : refined.boundaries().faces(cell))
        if (refined.boundaries().names()[part.boundary] == "airway")
          coarsest_at_wall = std::max(coarsest_at_wall, edge);
      if (cell->center()[0] < 15.0 && cell->center()[1] < 15.0 && cell->center()[2] < 15.0)
        coarsest_in_box = std::max(coarsest_in_box, edge);
      const double from_axis = std::hypot(cell->center()[0] - 80.0, cell->center()[1] - 80.0);
      if (from_axis < 10.0 || (cell->center()[0] > 145.0 && cell->center()[1] > 145.0))
        finest_elsewhere = std::min(finest_elsewhere, edge);
    }
  CHECK(dealii::Utilities::MPI::max(coarsest_at_wall, comm) == Approx(5.0));
  CHECK(dealii::Utilities::MPI::max(coarsest_in_box, comm) == Approx(10.0));
  CHECK(dealii::Utilities::MPI::min(finest_elsewhere, comm) >= Approx(20.0));
  // A cylinder of cells of 5 um instead of 20.
  const double volume = M_PI * 45.0 * 45.0 * 80.0;
  CHECK(std::abs(refined.region_volumes()[0] / (160.0 * 160.0 * 80.0 - volume) - 1.0) < 0.01);

  // Cells within a distance, too.
  wall.distance = 30.0;
  organ.refinement_rules = {wall};
  const Organ<3> wide(comm, organ);
  CHECK(wide.n_tissue_cells() > 2 * refined.n_tissue_cells());
}
