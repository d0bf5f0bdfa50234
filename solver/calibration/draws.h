#pragma once

#include "control/random.h"

#include <cstdint>
#include <vector>

namespace nidus
{
/// The random numbers of one method, one after the other: those of a seed and of a @p key that says what they are for.
/// Every rank that draws in the same order draws the same.
class Draws
{
public:
  Draws(std::uint64_t seed, std::uint64_t key) : stream{seed, key, 0, random::Purpose::calibration} {}

  double uniform();
  double normal();
  /// A whole number below @p n, which is below 2^32.
  std::size_t below(std::size_t n);
  /// @p n standard normal numbers.
  std::vector<double> normals(std::size_t n);
  /// 0, ..., n - 1 in a random order (Fisher & Yates).
  std::vector<std::size_t> permutation(std::size_t n);

private:
  random::Stream stream;
  std::array<double, 4> numbers{};
  unsigned int used = 4;
};
} // namespace nidus
