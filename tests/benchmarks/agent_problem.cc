#include "agent_problem.h"

#include "agent_world.h"
#include "agents/lineage.h"
#include "control/random.h"
#include "field_world.h"

#include <cmath>

namespace nidus::benchmark
{
using test::signal;
using test::transition;

namespace
{
constexpr double balance_distance = 16.02; ///< um, of two agents with the default forces

/// Edges of the smallest face-centred lattice for so many agents, in lattice constants.
std::uint64_t lattice_edge(const std::uint64_t agents)
{
  std::uint64_t edge = 1;
  while (4 * edge * edge * edge < agents)
    ++edge;
  return edge;
}

double cell_size(const AgentChoice &choice)
{
  const double needed = std::sqrt(2.0) * balance_distance * static_cast<double>(lattice_edge(choice.agents));
  return choice.packing == Packing::random ? choice.cell_size
                                           : std::max(choice.cell_size, 1.02 * needed / choice.cells);
}

OrganParameters cube(const AgentChoice &choice)
{
  const double edge = choice.cells * cell_size(choice);
  auto organ = test::block({edge, edge, edge}, cell_size(choice));
  // As many octree levels as the number of cells allows.
  for (unsigned int cells = choice.cells; cells % 2 == 0 && organ.refinements < 5; cells /= 2)
    ++organ.refinements;
  return organ;
}

FieldsParameters four_fields()
{
  FieldsParameters fields;
  for (const char *name : {"sdf1", "vegf", "tgfb", "s100"})
    fields.fields.push_back(test::field(name, 3600.0, 0.01));
  return fields;
}

AgentParameters resolved(AgentParameters agents)
{
  agents.resolve({{"sdf1", "vegf", "tgfb", "s100"}, {}, {"parenchyma"}});
  return agents;
}

dealii::Point<3> place_of(const std::uint64_t number, const AgentChoice &choice)
{
  const double edge = choice.cells * cell_size(choice);
  if (choice.packing == Packing::random)
  {
    const auto u = random::uniform({1, number, 0, random::Purpose::seeding_position});
    return {u[0] * edge, u[1] * edge, u[2] * edge};
  }
  const double constant = std::sqrt(2.0) * balance_distance, margin = 0.25 * constant;
  const std::uint64_t n = lattice_edge(choice.agents), unit = number / 4;
  const double base[4][3] = {{0.0, 0.0, 0.0}, {0.5, 0.5, 0.0}, {0.5, 0.0, 0.5}, {0.0, 0.5, 0.5}};
  const double *offset = base[number % 4];
  return {margin + constant * (static_cast<double>(unit % n) + offset[0]),
          margin + constant * (static_cast<double>(unit / n % n) + offset[1]),
          margin + constant * (static_cast<double>(unit / n / n) + offset[2])};
}
} // namespace

AgentParameters benchmark_agents()
{
  AgentTypeParameters type;
  type.name = "csc";
  type.group = "tumour";
  type.speed = 0.2;
  type.initial_state = "moving";
  for (const char *name : {"moving", "resting"})
  {
    type.states.emplace_back();
    type.states.back().name = name;
    type.states.back().secretion = {{"vegf", 100.0}};
  }
  ReceptorParameters receptor;
  receptor.name = "cxcr4";
  receptor.ligands = {{"sdf1", 1.0}};
  receptor.sensitivity = 6.0;
  receptor.internalisation_rate = 0.198;
  receptor.consumed_ligand = "sdf1";
  type.receptors = {receptor};
  type.transitions = {transition("rest", "moving", "resting", 1e-5), transition("wake", "resting", "moving", 1e-5),
                      transition("die", "moving", "death", 1e-5), transition("grow", "moving", "division", 1e-5)};
  type.transitions[0].weights = {{"bound", -1.0}};
  type.transitions[2].weights = {{"vegf", -1.0}};
  type.transitions[3].weights = {{"bound", 1.0}};
  type.transitions[3].daughters = {{"csc.moving + csc.moving", 1.0}};

  AgentParameters agents;
  agents.signals = {signal("bound", "occupancy", "cxcr4"), signal("vegf", "field", "vegf")};
  agents.types = {type};
  return agents;
}

AgentProblem::AgentProblem(const AgentChoice &choice)
    : choice(choice), parameters(resolved(benchmark_agents())), rules{parameters, modifiers, 2007},
      organ_parameters(cube(choice)),
      field_parameters(test::FieldWorld<3>::resolved(four_fields(), organ_parameters, {})),
      organ(MPI_COMM_WORLD, organ_parameters), fields(organ, field_parameters), sources(fields), locator(organ),
      nodes(fields, locator), sampling(fields, locator, nodes, parameters), receptor_exchange(parameters),
      deposition(fields, nodes, sampling), migration(locator), mechanics(parameters)
{
  const unsigned int n_fields = fields.n_fields();
  double *u = nullptr;
  VecGetArray(fields.state, &u);
  fields.for_each_tissue_node([&](const auto &place, const unsigned int node) {
    for (unsigned int s = 0; s < n_fields; ++s)
      u[node * n_fields + s] = 2.0 + std::sin(0.01 * place[0] + s) * std::cos(0.01 * place[1]);
  });
  VecRestoreArray(fields.state, &u);
  fields.update_ghosts();
  sampling.fields_changed({});

  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(locator.communicator());
  const unsigned int me = dealii::Utilities::MPI::this_mpi_process(locator.communicator());
  for (std::uint64_t i = me; i < choice.agents; i += n_ranks)
    population.append(
        lineage::founder<3>(rules, lineage::seeded_key(rules.seed, 1, 0, i), 0, 0, place_of(i, choice), {0, 0.0, 6.0}));
  migration.settle(population);
}
} // namespace nidus::benchmark
