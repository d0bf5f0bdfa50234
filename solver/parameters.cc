#include "parameters.h"

#include "control/input_error.h"
#include "control/installation.h"
#include "parameter_checks.h"
#include "parameter_declaration.h"

#include <deal.II/base/mpi.h>

#include <fstream>
#include <sstream>

namespace nidus
{
namespace
{
/// The folder of the parameter file with a slash at the end, or nothing.
std::string folder_of(const std::string &file_name)
{
  const auto slash = file_name.rfind('/');
  return slash == std::string::npos ? "" : file_name.substr(0, slash + 1);
}

/// Reads a file on rank 0 for all. Throws InputError on all ranks, which calls it @p what.
std::string read_file(MPI_Comm communicator, const std::string &what, const std::string &file_name)
{
  std::string text;
  bool good = true;
  if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
  {
    std::ifstream stream(file_name, std::ios::binary);
    std::ostringstream content;
    // A folder opens like a file, but nothing can be read from it.
    good = static_cast<bool>(stream) && static_cast<bool>(content << stream.rdbuf());
    text = content.str();
  }
  good = dealii::Utilities::MPI::broadcast(communicator, good);
  if (!good)
    throw InputError("the " + what + " '" + file_name + "' cannot be read, or is empty", "check the name");
  return dealii::Utilities::MPI::broadcast(communicator, text);
}

/// Whether rank 0 can open a file.
bool exists(MPI_Comm communicator, const std::string &file_name)
{
  const bool is_root = dealii::Utilities::MPI::this_mpi_process(communicator) == 0;
  return dealii::Utilities::MPI::broadcast(communicator, is_root && std::ifstream(file_name).good());
}

/// Beside the parameter file, or else among the files that come with the program, in @p shipped.
std::string place_of(MPI_Comm communicator, const std::string &folder, const std::string &name,
                     const std::string &shipped)
{
  if (name.empty() || name.front() == '/')
    return name;
  const std::string beside = folder + name;
  return exists(communicator, beside) || !exists(communicator, shipped + "/" + name) ? beside : shipped + "/" + name;
}

/// The first of @p names that exists in @p folder or among the files that come with the program.
IncludedFile read_include(MPI_Comm communicator, const std::string &folder, const std::vector<std::string> &names)
{
  const std::string shipped = parameter_folder() + "/";
  for (const auto &name : names)
    for (const auto &where : {folder, shipped})
      if (exists(communicator, where + name))
        return {name, read_file(communicator, "included file", where + name)};
  throw InputError("the included file '" + names.back() + "' is neither beside the file that includes it nor in '" +
                       shipped + "'",
                   "check the name");
}
} // namespace

TimeStepper::Settings Parameters::time_settings() const
{
  TimeStepper::Settings settings;
  settings.macro_step = run.macro_step;
  settings.motion_substeps = run.motion_substeps;
  settings.field_substeps = run.field_substeps;
  settings.n_steps = whole_steps(run.end_time, run.macro_step, "Run/End time");
  settings.output_interval = whole_steps(output.interval, run.macro_step, "Output/Interval");
  settings.checkpoint_interval = whole_steps(output.checkpoint_interval, run.macro_step, "Output/Checkpoint interval");
  return settings;
}

void load_parameters(MPI_Comm communicator, const std::string &file_name, const std::vector<std::string> &overrides,
                     Parameters &parameters)
{
  parameters.file_name = file_name;
  parameters.file_text = read_file(communicator, "parameter file", file_name);
  ParameterFile file = ParameterFile::parse(parameters.file_text, [&](const std::vector<std::string> &names) {
    return read_include(communicator, folder_of(file_name), names);
  });
  for (const auto &assignment : overrides)
    file.add_override(assignment);
  dealii::ParameterHandler handler;
  declare_parameters(file, handler, parameters);
  file.assign_to(handler);
  parameters.as_prm = as_prm(handler);
  parameters.as_json = as_json(handler);
  const std::string folder = folder_of(file_name);
  for (auto &type : parameters.agents.types)
    if (!type.initial_positions_file.empty())
      type.positions_text = read_file(communicator, "file of positions of Agents/" + type.name,
                                      place_of(communicator, folder, type.initial_positions_file, parameter_folder()));
  for (const auto &[entry, table] : parameters.blood.tables())
    table->text =
        read_file(communicator, "file of " + entry, place_of(communicator, folder, table->file, parameter_folder()));
  for (std::string *file : {&parameters.organ.label_image.file, &parameters.organ.mesh_file.file})
    if (const std::string place = place_of(communicator, folder, *file, mesh_folder()); place.rfind('/', 0) == 0)
      *file = place;
  resolve_parameters(parameters, folder.substr(0, folder.size() - (folder.empty() ? 0 : 1)));
}
} // namespace nidus
