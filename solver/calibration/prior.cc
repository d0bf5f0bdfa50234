#include "calibration/prior.h"

#include "control/input_error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nidus
{
void Prior::add(const std::string &name, const Marginal &marginal)
{
  pieces.push_back({marginal, parameter_names.size()});
  parameter_names.push_back(name);
}

void Prior::add_group(const std::vector<std::string> &names, const std::vector<double> &concentrations,
                      const std::string &entry)
{
  if (names.size() < 2 || names.size() != concentrations.size())
    throw InputError(entry, listed(names), "at least two fractions with a concentration each", "complete the group");
  for (const double concentration : concentrations)
    if (!(concentration > 0.0) || !std::isfinite(concentration))
      throw input_error(entry, concentration, "concentrations above 0", "1 for each is uniform");
  double rest = std::accumulate(concentrations.begin(), concentrations.end(), 0.0);
  for (std::size_t k = 0; k + 1 < names.size(); ++k)
  {
    rest -= concentrations[k];
    Marginal::Form form;
    form.shape = Marginal::Shape::beta;
    form.location = concentrations[k];
    form.width = k + 2 == names.size() ? concentrations.back() : rest;
    pieces.push_back({Marginal(form, entry), parameter_names.size() + k, true, k == 0, k + 2 == names.size()});
  }
  parameter_names.insert(parameter_names.end(), names.begin(), names.end());
}

std::string Prior::coordinate_name(const std::size_t i) const
{
  return parameter_names[pieces[i].parameter] + (pieces[i].of_stick ? " within its group" : "");
}

bool Prior::is_positive(const std::size_t p) const
{
  for (const auto &piece : pieces)
    if (piece.parameter == p)
      return piece.marginal.least() >= 0.0 &&
             (piece.marginal.form().spike == 0.0 || piece.marginal.form().spike_value > 0.0);
  return true; // the last fraction of a group
}

template <typename Transport>
std::vector<double> Prior::to_parameters(const Transport &transport) const
{
  std::vector<double> parameters(n_parameters());
  double rest = 1.0;
  for (std::size_t i = 0; i < pieces.size(); ++i)
  {
    const auto &piece = pieces[i];
    const double value = transport(piece.marginal, i);
    if (!piece.of_stick)
    {
      parameters[piece.parameter] = value;
      continue;
    }
    if (piece.first_of_stick)
      rest = 1.0;
    parameters[piece.parameter] = rest * value;
    rest *= 1.0 - value;
    if (piece.last_of_stick)
      parameters[piece.parameter + 1] = rest;
  }
  return parameters;
}

template <typename Transport>
std::vector<double> Prior::to_coordinates(const std::vector<double> &parameters, const Transport &transport) const
{
  std::vector<double> coordinates;
  double rest = 1.0;
  for (const auto &piece : pieces)
  {
    double value = parameters[piece.parameter];
    if (piece.first_of_stick)
      rest = 1.0;
    if (piece.of_stick)
    {
      const double part = rest > 0.0 ? std::clamp(value / rest, 0.0, 1.0) : 0.5;
      rest -= value;
      value = part;
    }
    coordinates.push_back(transport(piece.marginal, value));
  }
  return coordinates;
}

std::vector<double> Prior::from_unit(const std::vector<double> &unit) const
{
  return to_parameters([&unit](const Marginal &marginal, const std::size_t i) { return marginal.from_unit(unit[i]); });
}

std::vector<double> Prior::from_scores(const std::vector<double> &scores) const
{
  return to_parameters(
      [&scores](const Marginal &marginal, const std::size_t i) { return marginal.from_score(scores[i]); });
}

std::vector<double> Prior::to_unit(const std::vector<double> &parameters) const
{
  return to_coordinates(parameters,
                        [](const Marginal &marginal, const double value) { return marginal.to_unit(value); });
}

std::vector<double> Prior::to_scores(const std::vector<double> &parameters) const
{
  return to_coordinates(parameters,
                        [](const Marginal &marginal, const double value) { return marginal.to_score(value); });
}

double Prior::log_density(const std::vector<double> &parameters) const
{
  double sum = 0.0, rest = 1.0;
  for (const auto &piece : pieces)
  {
    double value = parameters[piece.parameter];
    if (piece.first_of_stick)
      rest = 1.0;
    if (piece.of_stick)
    {
      if (!(rest > 0.0))
        return -std::numeric_limits<double>::infinity();
      // The part of the stick has the Beta density; the fraction is this part times what was left.
      sum -= std::log(rest);
      const double part = value / rest;
      rest -= value;
      value = part;
    }
    sum += piece.marginal.log_density(value);
  }
  return sum;
}
} // namespace nidus
