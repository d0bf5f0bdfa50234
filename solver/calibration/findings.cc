#include "calibration/findings.h"

#include "calibration/combinations.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace nidus
{
namespace
{
/// Wider than this part of the prior: the data have hardly said anything.
constexpr double as_wide_as_the_prior = 0.8;

double correlation(const Matrix &covariance, const std::size_t i, const std::size_t j)
{
  const double scale = std::sqrt(covariance(i, i) * covariance(j, j));
  return scale > 0.0 ? covariance(i, j) / scale : 0.0;
}
} // namespace

const Member *Findings::best() const
{
  const auto least = std::min_element(members.begin(), members.end(),
                                      [](const auto &a, const auto &b) { return a.misfit < b.misfit; });
  return least == members.end() || !std::isfinite(least->misfit) ? nullptr : &*least;
}

std::vector<ParameterSummary> summaries(const CalibrationProblem &problem, const WeightedSamples &posterior)
{
  const auto covariance = posterior.covariance();
  const auto mean = posterior.mean();
  // Each parameter on the scale on which its prior is standard normal.
  const std::size_t n = problem.prior.n_parameters();
  WeightedSamples scores;
  for (std::size_t s = 0; s < posterior.points.size(); ++s)
    scores.add(problem.prior.to_scores(posterior.points[s]), posterior.weights[s]);
  const auto of_scores = scores.covariance();
  std::vector<ParameterSummary> result(n);
  for (std::size_t i = 0; i < n; ++i)
  {
    auto &one = result[i];
    one.mean = mean[i];
    one.deviation = std::sqrt(covariance(i, i));
    one.q05 = posterior.quantile(i, 0.05);
    one.median = posterior.quantile(i, 0.5);
    one.q95 = posterior.quantile(i, 0.95);
    for (std::size_t j = 0; j < n; ++j)
      if (j != i && std::abs(correlation(covariance, i, j)) > std::abs(one.correlation))
      {
        one.partner = j;
        one.correlation = correlation(covariance, i, j);
      }
  }
  // A group has one coordinate less than parameters: those that have one of their own are told apart.
  for (std::size_t c = 0; c < problem.prior.n_coordinates(); ++c)
    for (std::size_t i = 0; i < n; ++i)
      if (problem.prior.coordinate_name(c).rfind(problem.prior.names()[i], 0) == 0 &&
          (problem.prior.coordinate_name(c).size() == problem.prior.names()[i].size() ||
           problem.prior.coordinate_name(c)[problem.prior.names()[i].size()] == ' '))
        result[i].of_prior = std::sqrt(of_scores(c, c));
  return result;
}

std::vector<std::string> not_identified(const CalibrationProblem &problem, const WeightedSamples &posterior)
{
  const auto parameters = summaries(problem, posterior);
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].of_prior > as_wide_as_the_prior)
      sentences.push_back("These data hardly tell anything of '" + problem.prior.names()[i] + "': it stays " +
                          std::to_string(std::lround(100.0 * parameters[i].of_prior)) + " % as wide as its prior.");
  for (const auto &combination : known_combinations(problem.prior, posterior))
    sentences.push_back(combination.words);
  return sentences;
}

std::vector<double> central_values(const CalibrationProblem &problem, const WeightedSamples &posterior)
{
  const auto mean = posterior.mean();
  std::vector<double> values;
  for (std::size_t i = 0; i < problem.prior.n_parameters(); ++i)
  {
    const auto &name = problem.prior.names()[i];
    const auto parameter = std::find_if(problem.file.parameters.begin(), problem.file.parameters.end(),
                                        [&](const auto &candidate) { return candidate.name == name; });
    values.push_back(parameter->group.empty() ? posterior.quantile(i, 0.5) : mean[i]);
  }
  return values;
}
} // namespace nidus
