// What a look at a run takes: see --help.
#include "agent_problem.h"
#include "report.h"
#include "timing.h"

#include "fields/field_parameters.h"
#include "observables/observables.h"
#include "systemic/blood_parameters.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

using namespace nidus;
using namespace nidus::benchmark;
using Json = nlohmann::ordered_json;

namespace
{
/// Each part of the section Observables alone, with the numbers of model 7.1.
std::vector<std::pair<std::string, ObservablesParameters>> parts()
{
  std::vector<std::pair<std::string, ObservablesParameters>> list;
  const auto part = [&list](const char *name) -> ObservablesParameters & {
    return list.emplace_back(name, ObservablesParameters()).second;
  };
  part("niche index").niche_index.weights = {{"neighbours", 1.0}, {"field", 1.0}};
  part("colonies").colonies.types = {"csc"};
  auto &sections = part("sections").sections;
  sections.number = 10;
  sections.of = {"csc"};
  auto &pairs = part("pair correlation").pair_correlations.emplace_back();
  pairs.name = "pairs";
  pairs.from = {"csc.resting"};
  pairs.to = {"csc"};
  auto &cells = part("tumour cells").tumour_cells;
  cells.types = {"csc"};
  cells.field = "sdf1";
  cells.receptor = benchmark_agents().types[0].receptors[0].name;
  part("fates").fates.types = {"csc"};
  auto &positive = part("positive fraction").positive_fractions.emplace_back();
  positive.name = positive.field = "sdf1";
  return list;
}

Json report(const AgentChoice &choice, const unsigned int repeats)
{
  AgentProblem problem(choice);
  // A benchmark's agents know no signals; a hundredth are at the centre of pairs.
  AgentParameters agents = problem.parameters;
  SignalParameters field, neighbours;
  field.name = "field";
  field.kind_id = SignalKind::field;
  field.of_index = 0;
  neighbours.name = "neighbours";
  neighbours.kind_id = SignalKind::neighbours;
  neighbours.neighbour_states = {{0, -1}};
  agents.signals = {field, neighbours};
  for (auto &type : agents.types)
    type.receptor_of_signal.assign(2, -1);
  const AgentRules rules{agents, problem.modifiers, 1};
  for (std::size_t i = 0; i < problem.population.size(); ++i)
    problem.population.state[i] = problem.population.key[i] % 100 == 0;

  Json result = {{"agents", choice.agents}, {"dense", choice.packing == Packing::dense}};
  for (auto &[name, parameters] : parts())
  {
    auto resolved = parameters;
    resolved.resolve(agents, problem.field_parameters, BloodParameters(), 3);
    Observables<3> observables(resolved, problem.fields, rules, problem.locator, nullptr);
    const std::vector<double> blood;
    std::uint64_t step = 0;
    const double seconds = median_seconds(repeats, [&] {
      ++step;
      observables.look({step, 1.0 * step, problem.fields, problem.locator, problem.nodes, problem.sampling,
                        problem.migration, blood, problem.population});
    });
    line("  %8.0f agents, %s, %3u^3 cells: %-18s %8.3f s", 1.0 * choice.agents,
         choice.packing == Packing::dense ? "dense " : "random", choice.cells, name.c_str(), seconds);
    result[name] = seconds;
  }
  return result;
}
} // namespace

int main(int argc, char **argv)
{
  CLI::App app("Benchmark of the observables; a table on standard error, one JSON object on standard output.\n"
               "Seconds of one look, all agents being members of colonies and in the sections, a hundredth of them at\n"
               "the centre of pairs.");
  std::uint64_t agents = 1000000;
  unsigned int cells = 48, repeats = 3;
  app.add_option("--agents", agents, "number of agents");
  app.add_option("--cells", cells, "cells along an edge");
  app.add_option("--repeats", repeats, "of which the median counts");
  app.allow_extras();
  CLI11_PARSE(app, argc, argv);

  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  Json result = Json::array();
  for (const auto packing : {Packing::random, Packing::dense})
    result.push_back(report({agents, cells, 20.0, packing}, repeats));
  if (first_rank())
    std::cout << result.dump(2) << '\n';
}
