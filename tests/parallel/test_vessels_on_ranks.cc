// Resolved vessels on any number of ranks: the same exchange, the same arrivals, before and after a repartition.
#include "field_world.h"
#include "measured.h"
#include "mesh_bound.h"

#include "agents/lineage.h"

#include <catch2/catch.hpp>

#include <set>

using namespace nidus;

namespace
{
Parameters parameters_of()
{
  Parameters parameters;
  // Hanging nodes at the airway; vessels pass from coarse to fine cells.
  parameters.organ = test::with_airway(test::block({320.0, 240.0, 240.0}, 40.0, 0.25), 50.0);
  parameters.organ.wall_refinements = 1;
  parameters.vessels.source = "capillary mesh";
  parameters.vessels.capillaries.spacing = 40.0;
  auto &fields = parameters.fields;
  fields.fields = {test::field("ligand", 3600.0, 0.01)};
  fields.fields[0].blood_factor = "ligand";
  fields.fields[0].vessel_permeability = 0.5;
  fields.fields[0].vascular_exchange = 2e-2;
  fields = test::FieldWorld<3>::resolved(fields, parameters.organ, {"ligand"});
  auto &agents = parameters.agents;
  agents.types.resize(1);
  agents.types[0].name = "hpc";
  agents.types[0].states.resize(1);
  agents.types[0].states[0].name = "arrested";
  agents.resolve({{"ligand"}, {"ligand"}, {"parenchyma", "airway"}});
  parameters.blood.circulating.resize(1);
  auto &cells = parameters.blood.circulating[0];
  cells.name = "hpc";
  cells.arrives_as = "hpc.arrested: 1";
  cells.arrest_probability = 0.05;
  cells.place = "vessels";
  cells.trapping_radius = 4.0;
  return parameters;
}

using ArrivedCells = std::set<std::pair<std::uint64_t, std::vector<double>>>;

struct World
{
  explicit World(MPI_Comm comm)
      : organ(comm, parameters.organ), vessels(make_vessels(organ, parameters.vessels, 3)),
        on_mesh(std::make_unique<MeshBound<3>>(organ, parameters, vessels))
  {
  }

  /// Amount in the organ and what was exchanged.
  std::vector<double> advance(const double dt)
  {
    const auto report = on_mesh->field_solver.advance(dt, {1.0}, on_mesh->sources, 0.0);
    on_mesh->sampling.fields_changed({1.0});
    return {on_mesh->fields.amounts()[0], report.budget[0].exchanged, report.budget[0].residual};
  }

  /// Key and place of all that arrive in a hundred macro steps, on all ranks.
  ArrivedCells arrive()
  {
    AgentPopulation<3> population;
    const AgentRules rules{parameters.agents, modifiers, 11};
    for (unsigned int step = 0; step < 100; ++step)
      on_mesh->arrivals.arrive(rules, {2e5}, {step, 30.0 * step, 30.0}, population);
    std::vector<std::pair<std::uint64_t, std::vector<double>>> own;
    for (std::size_t i = 0; i < population.size(); ++i)
      own.emplace_back(population.key[i],
                       std::vector<double>(population.position[i].begin_raw(), population.position[i].end_raw()));
    ArrivedCells all;
    std::size_t count = 0;
    for (const auto &part : dealii::Utilities::MPI::all_gather(organ.communicator(), own))
    {
      all.insert(part.begin(), part.end());
      count += part.size();
    }
    CHECK(count == all.size()); // nobody comes twice
    return all;
  }

  Parameters parameters = parameters_of();
  AgentModifiers modifiers;
  Organ<3> organ;
  std::shared_ptr<const VesselSystem> vessels;
  std::unique_ptr<MeshBound<3>> on_mesh;
};
} // namespace

TEST_CASE("Exchange and arrivals in vessels do not depend on the ranks, nor on how they share the mesh")
{
  World shared(MPI_COMM_WORLD), alone(MPI_COMM_SELF);
  CHECK(shared.vessels->flow.flow == alone.vessels->flow.flow);
  for (std::size_t s = 0; s < shared.vessels->network.segments.size(); ++s)
    CHECK(shared.on_mesh->walls.part_in_tissue()[s] == Approx(alone.on_mesh->walls.part_in_tissue()[s]).epsilon(1e-12));
  const auto compare = [&] {
    const auto here = shared.advance(10.0), there = alone.advance(10.0);
    double worst = 0.0;
    for (unsigned int i = 0; i < 2; ++i)
      worst = std::max(worst, std::abs(here[i] / there[i] - 1.0));
    test::measured("vessels", "exchange on all ranks and on one, relative difference", worst, "< 1e-9");
    CHECK(worst < 1e-9);
    CHECK(std::abs(here[2]) < 1e-9 * std::abs(here[1]));
  };
  compare();
  const auto arrived = shared.arrive();
  CHECK(arrived.size() > 20);
  CHECK(arrived == alone.arrive());

  std::vector<unsigned int> weights(shared.organ.triangulation().n_active_cells(), 1);
  for (const auto &cell : shared.organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned() && cell->center()[0] < 100.0)
      weights[cell->active_cell_index()] = 10;
  AgentPopulation<3> nobody;
  shared.on_mesh = MeshBound<3>::after([&] { shared.organ.repartition(weights); }, shared.organ, shared.parameters,
                                       std::move(shared.on_mesh), nobody);
  compare();
  CHECK(shared.arrive() == arrived);
}

TEST_CASE("Cells along vessels are refined, alike on any number of ranks, and others are not")
{
  constexpr double coarse = 40.0, fine = 10.0, distance = 15.0;
  VesselNetwork line;
  line.points = {{10.0, 20.0, 30.0}, {310.0, 200.0, 170.0}};
  line.segments = {{0, 1, 5.0, VesselKind::capillary}};
  line.find_components();
  RefinementRule rule;
  rule.name = "along";
  rule.where = "vessels";
  rule.distance = distance;
  rule.cell_size = fine;
  const auto refined = [&](MPI_Comm comm) {
    auto organ = std::make_unique<Organ<3>>(comm, test::block({320.0, 240.0, 240.0}, coarse));
    organ->refine_at(line, {rule});
    return organ;
  };
  const auto shared = refined(MPI_COMM_WORLD), alone = refined(MPI_COMM_SELF);
  CHECK(shared->n_tissue_cells() == alone->n_tissue_cells());
  const auto axis = line.points[1] - line.points[0];
  unsigned int far_and_coarse = 0;
  for (const auto &cell : alone->triangulation().active_cell_iterators())
  {
    const auto to = cell->center() - line.points[0];
    const double along = std::min(std::max(to * axis / axis.norm_square(), 0.0), 1.0);
    const double away = (to - along * axis).norm(), size = cell->extent_in_direction(0);
    if (away < distance)
      CHECK(size == Approx(fine));
    // Neighbours differ by one level: beyond the two layers of each level that this makes nothing changes.
    if (away > distance + 2.0 * std::sqrt(3.0) * coarse)
    {
      CHECK(size == Approx(coarse));
      ++far_and_coarse;
    }
  }
  CHECK(far_and_coarse > 10);
}
