// What the solver of the fields takes, beside what users have otherwise: see --help.
#include "operator_speed.h"
#include "point_source.h"
#include "report.h"
#include "solver_speed.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

using namespace nidus;
using namespace nidus::benchmark;
using Json = nlohmann::ordered_json;

namespace
{
Json report_operator(FieldProblem &problem)
{
  const auto speed = measure_operator(problem, 11);
  const double values = problem.n_values() / 1e6;
  line("  operator %8.0f MDoF/s = %5.2f x AIJ of trilinear elements, %5.2f x AIJ and %5.2f x MAIJ of the same matrix, "
       "%4.0f %% of y = d x (%.0f MDoF/s)",
       values / speed.rows, speed.aij / speed.rows, speed.same_aij / speed.rows, speed.maij / speed.rows,
       100.0 * speed.bandwidth / speed.rows, values / speed.bandwidth);
  return {{"seconds", speed.rows},
          {"MDoF_per_s", values / speed.rows},
          {"over_aij", speed.aij / speed.rows},
          {"over_same_aij", speed.same_aij / speed.rows},
          {"over_maij", speed.maij / speed.rows},
          {"bandwidth_fraction", speed.bandwidth / speed.rows}};
}

Json report_solvers(FieldProblem &problem, const double operator_seconds, const bool baselines)
{
  Json result = Json::array();
  const auto add = [&](const std::string &name, const SolverSpeed &speed, const double reference) {
    line("  %-22s step %5g: %3u iterations, set-up %7.3f s, solve %7.3f s = %6.1f operator applications, %5.1f x ours, "
         "residual %.0e",
         name.c_str(), problem.choice.step, speed.iterations, speed.setup, speed.solve, speed.solve / operator_seconds,
         speed.solve / reference, speed.residual);
    result.push_back({{"solver", name},
                      {"step", problem.choice.step},
                      {"iterations", speed.iterations},
                      {"setup", speed.setup},
                      {"solve", speed.solve},
                      {"operator_applications", speed.solve / operator_seconds},
                      {"residual", speed.residual}});
  };
  const auto ours = measure_lanes(problem, 3);
  add(problem.system->diagonal_suffices() ? "lanes, diagonal" : "lanes, multigrid", ours, ours.solve);
  if (baselines)
    for (const std::string name : {"boomeramg", "gamg"})
      add("CG + " + name, measure_assembled(problem, name), ours.solve);
  return result;
}

Json report_problem(const ProblemChoice &choice, const std::vector<double> &steps, const bool baselines)
{
  const double before = resident_bytes();
  FieldProblem problem(choice);
  const double nodes = static_cast<double>(problem.fields->n_nodes());
  const double bytes = resident_bytes() - before;
  line("%s mesh, %.0f nodes, %u fields, %u levels, %s, %u rank(s): mesh %.2f s, numbering %.2f s, levels and rows %.2f "
       "s; %.0f bytes per node, of these operator and multigrid %.0f; %zu rows with positive couplings",
       choice.mesh.c_str(), nodes, choice.n_fields, problem.system->multigrid().n_levels(), instruction_set(),
       dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD), problem.seconds_mesh, problem.seconds_fields,
       problem.seconds_system, bytes / nodes,
       static_cast<double>(dealii::Utilities::MPI::sum(problem.system->bytes(), MPI_COMM_WORLD)) / nodes,
       problem.system->n_positive_rows());
  Json result = {{"mesh", choice.mesh},
                 {"nodes", nodes},
                 {"fields", choice.n_fields},
                 {"contrast", choice.contrast},
                 {"instruction_set", instruction_set()},
                 {"seconds_mesh", problem.seconds_mesh},
                 {"seconds_levels", problem.seconds_system},
                 {"bytes_per_node", bytes / nodes}};
  result["operator"] = report_operator(problem);
  const double operator_seconds = result["operator"]["seconds"];
  result["solvers"] = Json::array();
  for (const double step : steps)
  {
    problem.set_step(step);
    for (const auto &row : report_solvers(problem, operator_seconds, baselines && (step == 0.0 || step == 1.0)))
      result["solvers"].push_back(row);
  }
  return result;
}

