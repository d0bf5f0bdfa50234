#pragma once

#include "adaptivity.h"
#include "control/random.h"
#include "coupling/drug_effects.h"
#include "field_world.h"
#include "mesh_bound.h"

#include <cmath>

/// What adaptivity is for: SDF-1 from fibroblasts that line the airways of a lobe, as cells elsewhere in it meet it.
namespace nidus::test
{
class Lobe
{
public:
  /// @p length of the lobe, um; the other sizes go with it. @p cell_size of the finished mesh without rules, um.
  Lobe(const double length, const double cell_size, const unsigned int refinements,
       const std::vector<RefinementRule> &rules = {})
      : parameters(described(length, cell_size, refinements, rules)), organ(MPI_COMM_WORLD, parameters.organ),
        on_mesh(std::make_unique<MeshBound<3>>(organ, parameters))
  {
  }

  bool holds(const dealii::Point<3> &point) const { return on_mesh->locator.locate(point).found(); }

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
    const auto modifiers = drug_effects(parameters.interventions, parameters.agents, parameters.fields, 0.0);
    const AgentRules rules{parameters.agents, modifiers, 1};
    population.sort();
    on_mesh->deposition.deposit(population, rules, ReceptorExchange<3>(parameters.agents), on_mesh->sources);
    on_mesh->field_solver.advance(1.0, {}, on_mesh->sources, 0.0);
    on_mesh->fields.update_ghosts();
    on_mesh->sampling.fields_changed({});
  }

  /// Follows the estimated error until it asks for nothing more; no cell gets an edge below @p smallest.
  void adapt(const double error, const double smallest)
  {
    parameters.adaptivity.error = error;
    parameters.adaptivity.smallest_size = smallest;
    constexpr unsigned int most_rounds = 8;
    for (unsigned int round = 0; round < most_rounds; ++round)
    {
      solve();
      if (plan_refinement(parameters.adaptivity, organ, on_mesh->fields, on_mesh->locator, population).refined == 0)
        return;
      on_mesh = MeshBound<3>::after([&] { organ.adapt(); }, organ, parameters, std::move(on_mesh), population);
    }
  }

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

private:
  static Parameters described(const double length, const double cell_size, const unsigned int refinements,
                              const std::vector<RefinementRule> &rules)
  {
    Parameters parameters;
    auto &shape = parameters.organ;
    shape.shape = "lung lobe";
    shape.cell_size = cell_size;
    shape.refinements = refinements;
    shape.refinement_rules = rules;
    shape.lung_lobe.length = length;
    shape.lung_lobe.width = length * 2.0 / 3.0;
    shape.lung_lobe.thickness = length * 1.4 / 3.0;
    shape.lung_lobe.airway_radius = length * 0.14 / 3.0;
    shape.lung_lobe.airway_generations = 2;
    shape.regions = {region("parenchyma", true, 0.25), region("airway", false)};
    auto sdf1 = field("sdf1", 3600.0, 0.05); // screening length 268 um
    sdf1.quasi_steady = true;
    parameters.fields.fields = {sdf1};
    parameters.fields = FieldWorld<3>::resolved(parameters.fields, shape, {});
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
    return parameters;
  }

public:
  Parameters parameters;
  Organ<3> organ;
  std::unique_ptr<MeshBound<3>> on_mesh;
  AgentPopulation<3> population{0};
};

/// Cells with tissue, and root mean square of the error at agents over that of the values.
struct LobeComparison
{
  double uniform_cells, adaptive_cells, uniform_error, adaptive_error;
};

/// A uniform mesh with cells of @p fine, one with such cells at the airways, with cells of @p outer at the outer
/// surface, and where the estimated error is above @p error, against one with cells half as large. On one rank.
inline LobeComparison compare_lobes(const double length, const double fine, const double outer, const double error)
{
  constexpr unsigned int n_sources = 300, n_probes = 2000;
  Lobe best(length, 0.5 * fine, 3), uniform(length, fine, 2);
  RefinementRule wall, surface;
  wall.name = "wall";
  wall.names = {"airway"};
  wall.cell_size = fine;
  surface.name = "surface";
  surface.names = {"outside"};
  surface.cell_size = outer;
  Lobe adaptive(length, 4.0 * fine, 0, {wall, surface});

  // Places that lie in the tissue of all three: their walls are other staircases.
  std::vector<dealii::Point<3>> sources, probes;
  const auto &size = best.parameters.organ.lung_lobe;
  for (std::uint64_t n = 0; sources.size() < n_sources || probes.size() < n_probes; ++n)
  {
    const auto u = random::uniform({1, n, 0, random::Purpose::seeding_position});
    const dealii::Point<3> point(u[0] * size.length, (u[1] - 0.5) * size.width, (u[2] - 0.5) * size.thickness);
    if (!best.holds(point) || !uniform.holds(point) || !adaptive.holds(point))
      continue;
    const bool lines = best.organ.lines_lumen(point, 25.0);
    auto &list = lines ? sources : probes;
    if (list.size() < (lines ? n_sources : n_probes))
      list.push_back(point);
  }
  for (Lobe *lobe : {&best, &uniform, &adaptive})
    lobe->place(sources);
  best.solve();
  uniform.solve();
  adaptive.adapt(error, fine);

  const auto expected = best.at(probes);
  const auto difference = [&expected](const std::vector<double> &found) {
    double sum = 0.0, square = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i)
    {
      sum += (found[i] - expected[i]) * (found[i] - expected[i]);
      square += expected[i] * expected[i];
    }
    return std::sqrt(sum / square);
  };
  return {static_cast<double>(uniform.organ.n_tissue_cells()), static_cast<double>(adaptive.organ.n_tissue_cells()),
          difference(uniform.at(probes)), difference(adaptive.at(probes))};
}
} // namespace nidus::test
