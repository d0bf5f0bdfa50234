#include "control/random.h"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>

namespace nidus::random
{
namespace
{
std::uint64_t split_mix(std::uint64_t word)
{
  word += 0x9E3779B97F4A7C15ull;
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9ull;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EBull;
  return word ^ (word >> 31);
}
} // namespace

std::uint64_t mix(const std::uint64_t first, const std::uint64_t second)
{
  return split_mix(split_mix(first) ^ second);
}

std::array<double, 4> uniform(const Stream &stream, const std::uint32_t block)
{
  // The counter holds (step, purpose, block); the key holds (seed, agent key) folded to 64 bits, because Philox 4x32
  // takes a 64-bit key.
  const std::uint64_t key = mix(stream.seed, stream.key);
  const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(stream.step),
                                               static_cast<std::uint32_t>(stream.step >> 32),
                                               static_cast<std::uint32_t>(stream.purpose), block}};
  const r123::Philox4x32::key_type philox_key = {
      {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}};
  const auto bits = r123::Philox4x32()(counter, philox_key);

  std::array<double, 4> numbers;
  for (unsigned int i = 0; i < 4; ++i)
    numbers[i] = (bits[i] + 0.5) * 0x1p-32;
  return numbers;
}

std::array<double, 4> normal(const Stream &stream, const std::uint32_t block)
{
  const auto u = uniform(stream, block);
  constexpr double two_pi = 6.283185307179586;
  const double first = std::sqrt(-2.0 * std::log(u[0]));
  const double second = std::sqrt(-2.0 * std::log(u[2]));
  return {{first * std::cos(two_pi * u[1]), first * std::sin(two_pi * u[1]), second * std::cos(two_pi * u[3]),
           second * std::sin(two_pi * u[3])}};
}

std::uint64_t poisson(const Stream &stream, const double mean)
{
  // A Poisson variable of mean m is a sum of ones of smaller mean; inversion is exact for each chunk of mean <= 16.
  constexpr double chunk = 16.0;
  std::uint64_t total = 0;
  const auto n_chunks = static_cast<std::uint32_t>(std::ceil(mean / chunk));
  for (std::uint32_t block = 0; block < n_chunks; ++block)
  {
    const double part = std::min(mean - block * chunk, chunk);
    const auto u = uniform(stream, block);
    // Two 32-bit words make one number with enough digits for the tail.
    const double target = u[0] + (u[1] - 0.5) * 0x1p-32;
    double probability = std::exp(-part);
    double cumulative = probability;
    std::uint64_t count = 0;
    while (cumulative < target && count < 200)
    {
      ++count;
      probability *= part / static_cast<double>(count);
      cumulative += probability;
    }
    total += count;
  }
  return total;
}
} // namespace nidus::random
