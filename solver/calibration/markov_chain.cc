#include "calibration/markov_chain.h"

#include "calibration/chain_diagnostics.h"
#include "calibration/draws.h"
#include "control/random.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nidus
{
namespace
{
constexpr std::uint64_t chain_key = 10;
constexpr unsigned int between_factors = 50;
constexpr double great_r_hat = 1.05, few_effective = 200.0;

/// The proposals of a chain, which learn from where it has been.
class Proposal
{
public:
  explicit Proposal(const std::size_t n) : mean(n, 0.0), spread(n, n), factor(*Cholesky::of(identity(n)))
  {
    log_size = std::log(2.38 / std::sqrt(static_cast<double>(n))) - 1.0;
    wanted = n == 1 ? 0.44 : 0.234;
  }

  std::vector<double> from(const std::vector<double> &point, Draws &draws) const
  {
    auto step = factor.half_product(draws.normals(point.size()));
    for (std::size_t k = 0; k < point.size(); ++k)
      step[k] = point[k] + std::exp(log_size) * step[k];
    return step;
  }

  void learn(const std::vector<double> &point, const double acceptance, const unsigned int step)
  {
    log_size += std::pow(step + 1.0, -0.6) * (acceptance - wanted);
    // What was on the way from the start says little of where it arrived: weights fall more slowly than 1 / step.
    const double weight = std::min(0.5, 2.0 / (step + 2.0));
    for (std::size_t k = 0; k < point.size(); ++k)
      for (std::size_t l = 0; l < point.size(); ++l)
        spread(k, l) += weight * ((1.0 - weight) * (point[k] - mean[k]) * (point[l] - mean[l]) - spread(k, l));
    for (std::size_t k = 0; k < point.size(); ++k)
      mean[k] += weight * (point[k] - mean[k]);
    if (step < 2 * between_factors || step % between_factors != 0)
      return;
    auto matrix = spread;
    for (std::size_t k = 0; k < point.size(); ++k)
      matrix(k, k) += 1e-10 + 1e-6 * spread(k, k);
    if (const auto found = Cholesky::of(matrix))
      factor = *found;
  }

private:
  static Matrix identity(const std::size_t n)
  {
    Matrix result(n, n);
    for (std::size_t k = 0; k < n; ++k)
      result(k, k) = 1.0;
    return result;
  }

  double log_size, wanted;
  std::vector<double> mean;
  Matrix spread;
  Cholesky factor;
};

std::vector<std::vector<double>> chain_from(std::vector<double> point, const LogDensity &log_density,
                                            const ChainOptions &options, Draws draws, double &acceptance)
{
  Proposal proposal(point.size());
  std::vector<std::vector<double>> points;
  double here = log_density(point);
  for (unsigned int step = 0; step < options.warm_up + options.steps; ++step)
  {
    const auto tried = proposal.from(point, draws);
    const double there = log_density(tried);
    // Not a number is no density.
    const double probability = there > here ? 1.0 : there <= here ? std::exp(there - here) : 0.0;
    if (draws.uniform() < probability)
    {
      point = tried;
      here = there;
    }
    if (step < options.warm_up)
    {
      proposal.learn(point, probability, step);
      continue;
    }
    acceptance += probability / options.steps;
    points.push_back(point);
  }
  return points;
}
} // namespace

WeightedSamples Chains::sample(const std::size_t n) const
{
  std::vector<std::vector<double>> some;
  const std::size_t length = points.front().size(), n_chains = points.size();
  for (std::size_t c = 0; c < n_chains; ++c)
  {
    // The first chains give one more where chains do not divide n.
    const std::size_t each = std::min(length, n / n_chains + (c < n % n_chains ? 1 : 0));
    for (std::size_t i = 0; i < each; ++i)
      some.push_back(points[c][(2 * i + 1) * length / (2 * each)]);
  }
  return equally_weighted(some);
}

double Chains::least_effective() const
{
  return *std::min_element(effective.begin(), effective.end());
}

std::vector<std::string> Chains::doubts(const std::vector<std::string> &names) const
{
  std::vector<std::string> sentences;
  for (std::size_t k = 0; k < r_hat.size(); ++k)
  {
    char text[128];
    std::snprintf(text, sizeof text, "R-hat %.3f, effective number %.0f", r_hat[k], effective[k]);
    if (!(r_hat[k] <= great_r_hat))
      sentences.push_back("The chains do not agree on '" + names[k] + "' (" + text +
                          "): its posterior is not to be trusted; more steps, or runs where they part, would help.");
    else if (effective[k] < few_effective)
      sentences.push_back("The chains move slowly along '" + names[k] + "' (" + text +
                          "): ends of its interval are rough; more steps would help.");
  }
  return sentences;
}

Chains adaptive_metropolis(const LogDensity &log_density, const std::vector<std::vector<double>> &starts,
                           const ChainOptions &options, const std::uint64_t seed)
{
  Chains chains;
  double acceptance = 0.0;
  for (std::size_t c = 0; c < starts.size(); ++c)
    chains.points.push_back(
        chain_from(starts[c], log_density, options, Draws(seed, random::mix(chain_key, c)), acceptance));
  chains.acceptance = acceptance / static_cast<double>(starts.size());
  for (std::size_t k = 0; k < starts.front().size(); ++k)
  {
    std::vector<std::vector<double>> numbers;
    for (const auto &chain : chains.points)
    {
      auto &of_chain = numbers.emplace_back();
      for (const auto &point : chain)
        of_chain.push_back(point[k]);
    }
    chains.r_hat.push_back(split_r_hat(numbers));
    chains.effective.push_back(effective_number(numbers));
  }
  return chains;
}
} // namespace nidus
