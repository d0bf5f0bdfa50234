#include "agents/motility.h"

#include "agents/directed_walk.h"
#include "agents/random_direction.h"
#include "agents/receptor_kinetics.h"
#include "agents/receptors.h"
#include "agents/signals.h"
#include "control/normal_quantile.h"
#include "control/random.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// 2h - 2(1-e^{-h}) - (1-e^{-h})^2, by its series where the closed form would cancel.
double displacement_variance(const double h)
{
  if (h < 1e-2)
    return h * h * h * (2.0 / 3.0 + h * (-1.0 / 2.0 + h * (7.0 / 30.0 - h / 12.0)));
  const double lost = -std::expm1(-h);
  return 2.0 * h - lost * (2.0 + lost);
}

/// Two vectors of independent standard normal numbers for each of some agents.
template <int dim>
class Kicks
{
public:
  /// For the agents @p begin to @p end - 1 that crawl as Ornstein-Uhlenbeck walkers; the others have none.
  void draw(const AgentRules &rules, const AgentPopulation<dim> &population, const std::size_t begin,
            const std::size_t end, const std::uint64_t motion_step)
  {
    keys.clear();
    place.assign(end - begin, 0);
    for (std::size_t i = begin; i < end; ++i)
    {
      const auto &type = rules.type(population.type[i]);
      if (!type.crawls(population.state[i]) || type.walk_id != Walk::ornstein_uhlenbeck)
        continue;
      place[i - begin] = keys.size();
      keys.push_back(population.key[i]);
    }
    // Four numbers of the first block of the stream, in 3-D two of the second: 2 dim for each agent.
    const random::Stream stream{rules.seed, 0, motion_step, random::Purpose::motility};
    numbers.resize(8 * keys.size());
    random::uniform(stream, 0, keys.size(), keys.data(), numbers.data());
    if constexpr (dim == 3)
      random::uniform(stream, 1, keys.size(), keys.data(), numbers.data() + 4 * keys.size());
    random::normal_quantiles(2 * dim * keys.size(), numbers.data());
  }

  /// Vector @p which (0 or 1) of the agent begin + @p number.
  dealii::Tensor<1, dim> operator()(const std::size_t number, const unsigned int which) const
  {
    dealii::Tensor<1, dim> kick;
    for (unsigned int d = 0; d < dim; ++d)
      kick[d] = numbers[(which * dim + d) * keys.size() + place[number]];
    return kick;
  }

private:
  std::vector<std::uint64_t> keys;
  std::vector<double> numbers; ///< number k of walker w: [k * walkers + w]
  std::vector<std::size_t> place;
};

/// Factor of the speed by signals.
template <int dim>
double chemokinesis(const AgentRules &rules, const AgentPopulation<dim> &population, const std::size_t agent,
                    const Surroundings<dim> &surroundings, const double time)
{
  double factor = 1.0;
  for (const auto &[signal, weight] : rules.type(population.type[agent]).chemokinesis_signals)
    factor += weight * response(rules.parameters.signals[signal],
                                measured_alone(rules, population, agent, surroundings, time, signal));
  // Negative weights sum to at least -1, up to rounding.
  return std::max(factor, 0.0);
}

/// So many agents look around and crawl before the next do: what they learn stays in the cache.
constexpr std::size_t at_once = 512;

template <int dim>
bool anyone_crawls(const AgentRules &rules, const AgentPopulation<dim> &population, const std::size_t begin,
                   const std::size_t end)
{
  for (std::size_t i = begin; i < end; ++i)
    if (rules.type(population.type[i]).crawls(population.state[i]))
      return true;
  return false;
}

/// One motion step of agent @p i: its new velocity, and its displacement. @p walks: of each type without a spread.
template <int dim>
dealii::Tensor<1, dim> crawl(const AgentRules &rules, const Surroundings<dim> &surroundings,
                             const std::vector<WalkStep> &walks, const Kicks<dim> &kicks,
                             const std::uint64_t motion_step, const double length, const std::size_t i,
                             AgentPopulation<dim> &population)
{
  const auto type = population.type[i];
  const auto &parameters = rules.type(type);
  const auto key = population.key[i];
  const double factor = parameters.states[population.state[i]].speed_factor;
  const double time = static_cast<double>(motion_step) * length;
  const double speed = factor * agent_speed(rules, type, key) * chemokinesis(rules, population, i, surroundings, time);
  const auto bias = factor * drift(rules, population, i, surroundings);
  if (parameters.walk_id == Walk::biased_direction)
  {
    const random::Stream stream{rules.seed, key, motion_step, random::Purpose::motility};
    const DirectedWalk<dim> directed{speed, agent_persistence(rules, type, key), parameters.direction_bias, bias};
    return directed.advance(stream, length, population.velocity[i]);
  }
  const WalkStep walk =
      parameters.persistence_spread > 0.0 ? WalkStep(agent_persistence(rules, type, key), length) : walks[type];
  const double deviation = speed / std::sqrt(static_cast<double>(dim));
  const std::array<dealii::Tensor<1, dim>, 2> xi = {
      {kicks(i - surroundings.first, 0), kicks(i - surroundings.first, 1)}};
  const auto excess = population.velocity[i] - bias;
  population.velocity[i] = bias + walk.memory * excess + (deviation * walk.velocity_noise) * xi[0];
  return walk.length * bias + walk.carried * excess +
         deviation * (walk.displacement_tied * xi[0] + walk.displacement_free * xi[1]);
}
} // namespace

