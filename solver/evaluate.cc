#include "calibrate.h"
#include "calibration/ensemble.h"
#include "calibration_set_up.h"
#include "control/input_error.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <iostream>
#include <string>

namespace nidus
{
namespace
{
using Json = nlohmann::ordered_json;

/// Throws InputError.
Request request_of(const CalibrationProblem &problem, const Json &json)
{
  const auto &names = problem.prior.names();
  if (!json.is_object() || !json.contains("parameters") || !json["parameters"].is_object())
    throw InputError("a line is no object with \"parameters\"", "write {\"parameters\": {\"NAME\": number, ...}}");
  Request request;
  for (const auto &name : names)
  {
    const auto value = json["parameters"].find(name);
    if (value == json["parameters"].end() || !value->is_number())
      throw InputError("there is no number for parameter '" + name + "'", "give all of " + listed(names));
    request.parameters.push_back(value->get<double>());
  }
  if (json["parameters"].size() != names.size())
    throw InputError("there are parameters of other names", "give only " + listed(names));
  const auto stream = json.find("stream");
  if (stream != json.end() && !stream->is_number_unsigned())
    throw InputError("\"stream\" is no whole number from 0 on", "correct it");
  request.stream = stream == json.end() ? 0 : stream->get<std::uint64_t>();
  return request;
}

Json json_of(const CalibrationProblem &problem, const Answer &answer)
{
  if (answer.failed)
    return {{"failed", true}};
  Json observables;
  for (std::size_t m = 0; m < problem.all.names.size(); ++m)
    for (const auto &replicate : answer.replicates)
      observables[problem.all.names[m]].push_back(replicate[m]);
  return {{"observables", observables}};
}

/// The answer to one line of input; the same on all ranks. Throws StoppedEarly.
std::string answer_to(const CalibrationProblem &problem, Ensemble &ensemble, const std::string &line)
{
  std::vector<Request> requests;
  try
  {
    const Json json = Json::parse(line);
    for (const auto &one : json.is_array() ? json : Json::array({json}))
      requests.push_back(request_of(problem, one));
  }
  catch (const Json::exception &error)
  {
    return Json({{"error", error.what()}}).dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
  }
  catch (const InputError &error)
  {
    return Json({{"error", error.what()}}).dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
  }
  std::string text;
  for (const auto &answer : ensemble.ask("evaluate", requests))
    text += json_of(problem, answer).dump() + "\n";
  return text;
}

/// Reads a line on rank 0 for all; false at the end of the input. The others sleep, since it may take its time.
bool read_line(MPI_Comm communicator, std::string &line)
{
  bool there = true;
  if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
    there = static_cast<bool>(std::getline(std::cin, line));
  wait_for_all(communicator);
  there = dealii::Utilities::MPI::broadcast(communicator, there);
  line = dealii::Utilities::MPI::broadcast(communicator, line);
  return there;
}
} // namespace

ExitCode evaluate(MPI_Comm communicator, const CommandLine &line)
{
  CalibrationSetUp set_up(communicator, line.file);
  const OutputFolder folder(communicator, line.output,
                            line.resume ? OutputFolder::Mode::resume : OutputFolder::Mode::fresh);
  EnsembleSettings settings;
  settings.ranks_each = set_up.problem.file.ranks_each;
  settings.replicates = set_up.problem.file.replicates;
  settings.seed = set_up.problem.file.seed;
  settings.base = set_up.model.fingerprint();
  settings.quiet = true; // standard output is for answers
  Ensemble ensemble(folder, settings, std::ref(set_up.model));
  try
  {
    for (std::string text; read_line(communicator, text);)
    {
      if (text.find_first_not_of(" \t\r") == std::string::npos)
        continue;
      const std::string answer = answer_to(set_up.problem, ensemble, text);
      if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
        std::cout << answer << std::flush;
    }
  }
  catch (const StoppedEarly &)
  {
    return stopped_early;
  }
  return done;
}
} // namespace nidus
