#include "calibration/problem.h"

#include "control/input_error.h"
#include "control/names_of.h"
#include "control/unit.h"
#include "io/number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
std::string name_of(const Measurement &measurement, const std::optional<SubModelObservable> &sub_model)
{
  if (sub_model.has_value() && sub_model->output().x.empty())
    return measurement.observable;
  return measurement.observable + " at " + number_text(measurement.time) + " " +
         (sub_model.has_value() ? sub_model->output().x_unit : "min");
}

/// How many of @p unit one of the measurement's is.
double in_unit(const Measurement &measurement, const std::string &unit)
{
  const auto from = Unit::parse(measurement.unit), to = Unit::parse(unit);
  const auto factor = from.has_value() && to.has_value() ? from->in(*to) : std::nullopt;
  if (!factor.has_value())
    throw InputError(measurement.place + ", column unit", measurement.unit, "units of the dimension of " + unit,
                     "correct it; no unit means " + unit);
  return *factor;
}

void add(Target &target, const std::string &name, const double value, const double deviation)
{
  target.names.push_back(name);
  target.values.push_back(value);
  target.deviations.push_back(deviation);
}
} // namespace

CalibrationProblem::CalibrationProblem(const CalibrationParameters &file, const std::vector<Measurement> &measurements)
    : file(file), data(measurements), prior(file.prior())
{
  const auto names = names_of(file.observables);
  std::vector<char> has_data(names.size(), 0);
  for (std::size_t m = 0; m < data.size(); ++m)
  {
    const int index = file.observable(data[m].observable);
    if (index < 0)
      throw InputError(data[m].place + ", column observable", data[m].observable, listed(names),
                       "name an observable of the calibration file");
    const auto &observable = file.observables[index];
    add_sub_model(observable, data[m]);
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
    const std::string name = name_of(data[m], sub_models.back());
    add(all, name, value, deviation);
    if (data[m].held_out)
      continue;
    used.push_back(m);
    add(fitted, name, value, deviation);
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    if (has_data[i] == 0)
      throw InputError("Observables/" + names[i] + ": there are no data of it in '" + file.data + "'",
                       "add them, or remove the observable");
  if (used.empty())
    throw InputError("all of '" + file.data + "' is held out", "leave something to fit");
}

void CalibrationProblem::add_sub_model(const ObservableEntry &observable, Measurement &measurement)
{
  auto &added = sub_models.emplace_back();
  if (observable.sub_model.empty())
  {
    if (!measurement.unit.empty())
      throw InputError(measurement.place + ", column unit", measurement.unit,
                       "nothing for what a run tells, whose tables name their units", "remove it");
    return;
  }
  added.emplace(observable, prior);
  const auto &output = added->output();
  if (measurement.time < 0.0 || (output.x.empty() && measurement.time != 0.0))
    throw InputError(measurement.place + ", column time or x", number_text(measurement.time),
                     output.x.empty() ? "0, since it is a function of nothing"
                                      : "numbers of at least 0: " + output.x + " [" + output.x_unit + "]",
                     "correct the table");
  if (measurement.unit.empty())
    return;
  const double factor = in_unit(measurement, output.unit);
  measurement.value *= factor;
  measurement.uncertainty *= factor;
  measurement.unit = output.unit;
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

std::string CalibrationProblem::doubts() const
{
  std::string text;
  for (const char *status : {"unverified", "contested"})
  {
    const auto n = std::count_if(data.begin(), data.end(), [&](const auto &one) { return one.status == status; });
    if (n > 0)
      text +=
          (text.empty() ? "" : "; ") + std::to_string(n) + " of " + std::to_string(data.size()) + " numbers: " + status;
  }
  return text;
}
} // namespace nidus
