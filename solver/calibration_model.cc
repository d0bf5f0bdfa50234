#include "calibration_model.h"

#include "control/input_error.h"
#include "io/number_text.h"
#include "io/provenance.h"
#include "simulation.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <limits>

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
} // namespace

CalibrationModel::CalibrationModel(MPI_Comm communicator, const CalibrationProblem &problem, const std::string &base)
    : problem(problem), base(base)
{
  Parameters untouched;
  if (!base.empty())
  {
    load_parameters(communicator, base, {}, untouched);
    check_base(communicator);
  }
  hash = std::stoull(content_hash(asked_of(untouched)), nullptr, 16);
}

void CalibrationModel::check_base(MPI_Comm communicator)
{
  check_paths(communicator);
  if (!problem.file.needs_runs())
    return;
  Parameters parameters;
  const std::vector<double> middle(problem.prior.n_coordinates(), 0.5);
  load_parameters(communicator, base, problem.file.assignments(problem.prior.from_unit(middle)), parameters);
  if (parameters.adaptivity.steps_between > 0)
    throw InputError("the base file '" + base + "' adapts its mesh, which the runs of a calibration cannot do",
                     "set Adaptivity/Interval = 0 in it");
  shared = !parameters.vessels.any();
  for (const auto &parameter : problem.file.parameters)
    shared = shared && parameter.path.rfind("Organ/", 0) != 0 && parameter.path.rfind("Run/", 0) != 0;
  parameters.run.dimension == 2 ? find_places<2>(communicator, parameters) : find_places<3>(communicator, parameters);
}

std::string CalibrationModel::asked_of(const Parameters &untouched) const
{
  std::string asked = untouched.as_prm;
  for (const auto &parameter : problem.file.parameters)
    asked += parameter.path + "=" + parameter.text + "\n";
  for (const auto &measurement : problem.data)
  {
    const auto &observable = problem.file.observables[problem.file.observable(measurement.observable)];
    if (!observable.of_statistics())
      asked += observable.table + " " + observable.statistic + " " + observable.where + " " + observable.sub_model +
               " " + observable.output + " " + observable.arguments + " ";
    asked += observable.column + " " + number_text(measurement.time) + "\n";
  }
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
      if (parameter.path.empty())
        continue;
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

std::size_t CalibrationModel::row_of(const Measurement &measurement, const double end_time, const double interval) const
{
  const double number = measurement.time / interval, row = std::round(number);
  if (measurement.time < 0.0 || measurement.time > end_time || std::abs(number - row) > 1e-9)
    throw InputError(measurement.place + ", column time", number_text(measurement.time),
                     "multiples of Output/Interval = " + number_text(interval) +
                         " min, up to Run/End time = " + number_text(end_time) + " min",
                     "change the base file, or leave the line out");
  return static_cast<std::size_t>(row);
}

template <int dim>
void CalibrationModel::find_places(MPI_Comm communicator, const Parameters &parameters)
{
  const Simulation<dim> simulation(communicator, parameters, Verbosity::silent);
  const auto columns = simulation.columns();
  for (std::size_t m = 0; m < problem.data.size(); ++m)
  {
    const auto &observable = problem.file.observables[problem.file.observable(problem.data[m].observable)];
    if (!observable.sub_model.empty())
      continue;
    Place place{m, row_of(problem.data[m], parameters.run.end_time, parameters.output.interval), 0, {}};
    const auto column = std::find(columns.begin(), columns.end(), observable.column);
    place.column = static_cast<std::size_t>(column - columns.begin());
    if (!observable.of_statistics())
      place.table.emplace(observable, simulation.tables());
    else if (column == columns.end())
      throw InputError(observable.entry("Column"), observable.column, listed(columns),
                       "name a column that the base file writes, or switch it on there (section Observables)");
    places.push_back(place);
  }
}

template <int dim>
bool CalibrationModel::observe(MPI_Comm group, const Parameters &parameters, std::shared_ptr<Organ<dim>> &organ,
                               std::vector<double> &values) const
{
  Simulation<dim> simulation(group, parameters, Verbosity::silent, shared ? organ : nullptr);
  organ = simulation.shared_organ();
  const bool has_tables = dealii::Utilities::MPI::this_mpi_process(group) == 0;
  std::size_t output = 0;
  const bool ended = simulation.measure([&](const auto &row, const auto &tables) {
    for (const auto &place : places)
      if (place.row == output && !place.table.has_value())
        values[place.measurement] = row.at(place.column);
      else if (place.row == output && has_tables)
        values[place.measurement] = (*place.table)(tables);
    ++output;
  });
  values = dealii::Utilities::MPI::broadcast(group, values);
  return ended;
}

std::optional<std::vector<double>> CalibrationModel::operator()(MPI_Comm group, const ModelRun &run)
{
  std::vector<double> values(problem.data.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t m = 0; m < values.size(); ++m)
    if (const auto &sub_model = problem.sub_models[m])
      values[m] = (*sub_model)(run.parameters, problem.data[m].time);
  if (!problem.file.needs_runs())
    return values;
  auto overrides = problem.file.assignments(run.parameters);
  overrides.push_back("Run/Random seed=" + std::to_string(run.seed));
  Parameters parameters;
  load_parameters(group, base, overrides, parameters);
  const bool ended = parameters.run.dimension == 2 ? observe<2>(group, parameters, organ_2d, values)
                                                   : observe<3>(group, parameters, organ_3d, values);
  return ended ? std::make_optional(values) : std::nullopt;
}

std::string CalibrationModel::as_prm(MPI_Comm communicator, const std::vector<double> &parameters) const
{
  Parameters all;
  load_parameters(communicator, base, problem.file.assignments(parameters), all);
  return all.as_prm;
}
} // namespace nidus
