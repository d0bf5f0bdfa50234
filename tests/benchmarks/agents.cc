// What the agents take, beside deal.II's particles: see --help.
#include "agent_speed.h"
#include "gradient_error.h"
#include "report.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

using namespace nidus;
using namespace nidus::benchmark;
using Json = nlohmann::ordered_json;

namespace
{
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
/// Growth of the process by a million agents that lie densely and do all that agents do.
double report_memory()
{
  constexpr std::uint64_t few = 1000, many = 1000000;
  const auto used = [](const std::uint64_t agents) {
    AgentProblem problem({agents, 48, 40.0, Packing::dense});
    measure_steps(problem, 1);
    measure_mechanics(problem, 1);
    // What was needed only to place the agents went back to the allocator, but not to the system.
    return resident_bytes();
  };
  const double before = used(few), after = used(many);
  const double bytes = (after - before) / static_cast<double>(many - few);
  line("  %.0f bytes per agent (resident memory, %.0f MB with 1000 and %.0f MB with 1000000 agents)", bytes,
       before / 1e6, after / 1e6);
  return bytes;
}

Json report_hand_over(const std::uint64_t agents)
{
  AgentProblem problem({agents, 48, 20.0, Packing::random});
  const auto speed = measure_hand_over(problem, 5);
  if (speed.moved > 0)
    line("  %8.0f agents, of whom %.0f change their rank in a step: %.2f M hand-overs/s", 1.0 * agents,
         1.0 * speed.moved, speed.moved / speed.seconds / 1e6);
  return {{"agents", agents}, {"moved", speed.moved}, {"seconds", speed.seconds}};
}

Json report_particle_handler(const std::uint64_t agents, const unsigned int cells)
{
  AgentProblem problem({agents, cells, 20.0, Packing::random});
  const double ours = measure_relocation(problem, 3), theirs = measure_particle_handler(problem, 3);
  line("  %8.0f agents, %3u^3 cells: moved and put into their cells in %.3f s, by deal.II's ParticleHandler in %.3f s "
       "= %.1f x",
       1.0 * agents, cells, ours, theirs, theirs / ours);
  return {{"agents", agents}, {"cells", cells}, {"seconds", ours}, {"particle_handler_seconds", theirs}};
}

Json report_gradients()
{
  const auto angles = measure_gradient_angles();
  line("  direction of the gradient, median error 50, 100, 200 um from a point source: %.2f, %.2f, %.2f degrees",
       angles[0], angles[1], angles[2]);
  return angles;
}

/// The figures that are watched from change to change. Memory first: what is freed stays with the process.
Json quick()
{
  const double bytes = report_memory();
  const auto small = report({10000, 48, 20.0, Packing::random}), large = report({1000000, 48, 20.0, Packing::random}),
             dense = report_mechanics({1000000, 24, 40.0, Packing::dense});
  return {{"full_step_agent_steps_per_second", large["full_step"]},
          {"full_step_agent_steps_per_second_1e4", small["full_step"]},
          {"motility_agent_steps_per_second", large["motility"]},
          {"mechanics_agent_steps_per_second", dense["mechanics"]},
          {"bytes_per_agent", bytes},
          {"gradient_angle_error_deg", report_gradients()}};
}

Json everything(const std::vector<std::uint64_t> &agents, const std::vector<unsigned int> &cells)
{
  Json result = {{"bytes_per_agent", report_memory()}};
  for (const auto n : agents)
    for (const auto c : cells)
      result["steps"].push_back(report({n, c, 20.0, Packing::random}));
  for (const auto n : agents)
    for (const auto packing : {Packing::dense, Packing::random})
      result["mechanics"].push_back(report_mechanics({n, 24, 40.0, packing}));
  for (const auto n : agents)
    result["hand_over"].push_back(report_hand_over(n));
  for (const auto c : cells)
    result["particle_handler"].push_back(report_particle_handler(agents.back(), c));
  result["gradient_angle_error_deg"] = report_gradients();
  return result;
}
} // namespace

int main(int argc, char **argv)
{
  CLI::App app("Benchmarks of the agents; tables on standard error, one JSON object on standard output.\n"
               "Without options: 1e4 to 1e6 agents on meshes of 1e4 to 2e6 cells.");
  bool is_quick = false;
  std::vector<std::uint64_t> agents = {10000, 100000, 1000000};
  std::vector<unsigned int> cells = {24, 48, 128};
  app.add_flag("--quick", is_quick, "less than a minute on one core: the figures that are watched");
  app.add_option("--agents", agents, "numbers of agents");
  app.add_option("--cells", cells, "cells along an edge");
  app.allow_extras();
  CLI11_PARSE(app, argc, argv);

  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  line("%u rank(s); millions of agent-steps per second, all ranks together",
       dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD));
  const Json result = is_quick ? quick() : everything(agents, cells);
  if (first_rank())
    std::cout << result.dump(2) << '\n';
}