WalkStep::WalkStep(const double persistence_time, const double length) : length(length)
{
  const double h = length / persistence_time;
  const double lost = -std::expm1(-h); // 1 - e^{-h}
  memory = std::exp(-h);
  carried = persistence_time * lost;
  // Covariance of (velocity, displacement): [[lost (2 - lost), tau lost^2], [., tau^2 displacement_variance]].
  velocity_noise = std::sqrt(lost * (2.0 - lost));
  displacement_tied = persistence_time * lost * lost / velocity_noise;
  const double free = displacement_variance(h) - lost * lost * lost / (2.0 - lost);
  displacement_free = persistence_time * std::sqrt(std::max(free, 0.0));
}

double agent_speed(const AgentRules &rules, const int type, const std::uint64_t key)
{
  const auto &parameters = rules.type(type);
  if (parameters.speed_spread <= 0.0)
    return parameters.speed;
  const auto z = random::normal({rules.seed, key, 0, random::Purpose::heterogeneity});
  return parameters.speed * std::exp(parameters.speed_spread * z[0]);
}

double agent_persistence(const AgentRules &rules, const int type, const std::uint64_t key)
{
  const auto &parameters = rules.type(type);
  if (parameters.persistence_spread <= 0.0)
    return parameters.persistence_time;
  const auto z = random::normal({rules.seed, key, 0, random::Purpose::heterogeneity});
  return parameters.persistence_time * std::exp(parameters.persistence_spread * z[1]);
}

template <int dim>
dealii::Tensor<1, dim> drift(const AgentRules &rules, const AgentPopulation<dim> &population, const std::size_t agent,
                             const Surroundings<dim> &surroundings)
{
  const auto type = population.type[agent];
  const double *values = surroundings.values_of(agent);
  const auto *gradients = surroundings.gradients_of(agent);
  const auto &parameters = rules.type(type);
  const double diameter = 2.0 * parameters.radius;
  dealii::Tensor<1, dim> bias;
  for (std::size_t r = 0; r < parameters.receptors.size(); ++r)
  {
    const auto &receptor = parameters.receptors[r];
    if (receptor.sensitivity == 0.0)
      continue;
    const int number = static_cast<int>(r);
    auto effective = effective_receptor(rules, type, number, population.key[agent]);
    if (receptor.is_full())
      effective.relative_number =
          relative_surface(receptor, receptor_numbers(rules, population, agent, number, values));
    bias += receptor.sensitivity * occupancy_difference(receptor, effective, diameter, values, gradients);
  }
  const double haptotaxis = rules.modifiers.haptotaxis(type);
  for (const auto &[field, speed] : parameters.haptotaxis_fields)
    bias += (haptotaxis * speed * diameter) * gradients[field];

  const double norm = bias.norm();
  return norm > parameters.maximum_drift ? bias * (parameters.maximum_drift / norm) : bias;
}

template <int dim>
dealii::Tensor<1, dim> initial_velocity(const AgentRules &rules, const int type, const int state,
                                        const std::uint64_t key, const std::uint64_t step)
{
  dealii::Tensor<1, dim> velocity;
  const auto &parameters = rules.type(type);
  if (!parameters.crawls(state))
    return velocity;
  const double speed = agent_speed(rules, type, key) * parameters.states[state].speed_factor;
  if (parameters.walk_id == Walk::biased_direction)
    return speed * random_direction<dim>({rules.seed, key, step, random::Purpose::initial_velocity});
  const double deviation = speed / std::sqrt(static_cast<double>(dim));
  const auto z = random::normal({rules.seed, key, step, random::Purpose::initial_velocity});
  for (unsigned int d = 0; d < dim; ++d)
    velocity[d] = deviation * z[d];
  return velocity;
}

template <int dim>
std::vector<dealii::Tensor<1, dim>> active_displacements(const AgentRules &rules, const Senses<dim> &senses,
                                                         const std::uint64_t motion_step, const double length,
                                                         AgentPopulation<dim> &population)
{
  std::vector<WalkStep> walks;
  for (const auto &type : rules.parameters.types)
    walks.emplace_back(type.persistence_time, length);

  std::vector<dealii::Tensor<1, dim>> displacement(population.size());
  Surroundings<dim> surroundings;
  Kicks<dim> kicks;
  for (std::size_t begin = 0; begin < population.size(); begin += at_once)
  {
    const std::size_t end = std::min(begin + at_once, population.size());
    if (anyone_crawls(rules, population, begin, end))
    {
      senses.look(population, begin, end, Question::where_to_go, surroundings);
      kicks.draw(rules, population, begin, end, motion_step);
    }
    for (std::size_t i = begin; i < end; ++i)
      if (rules.type(population.type[i]).crawls(population.state[i]))
        displacement[i] = crawl(rules, surroundings, walks, kicks, motion_step, length, i, population);
      else
        population.velocity[i] = 0.0;
  }
  return displacement;
}

template dealii::Tensor<1, 2> drift<2>(const AgentRules &, const AgentPopulation<2> &, std::size_t,
                                       const Surroundings<2> &);
template dealii::Tensor<1, 2> initial_velocity<2>(const AgentRules &, int, int, std::uint64_t, std::uint64_t);
template std::vector<dealii::Tensor<1, 2>> active_displacements<2>(const AgentRules &, const Senses<2> &, std::uint64_t,
                                                                   double, AgentPopulation<2> &);
template dealii::Tensor<1, 3> drift<3>(const AgentRules &, const AgentPopulation<3> &, std::size_t,
                                       const Surroundings<3> &);
template dealii::Tensor<1, 3> initial_velocity<3>(const AgentRules &, int, int, std::uint64_t, std::uint64_t);
template std::vector<dealii::Tensor<1, 3>> active_displacements<3>(const AgentRules &, const Senses<3> &, std::uint64_t,
                                                                   double, AgentPopulation<3> &);
} // namespace nidus
