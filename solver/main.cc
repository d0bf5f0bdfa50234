#include "control/input_error.h"
#include "control/shared_fault.h"
#include "control/stop_request.h"
#include "control/version.h"
#include "control/wall_plan.h"
#include "io/mesh_output.h"
#include "memory_forecast.h"
#include "organ/connected_pieces.h"
#include "organ/mesh_report.h"
#include "parameters.h"
#include "replicates.h"
#include "simulation.h"

#include <deal.II/base/mpi.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace
{
using namespace nidus;

enum ExitCode : int
{
  done = 0,
  failed = 1,
  wrong_input = 2,
  stopped_early = 3
};

struct CommandLine
{
  std::string command, file, output, format = "prm";
  std::vector<std::string> overrides;
  bool resume = false, may_change = false;
  double wall_time_limit = 0.0; ///< s; 0: none
  WallPlan::Clock::time_point began = WallPlan::Clock::now();
  unsigned int replicates = 0, ranks_each = 0; ///< 0: one run without replicates; ranks by their number
  std::vector<std::string> all;                ///< as typed, for the provenance
};

/// Everything before "--" is ours, everything after it is for PETSc.
void split(const int argc, char **argv, std::vector<char *> &own, std::vector<char *> &petsc)
{
  petsc.push_back(argv[0]);
  bool ours = true;
  for (int i = 0; i < argc; ++i)
    if (ours && std::string(argv[i]) == "--")
      ours = false;
    else
      (ours ? own : petsc).push_back(argv[i]);
  // PETSc reads up to a null pointer.
  petsc.push_back(nullptr);
}

/// Fills @p line; returns an exit code when there is nothing to run (help, version, misuse), -1 otherwise. Throws
/// InputError.
int parse(const std::vector<char *> &arguments, const bool speaks, CommandLine &line)
{
  CLI::App app("Nidus: formation of the pre-metastatic niche, fields and cells in real organs.");
  app.footer("Start with 'mpirun -n N nidus ...' on N ranks. Options after '--' go to PETSc, "
             "for example '-- -fields_ksp_monitor'.\n"
             "SIGINT, SIGTERM, SIGUSR2 and a file \"stop\" in the output folder stop a run with a checkpoint; SIGUSR1 "
             "asks for "
             "a checkpoint only.\n"
             "Exit codes: 0 done, 1 the run failed, 2 the input is wrong, 3 stopped early with a checkpoint.");
  app.set_version_flag("--version", std::string("nidus ") + version::number + " (" + version::revision + ")");
  app.require_subcommand(1);
  const auto with_file = [&](CLI::App *command) {
    command->add_option("FILE", line.file, "parameter file (.prm)")->required();
    command->add_option("--set", line.overrides, "override an entry: --set \"Section/Entry=value\" (may be repeated)")
        ->allow_extra_args(false);
  };
  std::string limit;
  auto *run = app.add_subcommand("run", "run a simulation");
  with_file(run);
  run->add_option("--output", line.output, "folder for the results (default: output/NAME_OF_FILE)");
  run->add_flag("--resume", line.resume, "continue from the newest checkpoint in the output folder");
  run->add_flag("--allow-changes", line.may_change,
                "with --resume: parameters that act forward only (interventions, rates, ...) may differ from those of "
                "the checkpoint");
  run->add_option("--wall-time-limit", limit,
                  "\"HH:MM:SS\" or seconds: stop with a checkpoint before the program has run for that long");
  auto *replicates = run->add_option("--replicates", line.replicates,
                                     "run this many times with other random numbers; mean, deviation and quantiles of "
                                     "all are written beside the single results")
                         ->check(CLI::Range(1u, 100000u));
  run->add_option("--ranks-each", line.ranks_each,
                  "ranks for each replicate (default: all ranks shared out among them)")
      ->check(CLI::Range(1u, 1000000u))
      ->needs(replicates);
  auto *check =
      app.add_subcommand("check", "validate a file, show what it describes and what it costs; writes nothing");
  with_file(check);
  auto *mesh = app.add_subcommand("mesh", "write the mesh of a file for ParaView, and show volumes, cells and quality");
  with_file(mesh);
  mesh->add_option("--output", line.output, "folder for the mesh (default: output/NAME_OF_FILE-mesh)");
  auto *reference = app.add_subcommand("parameters", "print every entry with its default and meaning");
  reference->add_option("--format", line.format, "prm, json or markdown")
      ->check(CLI::IsMember({"prm", "json", "markdown"}));
  try
  {
    app.parse(static_cast<int>(arguments.size()), arguments.data());
  }
  catch (const CLI::ParseError &error)
  {
    const bool asked = error.get_exit_code() == 0;
    if (speaks)
      app.exit(error);
    return asked ? done : wrong_input;
  }
  if (!limit.empty())
    line.wall_time_limit = wall_seconds(limit);
  line.command = app.get_subcommands().front()->get_name();
  return -1;
}

/// "output/NAME_OF_FILE" for results that are given no folder.
std::string default_folder(const std::string &file)
{
  const auto slash = file.rfind('/');
  const std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  return "output/" + name.substr(0, name.rfind('.'));
}

RunOptions options_of(const CommandLine &line)
{
  RunOptions options;
  options.output = line.output;
  options.resume = line.resume;
  options.may_change = line.may_change;
  options.command_line = line.all;
  options.began = line.began;
  options.wall_time_limit = line.wall_time_limit;
  return options;
}

template <int dim>
int make_mesh(MPI_Comm comm, const Parameters &parameters, const CommandLine &line, const bool speaks)
{
  const Organ<dim> organ(comm, parameters.organ, [&](const double cells, const double coarse_cells) {
    announce_mesh<dim>(comm, parameters, cells, coarse_cells);
  });
  const OutputFolder folder(comm, line.output.empty() ? default_folder(line.file) + "-mesh" : line.output,
                            OutputFolder::Mode::fresh);
  write_mesh(organ, folder);
  const auto report = report_mesh(organ);
  auto warnings = organ.warnings();
  for (const auto &warning : region_warnings(organ))
    warnings.push_back(warning);
  if (!speaks)
    return done;
  if (!folder.notice().empty())
    std::cout << folder.notice() << "\n";
  for (const auto &text : report)
    std::cout << text << "\n";
  for (const auto &warning : warnings)
    std::cout << "warning: " << warning << "\n";
  std::cout << folder.path("mesh.pvtu") << " and " << folder.path("boundaries.pvtp") << " are for ParaView."
            << std::endl;
  return done;
}

template <int dim>
int execute(MPI_Comm comm, const Parameters &parameters, const CommandLine &line, const bool speaks)
{
  if (line.command == "mesh")
    return make_mesh<dim>(comm, parameters, line, speaks);
  Simulation<dim> simulation(comm, parameters);
  if (line.command == "check")
  {
    const Description description = simulation.describe();
    const auto cost = simulation.estimate_cost();
    if (speaks)
    {
      for (const auto *lines : {&description.facts, &cost})
        for (const auto &text : *lines)
          std::cout << text << "\n";
      for (const auto &warning : description.warnings)
        std::cout << "warning: " << warning << "\n";
      std::cout << line.file << " can be run." << std::endl;
    }
    return done;
  }
  RunOptions options = options_of(line);
  if (options.output.empty())
    options.output = default_folder(line.file);
  return simulation.run(options) == RunEnd::stopped ? stopped_early : done;
}

/// One replicate on its group of ranks; its seed is part of its parameters.
ReplicateEnd replicate(MPI_Comm group, const CommandLine &line, const std::uint64_t seed, const std::string &output,
                       const bool resume)
{
  auto overrides = line.overrides;
  overrides.push_back("Run/Random seed=" + std::to_string(seed));
  Parameters parameters;
  load_parameters(group, line.file, overrides, parameters);
  RunOptions options = options_of(line);
  options.output = output;
  options.resume = resume;
  options.quiet = true;
  const auto end = parameters.run.dimension == 2 ? Simulation<2>(group, parameters).run(options)
                                                 : Simulation<3>(group, parameters).run(options);
  return end == RunEnd::stopped ? ReplicateEnd::stopped : ReplicateEnd::done;
}

int replicate_all(MPI_Comm comm, const CommandLine &line)
{
  Parameters parameters;
  load_parameters(comm, line.file, line.overrides, parameters);
  const std::uint64_t first_seed = parameters.run.seed;
  ReplicatePlan plan;
  plan.number = line.replicates;
  plan.ranks_each = line.ranks_each;
  plan.output = line.output.empty() ? default_folder(line.file) : line.output;
  plan.resume = line.resume;
  const auto ends = run_replicates(
      comm, plan, [&](MPI_Comm group, const unsigned int number, const std::string &output, const bool resume) {
        return replicate(group, line, first_seed + number - 1, output, resume);
      });
  const auto any = [&](const ReplicateEnd end) { return std::find(ends.begin(), ends.end(), end) != ends.end(); };
  if (any(ReplicateEnd::failed))
    return failed;
  return any(ReplicateEnd::stopped) || any(ReplicateEnd::missing) ? stopped_early : done;
}

int dispatch(MPI_Comm comm, const CommandLine &line, const bool speaks)
{
  if (line.command == "run" && line.replicates > 0)
    return replicate_all(comm, line);
  if (line.command == "parameters")
  {
    if (speaks)
      std::cout << parameter_reference(line.format) << std::flush;
    return done;
  }
  Parameters parameters;
  load_parameters(comm, line.file, line.overrides, parameters);
  return parameters.run.dimension == 2 ? execute<2>(comm, parameters, line, speaks)
                                       : execute<3>(comm, parameters, line, speaks);
}
} // namespace

