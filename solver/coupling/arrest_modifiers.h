#pragma once

#include <vector>

namespace nidus
{
/// What drugs and antibodies do to the arrest of circulating cells during one macro step. An empty list means: nothing.
struct ArrestModifiers
{
  std::vector<double> all;                 ///< per population: its probabilities are multiplied by this
  std::vector<std::vector<double>> weight; ///< per population and weight of a signal, in the order of their names

  double of(std::size_t population) const { return all.empty() ? 1.0 : all[population]; }
  double of(std::size_t population, std::size_t number) const
  {
    return weight.empty() ? 1.0 : weight[population][number];
  }
};
} // namespace nidus
