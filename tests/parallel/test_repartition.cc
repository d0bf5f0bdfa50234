// The mesh is shared out anew: nothing is lost on the way, on 1, 2 and 3 ranks.
#include "agents/lineage.h"
#include "balance.h"
#include "fields/field_transfer.h"
#include "measured.h"
#include "mesh_bound.h"
#include "meshes.h"
#include "organ/boundaries.h"
#include "organ/partition_forecast.h"

#include <catch2/catch.hpp>

#include <numeric>

using namespace nidus;

namespace
{
const MPI_Comm comm = MPI_COMM_WORLD;

unsigned int n_ranks()
{
  return dealii::Utilities::MPI::n_mpi_processes(comm);
}

Parameters parameters_of(const OrganParameters &organ)
{
  Parameters parameters;
  parameters.organ = organ;
  parameters.fields.fields = {test::field("ligand", 3600.0, 0.01), test::field("bound", 0.0, 1e-4)};
  parameters.fields.fields[0].initial = "1.5 + sin(0.031 * x) * cos(0.027 * y)";
  parameters.fields.fields[1].initial = "0.1 + 0.001 * x * x / (1 + y)";
  parameters.fields = test::FieldWorld<3>::resolved(parameters.fields, organ, {});
  return parameters;
}

template <int dim>
struct World
{
  explicit World(const OrganParameters &organ_parameters)
      : parameters(parameters_of(organ_parameters)), organ(comm, parameters.organ),
        on_mesh(std::make_unique<MeshBound<dim>>(organ, parameters))
  {
  }

  void repartition(const std::vector<unsigned int> &weights)
  {
    on_mesh =
        MeshBound<dim>::after([&] { organ.repartition(weights); }, organ, parameters, std::move(on_mesh), population);
  }

  Parameters parameters;
  Organ<dim> organ;
  std::unique_ptr<MeshBound<dim>> on_mesh;
  AgentPopulation<dim> population;
};

/// Values at all nodes that follow no other, by place; of all ranks.
template <int dim>
std::map<std::vector<double>, std::vector<double>> values_by_place(const FieldSet<dim> &fields)
{
  std::map<std::vector<double>, std::vector<double>> own, all;
  const double *values = nullptr;
  VecGetArrayRead(fields.state, &values);
  fields.for_each_tissue_node([&](const dealii::Point<dim> &place, const unsigned int node) {
    const double *begin = values + static_cast<std::size_t>(node) * fields.n_fields();
    own[std::vector<double>(place.begin_raw(), place.end_raw())].assign(begin, begin + fields.n_fields());
  });
  VecRestoreArrayRead(fields.state, &values);
  for (const auto &part : dealii::Utilities::MPI::all_gather(comm, own))
    all.insert(part.begin(), part.end());
  return all;
}

/// How many of the nodes in @p before are missing or have other bits now.
template <int dim>
unsigned int n_changed(const std::map<std::vector<double>, std::vector<double>> &before, const FieldSet<dim> &fields)
{
  const auto now = values_by_place(fields);
  unsigned int changed = 0;
  for (const auto &[place, values] : before)
    changed += now.count(place) == 0 || now.at(place) != values;
  return changed;
}

/// What labels and surfaces say of the mesh as it is partitioned: volume of each region and area of each surface.
template <int dim>
std::vector<double> geometry(const Organ<dim> &organ)
{
  const std::size_t n = organ.regions().size();
  std::vector<double> local(n + organ.boundaries().names().size(), 0.0), total = local;
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
    {
      local[cell->material_id()] += cell->measure();
      for (const auto &part : organ.boundaries().faces(cell))
        local[n + part.boundary] +=
            cell->face(part.face)->measure() /
            (part.subface == BoundaryFace::whole ? 1.0 : dealii::GeometryInfo<dim>::max_children_per_face);
    }
  dealii::Utilities::MPI::sum(local, comm, total);
  return total;
}

/// Cells in the lower half of the first axis weigh @p heavy times the others.
template <int dim>
std::vector<unsigned int> lopsided(const Organ<dim> &organ, const unsigned int heavy)
{
  std::vector<unsigned int> weights(organ.triangulation().n_active_cells(), 1);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned() && cell->center()[0] < 80.0)
      weights[cell->active_cell_index()] = heavy;
  return weights;
}

/// Owned cells whose owner is to be another rank, over all ranks.
template <int dim>
unsigned int n_leaving(const Organ<dim> &organ, const std::vector<unsigned int> &weights)
{
  const auto owner = forecast_owners(organ, weights);
  unsigned int leaving = 0;
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    leaving += cell->is_locally_owned() && owner[cell->active_cell_index()] != cell->subdomain_id();
  return dealii::Utilities::MPI::sum(leaving, comm);
}

/// How many cells this rank is to own.
template <int dim>
int n_cells_to_come(const Organ<dim> &organ, const std::vector<unsigned int> &owner)
{
  std::vector<int> own(n_ranks(), 0), all(n_ranks(), 0);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
      ++own[owner[cell->active_cell_index()]];
  dealii::Utilities::MPI::sum(own, comm, all);
  return all[dealii::Utilities::MPI::this_mpi_process(comm)];
}

