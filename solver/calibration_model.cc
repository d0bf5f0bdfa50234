#include "calibration_model.h"

#include "control/input_error.h"
#include "io/number_text.h"
#include "io/provenance.h"
#include "simulation.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// What an InputError says without its cure, and the cure.
std::pair<std::string, std::string> parts_of(const InputError &error)
{
  const std::string text = error.what(), mark = ". Cure: ";
  const auto at = text.find(mark);
  return {text.substr(0, at), at == std::string::npos ? "" : text.substr(at + mark.size())};
}

template <int dim>
std::vector<std::string> columns_of(MPI_Comm communicator, const Parameters &parameters)
{
  return Simulation<dim>(communicator, parameters, Verbosity::silent).columns();
}
} // namespace

CalibrationModel::CalibrationModel(MPI_Comm communicator, const CalibrationProblem &problem, const std::string &base)
    : problem(problem), base(base)
{
  Parameters untouched, parameters;
  load_parameters(communicator, base, {}, untouched);
  check_paths(communicator);
  const std::vector<double> middle(problem.prior.n_coordinates(), 0.5);
  load_parameters(communicator, base, problem.file.assignments(problem.prior.from_unit(middle)), parameters);
  if (parameters.adaptivity.steps_between > 0)
    throw InputError("the base file '" + base + "' adapts its mesh, which the runs of a calibration cannot do",
                     "set Adaptivity/Interval = 0 in it");
  shared = !parameters.vessels.any();
  for (const auto &parameter : problem.file.parameters)
    shared = shared && parameter.path.rfind("Organ/", 0) != 0 && parameter.path.rfind("Run/", 0) != 0;
  find_places(parameters.run.dimension == 2 ? columns_of<2>(communicator, parameters)
                                            : columns_of<3>(communicator, parameters),
              parameters.run.end_time, parameters.output.interval);
  hash = std::stoull(content_hash(asked_of(untouched)), nullptr, 16);
}

std::string CalibrationModel::asked_of(const Parameters &untouched) const
{
  std::string asked = untouched.as_prm;
  for (const auto &parameter : problem.file.parameters)
    asked += parameter.path + "=" + parameter.text + "\n";
  for (const auto &measurement : problem.data)
    asked += problem.file.observables[problem.file.observable(measurement.observable)].column + " " +
             number_text(measurement.time) + "\n";
  return asked;
}

void CalibrationModel::check_paths(MPI_Comm communicator) const
{
  const auto names = problem.prior.names();
  // Its rare tails may fail one by one.
  for (const double unit : {0.5, 0.02, 0.98})
  {
    const auto values = problem.prior.from_unit(std::vector<double>(problem.prior.n_coordinates(), unit));
    for (const auto &parameter : problem.file.parameters)
    {
      const auto index = std::find(names.begin(), names.end(), parameter.name) - names.begin();
      try
      {
        Parameters changed;
        load_parameters(communicator, base, {parameter.assignment(values[index])}, changed);
      }
      catch (const InputError &error)
      {
        const auto [what, cure] = parts_of(error);
        throw InputError(parameter.entry(unit == 0.5 ? "Path" : "Prior") + " with the value " +
                             number_text(values[index]) + " does not fit '" + base + "': " + what,
                         cure);
      }
    }
  }
}

void CalibrationModel::find_places(const std::vector<std::string> &columns, const double end_time,
                                   const double interval)
{
  for (const auto &measurement : problem.data)
  {
    const auto &observable = problem.file.observables[problem.file.observable(measurement.observable)];
    const auto column = std::find(columns.begin(), columns.end(), observable.column);
    if (column == columns.end())
      throw InputError(observable.entry("Column"), observable.column, listed(columns),
                       "name a column that the base file writes, or switch it on there (section Observables)");
    const double number = measurement.time / interval, row = std::round(number);
    if (measurement.time < 0.0 || measurement.time > end_time || std::abs(number - row) > 1e-9)
      throw InputError(measurement.place + ", column time", number_text(measurement.time),
                       "multiples of Output/Interval = " + number_text(interval) +
                           " min, up to Run/End time = " + number_text(end_time) + " min",
                       "change the base file, or leave the line out");
    places.push_back({static_cast<std::size_t>(row), static_cast<std::size_t>(column - columns.begin())});
  }
}

template <int dim>
std::optional<std::vector<double>> CalibrationModel::observe(MPI_Comm group, const Parameters &parameters,
                                                             std::shared_ptr<Organ<dim>> &organ) const
{
  Simulation<dim> simulation(group, parameters, Verbosity::silent, shared ? organ : nullptr);
  organ = simulation.shared_organ();
  const auto rows = simulation.measure();
  if (!rows.has_value())
    return std::nullopt;
  std::vector<double> values;
  for (const auto &place : places)
    values.push_back(rows->at(place.row).at(place.column));
  return values;
}

std::optional<std::vector<double>> CalibrationModel::operator()(MPI_Comm group, const ModelRun &run)
{
  auto overrides = problem.file.assignments(run.parameters);
  overrides.push_back("Run/Random seed=" + std::to_string(run.seed));
  Parameters parameters;
  load_parameters(group, base, overrides, parameters);
  return parameters.run.dimension == 2 ? observe<2>(group, parameters, organ_2d)
                                       : observe<3>(group, parameters, organ_3d);
}

std::string CalibrationModel::as_prm(MPI_Comm communicator, const std::vector<double> &parameters) const
{
  Parameters all;
  load_parameters(communicator, base, problem.file.assignments(parameters), all);
  return all.as_prm;
}
} // namespace nidus