int main(int argc, char **argv)
{
  StopRequest::listen();
  std::vector<char *> own, petsc;
  split(argc, argv, own, petsc);
  CommandLine line;
  line.all.assign(argv, argv + argc);

  int petsc_argc = static_cast<int>(petsc.size()) - 1;
  char **petsc_argv = petsc.data();
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(petsc_argc, petsc_argv, 1);
  StopRequest::listen();
  const MPI_Comm comm = MPI_COMM_WORLD;
  const bool speaks = dealii::Utilities::MPI::this_mpi_process(comm) == 0;
  try
  {
    const int code = parse(own, speaks, line);
    return code >= 0 ? code : dispatch(comm, line, speaks);
  }
  catch (const InputError &error)
  {
    // Every rank has found the same fault; one of them says so.
    if (speaks)
      std::cerr << "nidus: " << (line.file.empty() ? "" : line.file + ": ") << error.what() << std::endl;
    return wrong_input;
  }
  catch (const SharedFault &error)
  {
    if (speaks)
      std::cerr << "nidus: the run failed: " << error.what() << std::endl;
    return failed;
  }
  catch (const std::exception &error)
  {
    // The fault may be known to this rank only: the others must not wait for it.
    std::cerr << "nidus: the run failed on rank " << dealii::Utilities::MPI::this_mpi_process(comm) << ": "
              << error.what() << std::endl;
    if (dealii::Utilities::MPI::n_mpi_processes(comm) > 1)
      MPI_Abort(comm, failed);
    return failed;
  }
}