/// Advances the fields by a step of @p dt (min) without agents.
template <int dim>
void advance(MeshBound<dim> &world, const double dt)
{
  world.sampling.fields_changed({});
  world.field_solver.advance(dt, {}, world.sources, 0.0);
}

template <int dim>
void check_world(const OrganParameters &organ)
{
  World<dim> still(organ), moved(organ);
  advance(*still.on_mesh, 10.0);
  advance(*moved.on_mesh, 10.0);
  const auto before = values_by_place(moved.on_mesh->fields);
  const auto amounts = moved.on_mesh->fields.amounts();
  const auto shape = geometry(moved.organ);
  const auto weights = lopsided(moved.organ, 20);
  const unsigned int leaving = n_leaving(moved.organ, weights);
  CHECK((leaving > 0) == (n_ranks() > 1));

  const auto foreseen = n_cells_to_come(moved.organ, forecast_owners(moved.organ, weights));
  moved.repartition(weights);
  // Children of one parent stay together, at both ends of a rank's cells.
  const auto came = static_cast<int>(moved.organ.triangulation().n_locally_owned_active_cells());
  CHECK(std::abs(came - foreseen) <= 2 * ((1 << dim) - 1));
  CHECK(n_changed(before, moved.on_mesh->fields) == 0);
  for (unsigned int s = 0; s < amounts.size(); ++s)
    CHECK(moved.on_mesh->fields.amounts()[s] == Approx(amounts[s]).epsilon(1e-12));
  const auto same_shape = geometry(moved.organ);
  for (std::size_t i = 0; i < shape.size(); ++i)
    CHECK(same_shape[i] == Approx(shape[i]).epsilon(1e-12));

  // The next step, on another partition, differs by what the solver leaves (linear tolerance 1e-12).
  advance(*still.on_mesh, 10.0);
  advance(*moved.on_mesh, 10.0);
  const auto expected = values_by_place(still.on_mesh->fields), found = values_by_place(moved.on_mesh->fields);
  double difference = 0.0;
  for (const auto &[place, values] : expected)
    for (unsigned int s = 0; s < values.size(); ++s)
      difference = std::max(difference, std::abs(found.at(place)[s] - values[s]) / values[s]);
  CHECK(difference < 1e-9);
}

OrganParameters with_ball(OrganParameters organ, const std::string &ball, const unsigned int dim)
{
  organ.refined_balls = ball;
  organ.resolve(dim, "");
  return organ;
}

/// A block whose corner is full of agents; the rest has none.
struct Crowd : World<3>
{
  static constexpr std::uint64_t n_agents = 300;

  Crowd() : World<3>(test::block({160.0, 160.0, 160.0}, 20.0))
  {
    if (dealii::Utilities::MPI::this_mpi_process(comm) == 0)
      for (std::uint64_t n = 0; n < n_agents; ++n)
      {
        AgentRecord<3> agent;
        agent.key = lineage::seeded_key(1, n, 0, 0);
        for (unsigned int d = 0; d < 3; ++d)
          agent.position[d] = 1.0 + 58.0 * std::fmod((n + 1) * (0.618 + 0.137 * d), 1.0);
        population.append(agent);
      }
    on_mesh->migration.settle(population);
  }

  std::vector<unsigned int> agents() const { return agents_in_cells(organ, on_mesh->locator, population); }

  /// Keys of all agents with their places, over all ranks.
  std::map<std::uint64_t, std::vector<double>> places() const
  {
    std::map<std::uint64_t, std::vector<double>> own, all;
    for (std::size_t i = 0; i < population.size(); ++i)
      own[population.key[i]].assign(population.position[i].begin_raw(), population.position[i].end_raw());
    for (const auto &part : dealii::Utilities::MPI::all_gather(comm, own))
      all.insert(part.begin(), part.end());
    return all;
  }
};
} // namespace

TEST_CASE("Fields, regions and surfaces survive a repartition", "[repartition]")
{
  SECTION("boxes with an airway and hanging nodes")
  {
    auto organ = test::with_airway(test::block({160.0, 120.0, 120.0}, 20.0, 0.25), 30.0);
    organ.wall_refinements = 1;
    check_world<3>(organ);
  }
  SECTION("a block that is not refined")
  {
    check_world<3>(test::with_airway(test::block({160.0, 80.0, 80.0}, 20.0), 25.0));
  }
  SECTION("periodic axes and a refined edge")
  {
    auto organ = test::with_airway(test::block({160.0, 120.0, 120.0}, 20.0, 0.25), 30.0);
    organ.block.periodic_axes = {"x", "y"};
    check_world<3>(with_ball(organ, "155, 115, 60, 10, 2", 3));
  }
  SECTION("a mesh file with two regions and a refined ball")
  {
    const test::WavyMesh<3> mesh(4, 160.0, 6.0, 80.0);
    check_world<3>(with_ball(mesh.organ(1), "60, 80, 80, 30, 1", 3));
  }
  SECTION("in the plane")
  {
    auto organ = test::with_airway(test::block({160.0, 120.0}, 10.0), 30.0);
    organ.wall_refinements = 1;
    check_world<2>(organ);
  }
}

