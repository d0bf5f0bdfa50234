// What adaptivity is for: SDF-1 from fibroblasts that line the airways of a lobe, as cells elsewhere in it meet it.
#include "adaptivity.h"
#include "control/random.h"
#include "coupling/drug_effects.h"
#include "field_world.h"
#include "measured.h"
#include "mesh_bound.h"

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
constexpr unsigned int n_sources = 300, n_probes = 2000;
constexpr double fine = 20.0, reference = 10.0; // um

OrganParameters lobe(const double cell_size, const unsigned int refinements)
{
  OrganParameters organ;
  organ.shape = "lung lobe";
  organ.cell_size = cell_size;
  organ.refinements = refinements;
  organ.lung_lobe.length = 1400.0;
  organ.lung_lobe.width = 950.0;
  organ.lung_lobe.thickness = 660.0;
  organ.lung_lobe.airway_radius = 70.0;
  organ.lung_lobe.airway_generations = 2;
  organ.regions = {test::region("parenchyma", true, 0.25), test::region("airway", false)};
  return organ;
}

Parameters parameters_of(const OrganParameters &organ)
{
  Parameters parameters;
  parameters.organ = organ;
  auto sdf1 = test::field("sdf1", 3600.0, 0.05); // screening length 268 um
  sdf1.quasi_steady = true;
  parameters.fields.fields = {sdf1};
  parameters.fields = test::FieldWorld<3>::resolved(parameters.fields, organ, {});
  AgentTypeParameters fibroblast;
  fibroblast.name = "fibroblast";
  StateParameters secreting;
  secreting.name = "secreting";
  secreting.secretion = {{"sdf1", 120.0}};
  fibroblast.states = {secreting};
  fibroblast.initial_state = "secreting";
  parameters.agents.types = {fibroblast};
  parameters.agents.resolve({parameters.fields.names(), {}, {"parenchyma", "airway"}, {}, 3});
  parameters.adaptivity.field_indices = {0};
  parameters.adaptivity.smallest_size = fine;
  parameters.adaptivity.error = 0.004;
  return parameters;
}

struct World
{
  explicit World(const OrganParameters &organ_parameters)
      : parameters(parameters_of(organ_parameters)), organ(MPI_COMM_WORLD, parameters.organ),
        on_mesh(std::make_unique<MeshBound<3>>(organ, parameters))
  {
  }

  void place(const std::vector<dealii::Point<3>> &sources)
  {
    for (std::size_t i = 0; i < sources.size(); ++i)
    {
      AgentRecord<3> record;
      record.key = i + 1;
      record.position = sources[i];
      population.append(record);
    }
    on_mesh->migration.settle(population);
  }

  void solve()
  {
    const auto modifiers = drug_effects(parameters.interventions, parameters.agents, 0.0);
    const AgentRules rules{parameters.agents, modifiers, 1};
    population.sort();
    on_mesh->deposition.deposit(population, rules, ReceptorExchange<3>(parameters.agents), on_mesh->sources);
    on_mesh->field_solver.advance(1.0, {}, on_mesh->sources, 0.0);
    on_mesh->fields.update_ghosts();
    on_mesh->sampling.fields_changed({});
  }

  /// Follows the estimated error until it asks for nothing more.
  void adapt()
  {
    for (unsigned int round = 0; round < 8; ++round)
    {
      solve();
      if (plan_refinement(parameters.adaptivity, organ, on_mesh->fields, on_mesh->locator, population).refined == 0)
        return;
      on_mesh = MeshBound<3>::after([&] { organ.adapt(); }, organ, parameters, std::move(on_mesh), population);
    }
  }

  bool holds(const dealii::Point<3> &point) const { return on_mesh->locator.locate(point).found(); }

  std::vector<double> at(const std::vector<dealii::Point<3>> &points) const
  {
    const Sampling<3>::Reader reader(on_mesh->sampling);
    std::vector<double> values;
    for (const auto &point : points)
    {
      const auto place = on_mesh->locator.locate(point);
      values.emplace_back();
      reader.at(place.cell, place.reference, &values.back());
    }
    return values;
  }

  Parameters parameters;
  Organ<3> organ;
  std::unique_ptr<MeshBound<3>> on_mesh;
  AgentPopulation<3> population{0};
};

/// Root mean square of the differences, over that of the values.
double difference(const std::vector<double> &found, const std::vector<double> &expected)
{
  double sum = 0.0, square = 0.0;
  for (std::size_t i = 0; i < found.size(); ++i)
  {
    sum += (found[i] - expected[i]) * (found[i] - expected[i]);
    square += expected[i] * expected[i];
  }
  return std::sqrt(sum / square);
}
} // namespace

TEST_CASE("A quarter of the cells is enough for SDF-1 at the cells of a lobe", "[lung]")
{
  World best(lobe(reference, 3)), uniform(lobe(fine, 2));
  auto coarse = lobe(4.0 * fine, 0);
  RefinementRule wall;
  wall.name = "walls";
  wall.cell_size = fine;
  wall.names = {"airway"};
  RefinementRule surface;
  surface.name = "surface";
  surface.names = {"outside"};
  surface.cell_size = 2.0 * fine;
  coarse.refinement_rules = {wall, surface};
  World adaptive(coarse);

  // Places that lie in the tissue of all three: their walls are other staircases.
  std::vector<dealii::Point<3>> sources, probes;
  const auto &size = best.parameters.organ.lung_lobe;
  for (std::uint64_t n = 0; sources.size() < n_sources || probes.size() < n_probes; ++n)
  {
    const auto u = random::uniform({1, n, 0, random::Purpose::seeding_position});
    const dealii::Point<3> point(u[0] * size.length, (u[1] - 0.5) * size.width, (u[2] - 0.5) * size.thickness);
    if (!best.holds(point) || !uniform.holds(point) || !adaptive.holds(point))
      continue;
    if (best.organ.lines_lumen(point, 25.0))
    {
      if (sources.size() < n_sources)
        sources.push_back(point);
    }
    else if (probes.size() < n_probes)
      probes.push_back(point);
  }
  for (World *world : {&best, &uniform, &adaptive})
    world->place(sources);
  best.solve();
  uniform.solve();
  adaptive.adapt();

  const auto expected = best.at(probes);
  const double error_uniform = difference(uniform.at(probes), expected);
  const double error_adaptive = difference(adaptive.at(probes), expected);
  const double fewer =
      static_cast<double>(uniform.organ.n_tissue_cells()) / static_cast<double>(adaptive.organ.n_tissue_cells());
  test::measured("lung", "cells with tissue: uniform, adaptive", static_cast<double>(uniform.organ.n_tissue_cells()),
                 static_cast<double>(adaptive.organ.n_tissue_cells()));
  test::measured("lung", "error at agents against cells of 10 um: adaptive, uniform", error_adaptive, error_uniform);
  CHECK(fewer > 4.0);
  CHECK(error_adaptive < 1.1 * error_uniform);
}
