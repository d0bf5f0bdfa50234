#include "calibration/problem.h"

#include "control/input_error.h"
#include "io/number_text.h"

#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
std::string name_of(const Measurement &measurement)
{
  return measurement.observable + " at " + number_text(measurement.time) + " min";
}

void add(Target &target, const Measurement &measurement, const double value, const double deviation)
{
  target.names.push_back(name_of(measurement));
  target.values.push_back(value);
  target.deviations.push_back(deviation);
}
} // namespace

CalibrationProblem::CalibrationProblem(const CalibrationParameters &file, const std::vector<Measurement> &data)
    : file(file), data(data), prior(file.prior())
{
  std::vector<std::string> names;
  for (const auto &observable : file.observables)
    names.push_back(observable.name);
  std::vector<char> has_data(names.size(), 0);
  for (std::size_t m = 0; m < data.size(); ++m)
  {
    const int index = file.observable(data[m].observable);
    if (index < 0)
      throw InputError(data[m].place + ", column observable", data[m].observable, listed(names),
                       "name an observable of the calibration file");
    const auto &observable = file.observables[index];
    const Transform transform = observable.transform();
    const double of_value =
        file.uncertainty == "standard deviation" ? data[m].uncertainty / std::sqrt(data[m].n) : data[m].uncertainty;
    const double value = transform(data[m].value),
                 deviation = std::hypot(transform.slope(data[m].value) * of_value, observable.discrepancy);
    if (!std::isfinite(value) || !std::isfinite(deviation))
      throw InputError(data[m].place + ", column value", number_text(data[m].value),
                       transform.domain() + " with the transform " + transform.name(),
                       "choose another " + observable.entry("Transform"));
    has_data[index] = 1;
    transforms.push_back(transform);
    add(all, data[m], value, deviation);
    if (data[m].held_out)
      continue;
    used.push_back(m);
    add(fitted, data[m], value, deviation);
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    if (has_data[i] == 0)
      throw InputError("Observables/" + names[i] + ": there are no data of it in '" + file.data + "'",
                       "add them, or remove the observable");
  if (used.empty())
    throw InputError("all of '" + file.data + "' is held out", "leave something to fit");
}

Answer CalibrationProblem::transformed(const Answer &raw) const
{
  Answer result = raw;
  for (auto &replicate : result.replicates)
    for (std::size_t m = 0; m < replicate.size(); ++m)
    {
      replicate[m] = transforms[m](replicate[m]);
      result.failed = result.failed || !std::isfinite(replicate[m]);
    }
  if (result.failed)
    result.replicates.clear();
  return result;
}

Answer CalibrationProblem::of_fitted(const Answer &transformed) const
{
  Answer result;
  result.failed = transformed.failed;
  for (const auto &replicate : transformed.replicates)
  {
    auto &chosen = result.replicates.emplace_back();
    for (const std::size_t m : used)
      chosen.push_back(replicate[m]);
  }
  return result;
}

double CalibrationProblem::misfit(const std::vector<double> &raw) const
{
  double sum = 0.0;
  for (const std::size_t m : used)
  {
    const double distance = (all.values[m] - transforms[m](raw[m])) / all.deviations[m];
    sum += distance * distance;
  }
  return std::isfinite(sum) ? sum / static_cast<double>(used.size()) : std::numeric_limits<double>::infinity();
}
} // namespace nidus
