#include "calibration/chain_diagnostics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
double mean_of(const std::vector<double> &values)
{
  double sum = 0.0;
  for (const double value : values)
    sum += value / static_cast<double>(values.size());
  return sum;
}

/// Sum of (x_i - mean) (x_(i + lag) - mean) over the number of steps.
double autocovariance(const std::vector<double> &chain, const double mean, const std::size_t lag)
{
  double sum = 0.0;
  for (std::size_t i = 0; i + lag < chain.size(); ++i)
    sum += (chain[i] - mean) * (chain[i + lag] - mean);
  return sum / static_cast<double>(chain.size());
}

/// Variance within chains, and that of all, which holds the one between chains.
struct Variances
{
  explicit Variances(const std::vector<std::vector<double>> &chains)
  {
    const auto n_chains = static_cast<double>(chains.size()), n = static_cast<double>(chains.front().size());
    std::vector<double> means;
    for (const auto &chain : chains)
    {
      means.push_back(mean_of(chain));
      within += autocovariance(chain, means.back(), 0) * n / (n - 1.0) / n_chains;
    }
    const double between = autocovariance(means, mean_of(means), 0) * n_chains / std::max(1.0, n_chains - 1.0);
    all = within * (n - 1.0) / n + between;
  }
  double within = 0.0, all = 0.0;
};
} // namespace

double split_r_hat(const std::vector<std::vector<double>> &chains)
{
  std::vector<std::vector<double>> halves;
  for (const auto &chain : chains)
  {
    const auto half = static_cast<std::ptrdiff_t>(chain.size() / 2);
    halves.emplace_back(chain.begin(), chain.begin() + half);
    halves.emplace_back(chain.begin() + half, chain.begin() + 2 * half);
  }
  const Variances variances(halves);
  if (variances.within > 0.0)
    return std::sqrt(variances.all / variances.within);
  return variances.all > 0.0 ? std::numeric_limits<double>::infinity() : 1.0;
}

double effective_number(const std::vector<std::vector<double>> &chains)
{
  const Variances variances(chains);
  const std::size_t length = chains.front().size();
  const auto n = static_cast<double>(length * chains.size());
  if (!(variances.all > 0.0))
    return 1.0;
  const auto correlation = [&](const std::size_t lag) {
    double sum = 0.0;
    for (const auto &chain : chains)
      sum += autocovariance(chain, mean_of(chain), lag) / static_cast<double>(chains.size());
    return 1.0 - (variances.within - sum) / variances.all;
  };
  double sum = -1.0, last = std::numeric_limits<double>::infinity();
  for (std::size_t lag = 0; lag + 1 < length; lag += 2)
  {
    const double pair = lag == 0 ? 1.0 + correlation(1) : correlation(lag) + correlation(lag + 1);
    if (pair < 0.0)
      break;
    last = std::min(last, pair);
    sum += 2.0 * last;
  }
  return std::min(n, n / std::max(sum, 1.0 / n));
}
} // namespace nidus
