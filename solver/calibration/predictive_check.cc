#include "calibration/predictive_check.h"

#include "calibration/draws.h"
#include "control/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nidus
{
namespace
{
constexpr std::uint64_t noise_key = 13;
constexpr unsigned int copies = 50;
/// Below it a model does not predict a series.
constexpr double surprising = 0.05;

using Points = std::vector<std::vector<double>>;

/// Data as they might have been measured, [copy][measurement].
Points predicted_data(const CalibrationProblem &problem, const std::vector<Answer> &answers, const std::uint64_t seed)
{
  Draws draws(seed, noise_key);
  Points predicted;
  for (const auto &answer : answers)
    for (unsigned int copy = 0; !answer.failed && copy < copies; ++copy)
    {
      auto data = problem.file.one_realisation ? answer.replicates[copy % answer.replicates.size()] : answer.mean();
      for (std::size_t m = 0; m < data.size(); ++m)
        data[m] += problem.all.deviations[m] * draws.normal();
      predicted.push_back(data);
    }
  return predicted;
}

/// Of one measurement.
struct Spread
{
  Spread(const Points &predicted, const std::size_t m)
  {
    std::vector<double> values;
    for (const auto &data : predicted)
      values.push_back(data[m]);
    const auto n = static_cast<double>(values.size());
    for (const double value : values)
      mean += value / n;
    for (const double value : values)
      deviation += (value - mean) * (value - mean) / n;
    deviation = std::sqrt(deviation);
    std::sort(values.begin(), values.end());
    q05 = quantile(values, 0.05);
    q95 = quantile(values, 0.95);
  }
  double mean = 0.0, deviation = 0.0, q05 = 0.0, q95 = 0.0;
};

SeriesCheck check_of(const CalibrationProblem &problem, const Points &predicted, const std::vector<Spread> &spreads,
                     const std::vector<std::size_t> &places)
{
  const auto distance = [&](const std::vector<double> &data) {
    double sum = 0.0;
    for (const std::size_t m : places)
      sum += std::pow((data[m] - spreads[m].mean) / spreads[m].deviation, 2);
    return sum;
  };
  SeriesCheck check;
  check.observable = problem.data[places.front()].observable;
  check.held_out = problem.data[places.front()].held_out;
  for (const std::size_t m : places)
  {
    ++check.n;
    check.inside += problem.all.values[m] >= spreads[m].q05 && problem.all.values[m] <= spreads[m].q95 ? 1 : 0;
  }
  const double real = distance(problem.all.values);
  double as_far = 1.0;
  for (const auto &data : predicted)
    as_far += distance(data) >= real ? 1.0 : 0.0;
  check.p_value = as_far / (static_cast<double>(predicted.size()) + 1.0);
  char text[160];
  std::snprintf(text, sizeof text, "%u of %u data within 90 %% intervals, p = %.2g: %s.", check.inside, check.n,
                check.p_value,
                check.p_value < surprising ? "the model does not predict them" : "no contradiction to the model");
  check.words = "'" + check.observable + "', " + (check.held_out ? "held out" : "fitted") + ": " + text;
  return check;
}
} // namespace

std::vector<SeriesCheck> predictive_check(const CalibrationProblem &problem, const std::vector<Answer> &answers,
                                          const std::uint64_t seed)
{
  const auto predicted = predicted_data(problem, answers, seed);
  std::vector<SeriesCheck> checks;
  if (predicted.empty())
    return checks;
  std::vector<Spread> spreads;
  for (std::size_t m = 0; m < problem.data.size(); ++m)
    spreads.emplace_back(predicted, m);
  for (const bool held_out : {true, false})
    for (const auto &observable : problem.file.observables)
    {
      std::vector<std::size_t> places;
      for (std::size_t m = 0; m < problem.data.size(); ++m)
        if (problem.data[m].observable == observable.name && problem.data[m].held_out == held_out)
          places.push_back(m);
      if (!places.empty())
        checks.push_back(check_of(problem, predicted, spreads, places));
    }
  return checks;
}
} // namespace nidus
