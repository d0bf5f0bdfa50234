#include "calibration/marginal.h"

#include "control/input_error.h"

#include <cmath>
#include <map>
#include <sstream>
#include <vector>

namespace nidus
{
namespace
{
const char *const allowed = "uniform(a, b), log-uniform(a, b), normal(mean, deviation), log-normal(median, factor), "
                            "beta(a, b), laplace(centre, scale), spike-and-slab(probability, value, one of these)";

/// "a - b" of "  a - b ".
std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct Call
{
  std::string name;
  std::vector<std::string> arguments;
};

/// "name(a, b, c(d, e))" in its pieces; no name when it is none.
Call parse_call(const std::string &text)
{
  const auto open = text.find('(');
  if (open == std::string::npos || text.back() != ')')
    return {};
  Call call{trimmed(text.substr(0, open)), {""}};
  int depth = 0;
  for (const char c : text.substr(open + 1, text.size() - open - 2))
  {
    depth += (c == '(') - (c == ')');
    if (c == ',' && depth == 0)
      call.arguments.emplace_back();
    else
      call.arguments.back() += c;
  }
  for (auto &argument : call.arguments)
    argument = trimmed(argument);
  return depth == 0 ? call : Call{};
}

double number(const std::string &text, const std::string &whole, const std::string &entry)
{
  std::istringstream stream(text);
  double value;
  if (!(stream >> value) || !stream.eof() || !std::isfinite(value))
    throw InputError(entry, whole, allowed, "write numbers between the brackets");
  return value;
}

Marginal::Form parse_form(const std::string &text, const std::string &entry)
{
  const auto [name, arguments] = parse_call(text);
  if (name == "spike-and-slab" && arguments.size() == 3)
  {
    auto form = parse_form(arguments[2], entry);
    if (form.spike > 0.0)
      throw InputError(entry, text, allowed, "give one spike only");
    form.spike = number(arguments[0], text, entry);
    form.spike_value = number(arguments[1], text, entry);
    if (!(form.spike > 0.0 && form.spike < 1.0))
      throw InputError(entry, text, "a probability of the spike in (0, 1)", "change the prior");
    return form;
  }
  using Shape = Marginal::Shape;
  const std::map<std::string, Shape> shapes = {{"uniform", Shape::uniform}, {"log-uniform", Shape::uniform},
                                               {"normal", Shape::normal},   {"log-normal", Shape::normal},
                                               {"beta", Shape::beta},       {"laplace", Shape::laplace}};
  const auto shape = shapes.find(name);
  if (shape == shapes.end() || arguments.size() != 2)
    throw InputError(entry, text, allowed, "choose one of these");
  Marginal::Form form;
  form.shape = shape->second;
  form.of_logarithm = name.rfind("log-", 0) == 0;
  double first = number(arguments[0], text, entry), second = number(arguments[1], text, entry);
  if (form.of_logarithm)
  {
    if (!(first > 0.0 && second > 0.0))
      throw InputError(entry, text, "numbers above 0 for a prior of the logarithm", "use a prior without 'log-'");
    first = std::log(first);
    second = std::log(second);
  }
  form.location = first;
  form.width = form.shape == Shape::uniform ? second - first : second;
  return form;
}
} // namespace

Marginal parse_marginal(const std::string &text, const double lower, const double upper, const std::string &entry)
{
  auto form = parse_form(trimmed(text), entry);
  form.lower = lower;
  form.upper = upper;
  return {form, entry};
}
} // namespace nidus
