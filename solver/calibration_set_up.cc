#include "calibration_set_up.h"

#include "control/input_error.h"
#include "control/installation.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <filesystem>
#include <sstream>

namespace nidus
{
namespace
{
namespace fs = std::filesystem;

/// Text of a file, read on rank 0 for all. Throws InputError, which calls it @p what.
std::string text_of(MPI_Comm communicator, const std::string &what, const std::string &path)
{
  std::string text;
  bool good = true;
  if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
    try
    {
      text = read_whole_file(path);
    }
    catch (const std::exception &)
    {
      good = false;
    }
  good = dealii::Utilities::MPI::broadcast(communicator, good);
  if (!good)
    throw InputError("the " + what + " '" + path + "' cannot be read", "check the name");
  return dealii::Utilities::MPI::broadcast(communicator, text);
}

/// Beside the calibration file, or else among the files that come with the program.
std::string place_of(MPI_Comm communicator, const std::string &file, const std::string &name)
{
  const fs::path beside = fs::path(file).parent_path() / name;
  std::error_code ignored;
  const bool there = dealii::Utilities::MPI::broadcast(communicator, fs::exists(beside, ignored));
  return there ? beside.string() : parameter_folder() + "/" + name;
}

CalibrationProblem read_problem(MPI_Comm communicator, const std::string &file)
{
  const auto parameters = read_calibration(file, text_of(communicator, "calibration file", file));
  const auto data = text_of(communicator, "table of Calibration/Data", place_of(communicator, file, parameters.data));
  return {parameters, read_measurements(data, parameters.data)};
}
} // namespace

bool is_calibration_file(MPI_Comm communicator, const std::string &file)
{
  std::istringstream lines(text_of(communicator, "parameter file", file));
  std::string first, second;
  for (std::string line; std::getline(lines, line);)
    if (std::istringstream(line) >> first >> second && first == "subsection" && second == "Calibration")
      return true;
  return false;
}

CalibrationSetUp::CalibrationSetUp(MPI_Comm communicator, const std::string &file)
    : problem(read_problem(communicator, file)),
      base(problem.file.base.empty() ? "" : place_of(communicator, file, problem.file.base)),
      model(communicator, problem, base), comm(communicator)
{
}

std::string CalibrationSetUp::with_parameters(const std::vector<double> &parameters) const
{
  if (base.empty())
    return "";
  std::error_code ignored;
  const fs::path shipped = fs::path(parameter_folder()) / problem.file.base;
  const bool is_shipped = dealii::Utilities::MPI::broadcast(comm, fs::equivalent(base, shipped, ignored));
  return is_shipped ? "include " + problem.file.base + "\n\n" + as_subsections(problem.file.assignments(parameters))
                    : model.as_prm(comm, parameters);
}
} // namespace nidus
