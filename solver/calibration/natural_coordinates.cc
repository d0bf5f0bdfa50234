#include "calibration/natural_coordinates.h"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// Width of the uniform distribution with variance one.
const double width = std::sqrt(12.0);
constexpr double far_out = 3.5;
/// A parameter on a bound has an infinite score.
constexpr double greatest_score = 6.0;
} // namespace

NaturalCoordinates::NaturalCoordinates(const Prior &prior) : prior(prior)
{
  for (std::size_t i = 0; i < prior.n_coordinates(); ++i)
  {
    auto form = prior.marginal(i).form();
    flat.push_back(form.shape == Marginal::Shape::uniform || form.shape == Marginal::Shape::beta ? 1 : 0);
    form.spike = 0.0;
    slabs.emplace_back(form, prior.coordinate_name(i));
  }
}

double NaturalCoordinates::upper(const std::size_t i) const
{
  return flat[i] != 0 ? 0.5 * width : far_out;
}

double NaturalCoordinates::beside_spike(const std::size_t i, const double score) const
{
  const double value = prior.marginal(i).from_score(score);
  if (flat[i] != 0 && value < slabs[i].least())
    return lower(i) - 1.0;
  if (flat[i] != 0 && value > slabs[i].greatest())
    return upper(i) + 1.0;
  return flat[i] != 0 ? width * (slabs[i].to_unit(value) - 0.5)
                      : std::clamp(slabs[i].to_score(value), -greatest_score, greatest_score);
}

std::vector<double> NaturalCoordinates::of_scores(const std::vector<double> &scores) const
{
  std::vector<double> natural(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i)
  {
    const double score = std::clamp(scores[i], -greatest_score, greatest_score);
    if (prior.marginal(i).form().spike > 0.0)
      natural[i] = beside_spike(i, score);
    else
      natural[i] = flat[i] != 0 ? width * (gsl_cdf_ugaussian_P(score) - 0.5) : score;
  }
  return natural;
}

std::vector<double> NaturalCoordinates::of_parameters(const std::vector<double> &parameters) const
{
  return of_scores(prior.to_scores(parameters));
}

std::vector<double> NaturalCoordinates::to_scores(const std::vector<double> &natural) const
{
  std::vector<double> scores(natural.size());
  for (std::size_t i = 0; i < natural.size(); ++i)
  {
    const double value = std::clamp(natural[i], lower(i), upper(i)), unit = std::clamp(value / width + 0.5, 0.0, 1.0);
    double score = flat[i] != 0 ? gsl_cdf_ugaussian_Pinv(unit) : value;
    if (prior.marginal(i).form().spike > 0.0)
      score = prior.marginal(i).to_score(flat[i] != 0 ? slabs[i].from_unit(unit) : slabs[i].from_score(value));
    scores[i] = std::clamp(score, -greatest_score, greatest_score);
  }
  return scores;
}

std::vector<double> NaturalCoordinates::to_parameters(const std::vector<double> &natural) const
{
  return prior.from_scores(to_scores(natural));
}
} // namespace nidus
