#include "calibration/sub_model_observable.h"

#include "calibration/quiet_gsl.h"
#include "control/input_error.h"
#include "control/names_of.h"
#include "io/number_text.h"
#include "sub_models/registry.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace nidus
{
SubModelObservable::SubModelObservable(const ObservableEntry &entry, const Prior &prior)
    : where(entry.entry("Arguments")), model(&sub_model(entry.sub_model, entry.entry("Sub-model"))),
      chosen(&model->output(entry.output, entry.entry("Output"))),
      numbers(model->arguments.size(), std::numeric_limits<double>::quiet_NaN()),
      of_parameter(model->arguments.size(), -1)
{
  const auto names = names_of(model->arguments);
  std::vector<char> given(names.size(), 0);
  for (const auto &[name, text] : named_texts(entry.arguments, where))
  {
    const int i = model->argument(name);
    if (i < 0 || given[i] != 0)
      throw InputError(where, name, "each of " + listed(names) + " once", "correct it");
    given[i] = 1;
    char *end = nullptr;
    numbers[i] = std::strtod(text.c_str(), &end);
    if (*end == '\0')
    {
      check_range(i, numbers[i]);
      continue;
    }
    const auto parameter = std::find(prior.names().begin(), prior.names().end(), text);
    if (parameter == prior.names().end())
      throw InputError(where, std::string(name).append(": ").append(text),
                       "a number, or one of the parameters " + listed(prior.names()), "correct it");
    of_parameter[i] = static_cast<int>(parameter - prior.names().begin());
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    if (given[i] == 0)
      throw InputError(where, entry.arguments, "all of " + listed(names),
                       "add '" + names[i] + "' [" + model->arguments[i].unit + "]: " + model->arguments[i].text);
  // The rare tails of a prior may fail one by one.
  for (const double unit : {0.02, 0.5, 0.98})
  {
    const auto values = prior.from_unit(std::vector<double>(prior.n_coordinates(), unit));
    for (std::size_t i = 0; i < names.size(); ++i)
      if (of_parameter[i] >= 0)
        check_range(i, values[of_parameter[i]]);
  }
}

void SubModelObservable::check_range(const std::size_t argument, const double value) const
{
  const auto &of = model->arguments[argument];
  if (!std::isfinite(value) || !is_in(value, of.range))
    throw InputError(where, of.name + ": " + number_text(value), std::string("numbers ") + in_words(of.range),
                     "correct it, or the prior of its parameter");
}

double SubModelObservable::operator()(const std::vector<double> &parameters, const double x) const
{
  auto arguments = numbers;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (of_parameter[i] >= 0)
    {
      arguments[i] = parameters[of_parameter[i]];
      check_range(i, arguments[i]);
    }
  const QuietGsl quiet;
  return chosen->at(arguments, x);
}
} // namespace nidus
