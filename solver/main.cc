#include "calibrate.h"
#include "calibration/calibration_parameters.h"
#include "calibration_set_up.h"
#include "command_line.h"
#include "control/input_error.h"
#include "control/shared_fault.h"
#include "control/stop_request.h"
#include "io/mesh_output.h"
#include "library_faults.h"
#include "memory_forecast.h"
#include "organ/connected_pieces.h"
#include "organ/mesh_report.h"
#include "parameters.h"
#include "replicates.h"
#include "setup_view.h"
#include "simulation.h"
#include "sweep.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace
{
using namespace nidus;

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

/// What a command finds out, on rank 0; a quiet one tells the warnings only, on standard error.
void tell(const Verbosity verbosity, const std::vector<std::string> &facts, const std::vector<std::string> &warnings)
{
  const bool quiet = verbosity < Verbosity::normal;
  for (const auto &fact : facts)
    if (!quiet)
      std::cout << fact << "\n";
  for (const auto &warning : warnings)
    (quiet ? std::cerr << "nidus: " : std::cout) << "warning: " << warning << "\n";
}

template <int dim>
int make_mesh(MPI_Comm comm, const Parameters &parameters, const CommandLine &line, const bool speaks)
{
  SetupView view(comm, line.verbosity);
  view.phase("mesh");
  const Organ<dim> organ(comm, parameters.organ, [&](const double cells, const double coarse_cells) {
    announce_mesh<dim>(comm, parameters, cells, coarse_cells);
    view.expect_cells(cells);
  });
  view.phase("mesh is written");
  const OutputFolder folder(comm, line.output.empty() ? default_folder(line.file) + "-mesh" : line.output,
                            OutputFolder::Mode::fresh);
  write_mesh(organ, folder);
  auto report = report_mesh(organ);
  view.end();
  auto warnings = organ.warnings();
  for (const auto &warning : region_warnings(organ))
    warnings.push_back(warning);
  if (!speaks)
    return done;
  if (!folder.notice().empty())
    report.insert(report.begin(), folder.notice());
  tell(line.verbosity, report, warnings);
  tell(line.verbosity, {folder.path("mesh.pvtu") + " and " + folder.path("boundaries.pvtp") + " are for ParaView."},
       {});
  return done;
}

template <int dim>
int execute(MPI_Comm comm, const Parameters &parameters, const CommandLine &line, const bool speaks)
{
  if (line.command == "mesh")
    return make_mesh<dim>(comm, parameters, line, speaks);
  Simulation<dim> simulation(comm, parameters, line.verbosity);
  if (line.command == "check")
  {
    const Description description = simulation.describe();
    const auto cost = simulation.estimate_cost();
    if (speaks)
    {
      tell(line.verbosity, description.facts, {});
      tell(line.verbosity, cost, description.warnings);
      tell(line.verbosity, {line.file + " can be run."}, {});
    }
    return done;
  }
  RunOptions options = options_of(line);
  if (options.output.empty())
    options.output = default_folder(line.file);
  return simulation.run(options) == RunEnd::stopped ? stopped_early : done;
}

/// One run of a series on its group of ranks, which differs from the others by @p own assignments.
MemberEnd run_member(MPI_Comm group, const CommandLine &line, const std::vector<std::string> &own,
                     const std::string &output, const bool resume)
{
  auto overrides = line.overrides;
  overrides.insert(overrides.end(), own.begin(), own.end());
  Parameters parameters;
  load_parameters(group, line.file, overrides, parameters);
  RunOptions options = options_of(line);
  options.output = output;
  options.resume = resume;
  const auto end = parameters.run.dimension == 2 ? Simulation<2>(group, parameters, Verbosity::silent).run(options)
                                                 : Simulation<3>(group, parameters, Verbosity::silent).run(options);
  return end == RunEnd::stopped ? MemberEnd::stopped : MemberEnd::done;
}

SeriesPlan plan_of(const CommandLine &line, const std::string &member)
{
  SeriesPlan plan;
  plan.member = member;
  plan.ranks_each = line.ranks_each;
  plan.output = line.output.empty() ? default_folder(line.file) : line.output;
  plan.resume = line.resume;
  plan.verbosity = line.verbosity;
  return plan;
}

ExitCode exit_code(const std::vector<MemberEnd> &ends)
{
  const auto any = [&](const MemberEnd end) { return std::find(ends.begin(), ends.end(), end) != ends.end(); };
  if (any(MemberEnd::failed))
    return failed;
  return any(MemberEnd::stopped) || any(MemberEnd::missing) ? stopped_early : done;
}

int replicate_all(MPI_Comm comm, const CommandLine &line)
{
  Parameters parameters;
  load_parameters(comm, line.file, line.overrides, parameters);
  const std::uint64_t first_seed = parameters.run.seed;
  SeriesPlan plan = plan_of(line, "replicate");
  plan.number = line.replicates;
  return exit_code(run_series(
      comm, plan,
      [&](MPI_Comm group, const unsigned int number, const std::string &output, const bool resume) {
        return run_member(group, line, {"Run/Random seed=" + std::to_string(first_seed + number - 1)}, output, resume);
      },
      [&](const OutputFolder &folder, const std::vector<MemberEnd> &ends, const bool ended) {
        if (ended)
          write_replicate_summaries(plan, folder, ends);
      }));
}

int sweep_all(MPI_Comm comm, const CommandLine &line)
{
  std::vector<SweptEntry> swept;
  for (const auto &option : line.sweeps)
    swept.push_back(parse_sweep(option));
  const auto runs = combinations(swept);
  // All of them are read before the first one writes.
  for (const auto &own : runs)
  {
    auto overrides = line.overrides;
    overrides.insert(overrides.end(), own.begin(), own.end());
    Parameters parameters;
    load_parameters(comm, line.file, overrides, parameters);
  }
  SeriesPlan plan = plan_of(line, "sweep");
  plan.number = static_cast<unsigned int>(runs.size());
  plan.alike = false;
  if (plan.resume)
    check_same_sweep(comm, plan, swept);
  return exit_code(run_series(
      comm, plan,
      [&](MPI_Comm group, const unsigned int number, const std::string &output, const bool resume) {
        return run_member(group, line, runs[number - 1], output, resume);
      },
      [&](const OutputFolder &folder, const std::vector<MemberEnd> &ends, const bool) {
        write_sweep_table(plan, swept, folder, ends);
      }));
}

int dispatch(MPI_Comm comm, const CommandLine &line, const bool speaks)
{
  if ((line.command == "run" || line.command == "mesh") && is_calibration_file(comm, line.file))
    throw InputError("it describes a calibration, not one run", "use 'nidus calibrate' or 'nidus check'");
  if (line.command == "run" && line.replicates > 0)
    return replicate_all(comm, line);
  if (line.command == "calibrate" || line.command == "evaluate")
  {
    CommandLine with_folder = line;
    if (line.output.empty())
      with_folder.output = default_folder(line.file);
    return line.command == "calibrate" ? calibrate(comm, with_folder) : evaluate(comm, with_folder);
  }
  if (line.command == "run" && !line.sweeps.empty())
    return sweep_all(comm, line);
  if (line.command == "parameters")
  {
    if (speaks)
      std::cout << (line.format == "calibration" ? calibration_reference() : parameter_reference(line.format))
                << std::flush;
    return done;
  }
  if (line.command == "check" && is_calibration_file(comm, line.file))
    return check_calibration(comm, line);
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
  tell_faults_of_libraries();
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
              << text_of(error) << std::endl;
    if (dealii::Utilities::MPI::n_mpi_processes(comm) > 1)
      MPI_Abort(comm, failed);
    return failed;
  }
}
