// What the agents take, beside deal.II's particles: see --help.
#include "agent_speed.h"
#include "timing.h"

#include <CLI/CLI.hpp>
#include <deal.II/base/mpi.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>

using namespace nidus;
using namespace nidus::benchmark;
using Json = nlohmann::ordered_json;

namespace
{
bool first_rank()
{
  return dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
}

template <typename... Parts>
void line(const char *format, const Parts... parts)
{
  if (!first_rank())
    return;
  std::fprintf(stderr, format, parts...);
  std::fputc('\n', stderr);
}

Json report(const AgentChoice &choice)
{
  AgentProblem problem(choice);
  const double n = static_cast<double>(problem.n_agents()) / 1e6;
  const auto speed = measure_steps(problem, 5);
  line("  %8.0f agents, %3u^3 cells: sampling %5.1f; transitions %5.1f, motility %5.1f, relocation %5.1f, sorting "
       "%5.1f, "
       "deposition %5.1f, full step %5.2f M agent-steps/s",
       n * 1e6, choice.cells, n / speed.sampling, n / speed.transitions, n / speed.motility, n / speed.relocation,
       n / speed.sorting, n / speed.deposition, n / speed.full_step);
  return {{"agents", choice.agents},
          {"cells", choice.cells},
          {"sampling", 1e6 * n / speed.sampling},
          {"transitions", 1e6 * n / speed.transitions},
          {"motility", 1e6 * n / speed.motility},
          {"relocation", 1e6 * n / speed.relocation},
          {"sorting", 1e6 * n / speed.sorting},
          {"deposition", 1e6 * n / speed.deposition},
          {"full_step", 1e6 * n / speed.full_step}};
}

Json report_mechanics(const AgentChoice &choice)
{
  AgentProblem problem(choice);
  const double seconds = measure_mechanics(problem, 5), n = static_cast<double>(problem.n_agents()) / 1e6;
  line("  %8.0f agents, %s: mechanics substep %6.2f M agent-steps/s", n * 1e6,
       choice.packing == Packing::dense ? "dense " : "random", n / seconds);
  return {{"agents", choice.agents}, {"dense", choice.packing == Packing::dense}, {"mechanics", 1e6 * n / seconds}};
}
} // namespace

int main(int argc, char **argv)
{
  CLI::App app("Benchmarks of the agents.");
  app.allow_extras();
  std::vector<std::uint64_t> agents = {10000, 100000, 1000000};
  std::vector<unsigned int> cells = {48};
  app.add_option("--agents", agents, "numbers of agents");
  app.add_option("--cells", cells, "cells along an edge");
  CLI11_PARSE(app, argc, argv);
  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  Json result = Json::array();
  for (const auto n : agents)
    for (const auto c : cells)
      result.push_back(report({n, c, 20.0, Packing::random}));
  for (const auto n : agents)
    for (const auto packing : {Packing::dense, Packing::random})
      result.push_back(report_mechanics({n, 24, 40.0, packing}));
  if (first_rank())
    std::cout << result.dump(2) << '\n';
}
