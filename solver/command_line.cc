#include "command_line.h"

#include "control/input_error.h"
#include "io/versions.h"

#include <CLI/CLI.hpp>

namespace nidus
{
void split(const int argc, char **argv, std::vector<char *> &own, std::vector<char *> &petsc)
{
  petsc.push_back(argv[0]);
  // Files in the working folder or at home that nobody has named must not change a run, nor name programs and files.
  static char no_option_files[] = "-skip_petscrc";
  petsc.push_back(no_option_files);
  bool ours = true;
  for (int i = 0; i < argc; ++i)
    if (ours && std::string(argv[i]) == "--")
      ours = false;
    else
      (ours ? own : petsc).push_back(argv[i]);
  // PETSc reads up to a null pointer.
  petsc.push_back(nullptr);
}

int parse(const std::vector<char *> &arguments, const bool speaks, CommandLine &line)
{
  CLI::App app("Nidus: formation of the pre-metastatic niche, fields and cells in real organs.");
  app.footer("Start with 'mpirun -n N nidus ...' on N ranks. Options after '--' go to PETSc, "
             "for example '-- -fields_ksp_monitor'.\n"
             "SIGINT, SIGTERM, SIGALRM and a file \"stop\" in the output folder stop a run with a checkpoint; SIGUSR1 "
             "asks for a checkpoint only, SIGUSR2 for a table of the time spent so far.\n"
             "Exit codes: 0 done, 1 the run failed, 2 the input is wrong, 3 stopped early with a checkpoint.");
  app.set_version_flag("--version", versions_text, "versions of the program and of all that it stands on");
  app.require_subcommand(1);
  // Also after the command.
  app.fallthrough();
  bool quiet = false, verbose = false;
  app.add_flag("--quiet", quiet, "nothing on standard output; warnings and errors on standard error")
      ->excludes(
          app.add_flag("--verbose", verbose, "also the phases of the set-up, every step and what its solver did"));
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
  run->add_option("--sweep", line.sweeps,
                  "run once for each value of an entry: --sweep \"Section/Entry=a,b,c\", with ';' between values that "
                  "hold commas; several options: all combinations. sweep.csv lists them")
      ->allow_extra_args(false)
      ->excludes(replicates);
  run->add_option("--ranks-each", line.ranks_each,
                  "ranks for each replicate or run of a sweep (default: all ranks shared out among them)")
      ->check(CLI::Range(1u, 1000000u));
  auto *check =
      app.add_subcommand("check", "validate a file, show what it describes and what it costs; writes nothing");
  with_file(check);
  auto *mesh = app.add_subcommand("mesh", "write the mesh of a file for ParaView, and show volumes, cells and quality");
  with_file(mesh);
  mesh->add_option("--output", line.output, "folder for the mesh (default: output/NAME_OF_FILE-mesh)");
  auto *calibrate = app.add_subcommand("calibrate", "find parameters from data, with their uncertainty");
  auto *evaluate = app.add_subcommand(
      "evaluate", "answer the observables of parameter sets, one line of JSON each, from standard input");
  for (auto *command : {calibrate, evaluate})
  {
    command->add_option("FILE", line.file, "calibration file (.prm)")->required();
    command->add_option("--output", line.output, "folder for the results (default: output/NAME_OF_FILE)");
    command->add_flag("--resume", line.resume, "go on with what is in the output folder; no run is repeated");
  }
  auto *reference = app.add_subcommand("parameters", "print every entry with its default and meaning");
  reference->add_option("--format", line.format, "prm, json or markdown; calibration: entries of calibration files")
      ->check(CLI::IsMember({"prm", "json", "markdown", "calibration"}));
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
  line.verbosity = quiet ? Verbosity::quiet : verbose ? Verbosity::verbose : Verbosity::normal;
  if (line.ranks_each > 0 && line.replicates == 0 && line.sweeps.empty())
    throw InputError("option --ranks-each: there is one run only", "add --replicates or --sweep, or remove it");
  if (!limit.empty())
    line.wall_time_limit = wall_seconds(limit);
  line.command = app.get_subcommands().front()->get_name();
  return -1;
}
} // namespace nidus
