#pragma once

#include "calibration/ask.h"
#include "calibration/prior.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

/// Models that answer at once, for tests of the methods.
namespace nidus::test
{
using Model = std::function<std::vector<double>(const std::vector<double> &)>;

/// One replicate of a model without chance.
inline Ask ask_model(const Model &model)
{
  return [model](const std::string &, const std::vector<Request> &requests) {
    std::vector<Answer> answers;
    for (const auto &request : requests)
      answers.push_back({false, {model(request.parameters)}});
    return answers;
  };
}

/// The same, but every @p nth request fails.
inline Ask ask_failing_model(const Model &model, const std::size_t nth)
{
  return [model, nth](const std::string &, const std::vector<Request> &requests) {
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < requests.size(); ++i)
      answers.push_back(i % nth == nth - 1 ? Answer{true, {}} : Answer{false, {model(requests[i].parameters)}});
    return answers;
  };
}

/// Independent parameters with the priors @p texts, named a, b, c, ...
inline Prior prior_of(const std::vector<std::string> &texts)
{
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Prior prior;
  for (std::size_t i = 0; i < texts.size(); ++i)
    prior.add(std::string(1, static_cast<char>('a' + i)), parse_marginal(texts[i], -infinity, infinity, "Prior"));
  return prior;
}

/// Data with the names y0, y1, ...
inline Target target_of(const std::vector<double> &values, const std::vector<double> &deviations)
{
  Target target{{}, values, deviations};
  for (std::size_t i = 0; i < values.size(); ++i)
    target.names.push_back("y" + std::to_string(i));
  return target;
}
} // namespace nidus::test