TEST_CASE("A rank without cells is no obstacle", "[repartition]")
{
  World<3> world(test::block({160.0, 80.0, 80.0}, 20.0));
  std::vector<unsigned int> weights(world.organ.triangulation().n_active_cells(), 1);
  for (const auto &cell : world.organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned() && cell->center().distance(dealii::Point<3>(90, 50, 50)) < 1.0)
      weights[cell->active_cell_index()] = 1000000;
  const auto before = values_by_place(world.on_mesh->fields);
  world.repartition(weights);
  if (n_ranks() == 3)
    CHECK(dealii::Utilities::MPI::min(world.organ.triangulation().n_locally_owned_active_cells(), comm) == 0);
  CHECK(n_changed(before, world.on_mesh->fields) == 0);
  const double amount = world.on_mesh->fields.amounts()[0];
  advance(*world.on_mesh, 10.0);
  // Only decay, implicit: exactly 1 / (1 + k dt).
  CHECK(world.on_mesh->fields.amounts()[0] == Approx(amount / 1.1).epsilon(1e-9));
}

TEST_CASE("A crowd in a corner is shared by the ranks", "[repartition]")
{
  Crowd world;
  const auto places = world.places();
  REQUIRE(places.size() == Crowd::n_agents);
  const UnitCosts costs{1.0, 20.0};
  const auto plan = plan_repartition(world.organ, world.agents(), costs);
  world.repartition(plan.weights);
  CHECK(world.places() == places);
  for (std::size_t i = 0; i < world.population.size(); ++i)
    CHECK(world.on_mesh->locator.is_owned(world.population.cell[i]));

  // No parents, so the cuts are where they were foreseen.
  const auto after = plan_repartition(world.organ, world.agents(), costs);
  CHECK(after.now == Approx(plan.then));
  if (n_ranks() > 1)
  {
    CHECK(plan.agents.greatest == Approx(costs.agent * Crowd::n_agents));
    CHECK(after.agents.greatest < 0.75 * plan.agents.greatest);
    CHECK(after.now < 0.9 * plan.now);
  }
  else
    CHECK(plan.then == Approx(plan.now));
  test::measured("repartition", "greatest load of agents, of cells, after / before",
                 after.agents.greatest / plan.agents.greatest, after.fields.greatest / plan.fields.greatest);
}

TEST_CASE("Costs are those of the busiest rank", "[repartition]")
{
  Crowd world;
  const auto costs = unit_costs(world.organ, world.agents(), 6.0, 3.0);
  const double most = dealii::Utilities::MPI::max(world.organ.triangulation().n_locally_owned_active_cells(), comm);
  CHECK(costs.cell == Approx(6.0 / most));
  CHECK(costs.agent == Approx(3.0 / Crowd::n_agents));
}

TEST_CASE("A repartition has to pay", "[repartition]")
{
  RepartitionPlan plan;
  plan.now = 1.0;
  plan.then = 0.8;
  BalanceParameters parameters;
  parameters.mode = "measured";
  CHECK(judge(parameters, plan, 10.0, 1.9).repartition);
  CHECK_FALSE(judge(parameters, plan, 10.0, 2.1).repartition);
  parameters.smallest_gain = 0.25;
  CHECK_FALSE(judge(parameters, plan, 10.0, 1.9).repartition);
  parameters.mode = "always";
  CHECK(judge(parameters, plan, 10.0, 2.1).repartition);
}

TEST_CASE("Fields survive refinement and the way back", "[repartition]")
{
  // Corner quadrature integrates what is linear in each coordinate, so on boxes refinement keeps amounts.
  World<3> world(test::block({160.0, 80.0, 80.0}, 20.0));
  auto &mesh = world.organ.triangulation();
  const auto before = values_by_place(world.on_mesh->fields);
  const auto amounts = world.on_mesh->fields.amounts();
  const auto change = [&](const bool finer) {
    world.on_mesh = MeshBound<3>::after(
        [&] {
          for (const auto &cell : mesh.active_cell_iterators())
            if (cell->is_locally_owned() && cell->center()[0] < 60.0)
              finer ? cell->set_refine_flag() : cell->set_coarsen_flag();
          world.organ.adapt();
        },
        world.organ, world.parameters, std::move(world.on_mesh), world.population);
  };
  const auto n_cells = mesh.n_global_active_cells();
  change(true);
  CHECK(mesh.n_global_active_cells() > n_cells);
  CHECK(n_changed(before, world.on_mesh->fields) == 0);
  for (unsigned int s = 0; s < amounts.size(); ++s)
    CHECK(world.on_mesh->fields.amounts()[s] == Approx(amounts[s]).epsilon(1e-12));
  change(false);
  CHECK(mesh.n_global_active_cells() == n_cells);
  CHECK(n_changed(before, world.on_mesh->fields) == 0);
}