Json report_point_source(const bool quick)
{
  line("point source, D 6000 um^2/min, decay 0.1/min, h 20 um; error 40 to 300 um from it, relative to Yukawa");
  line("  %-34s %7s %9s %9s %9s %9s %9s %8s", "", "step", "nodes", "error", "axis", "diagonal", "mass", "s");
  Json result = Json::array();
  const auto run = [&](const std::string &name, const double step, const double share, const double refined_radius) {
    const auto source = measure_point_source(step, share, refined_radius);
    line("  %-34s %7g %9.0f %9.2e %+9.2e %+9.2e %9.1e %8.3f", name.c_str(), step, source.nodes, source.error,
         source.axis, source.diagonal, source.mass, source.seconds);
    result.push_back({{"name", name},
                      {"step", step},
                      {"error", source.error},
                      {"axis", source.axis},
                      {"diagonal", source.diagonal},
                      {"mass", source.mass},
                      {"seconds", source.seconds}});
  };
  run("corner quadrature", 0.0, 0.0, 0.0);
  if (quick)
    return result;
  for (const double step : {1.0, 10.0})
    run("corner quadrature", step, 0.0, 0.0);
  run("half Gauss quadrature", 0.0, 0.5, 0.0);
  run("Gauss quadrature", 0.0, 1.0, 0.0);
  for (const double radius : {60.0, 150.0, 250.0})
    for (const double share : {0.0, 0.5})
      run("h 10 um within " + std::to_string(static_cast<int>(radius)) + " um" + (share > 0.0 ? ", half Gauss" : ""),
          0.0, share, radius);
  return result;
}

/// The figures that are watched from change to change.
Json quick()
{
  ProblemChoice choice;
  choice.cells = 100;
  Json large = report_problem(choice, {}, false);
  choice.cells = 64;
  Json small = report_problem(choice, {0.0}, true);
  const auto &solvers = small["solvers"];
  const double ours = solvers[0]["solve"];
  const Json source = report_point_source(true)[0];
  return {{"operator_S4_over_aij", large["operator"]["over_aij"]},
          {"operator_S4_over_aij_of_same_matrix", large["operator"]["over_same_aij"]},
          {"operator_S4_bandwidth_fraction", large["operator"]["bandwidth_fraction"]},
          {"operator_S4_MDoF_per_s", large["operator"]["MDoF_per_s"]},
          {"quasi_steady_over_boomeramg", solvers[1]["solve"].get<double>() / ours},
          {"quasi_steady_over_gamg", solvers[2]["solve"].get<double>() / ours},
          {"quasi_steady_operator_applications", solvers[0]["operator_applications"]},
          {"quasi_steady_iterations", solvers[0]["iterations"]},
          {"point_source_error", source["error"]},
          {"point_source_seconds", source["seconds"]},
          {"instruction_set", instruction_set()},
          {"nodes_operator", large["nodes"]},
          {"nodes_solver", small["nodes"]}};
}
} // namespace

int main(int argc, char **argv)
{
  CLI::App app("Benchmarks of the field solver; tables on standard error, one JSON object on standard output.\n"
               "Without options: all meshes with 1e5 to 1e6 nodes. Every figure has its baseline in the same run.");
  bool is_quick = false, point_source = false, no_baselines = false;
  std::vector<unsigned int> cells = {46, 100}, fields = {4};
  std::vector<std::string> meshes = {"uniform", "refined", "mapped"};
  std::vector<double> steps = {0.01, 0.1, 1.0, 60.0, 0.0};
  double contrast = 4.0;
  app.add_flag("--quick", is_quick, "a minute on one core: the figures that are watched");
  app.add_flag("--point-source", point_source, "the table of errors and times of a point source");
  app.add_flag("--no-baselines", no_baselines, "leave BoomerAMG and GAMG out");
  app.add_option("--cells", cells, "cells along an edge");
  app.add_option("--fields", fields, "numbers of fields");
  app.add_option("--meshes", meshes, "uniform, refined, mapped")
      ->check(CLI::IsMember({"uniform", "refined", "mapped"}));
  app.add_option("--steps", steps, "implicit steps in min; 0: quasi-steady");
  app.add_option("--contrast", contrast, "of diffusivity between the two regions; 1: one region");
  app.allow_extras();
  CLI11_PARSE(app, argc, argv);

  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  Json result;
  if (is_quick)
    result = quick();
  else if (point_source)
    result["point_source"] = report_point_source(false);
  else
    for (const auto &mesh : meshes)
      for (const unsigned int n : cells)
        for (const unsigned int n_fields : fields)
          result["problems"].push_back(
              report_problem({mesh, n, n_fields, mesh == "mapped" ? 1.0 : contrast, 0.0, 0.0}, steps, !no_baselines));
  if (first_rank())
    std::cout << result.dump(2) << std::endl;
}
