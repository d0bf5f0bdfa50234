#include "control/random.h"

#include <algorithm>

namespace nidus::random
{
namespace
{
constexpr std::size_t at_once = 128;
using Words = std::array<std::uint32_t, at_once>;

// Philox 4x32-10 as in Random123, which has it for one key at a time: here a compiler can put keys side by side.
constexpr std::uint32_t first_factor = 0xD2511F53u, second_factor = 0xCD9E8D57u;
constexpr std::uint32_t first_bump = 0x9E3779B9u, second_bump = 0xBB67AE85u;
constexpr int n_rounds = 10;

__attribute__((target_clones("avx512f", "avx2", "default"))) void philox(std::array<Words, 4> &counter, Words &low,
                                                                         Words &high)
{
  for (int round = 0; round < n_rounds; ++round)
    for (std::size_t i = 0; i < at_once; ++i)
    {
      const std::uint64_t first = static_cast<std::uint64_t>(first_factor) * counter[0][i];
      const std::uint64_t second = static_cast<std::uint64_t>(second_factor) * counter[2][i];
      counter[0][i] = static_cast<std::uint32_t>(second >> 32) ^ counter[1][i] ^ low[i];
      counter[2][i] = static_cast<std::uint32_t>(first >> 32) ^ counter[3][i] ^ high[i];
      counter[1][i] = static_cast<std::uint32_t>(second);
      counter[3][i] = static_cast<std::uint32_t>(first);
      low[i] += first_bump;
      high[i] += second_bump;
    }
}
} // namespace

void uniform(const Stream &stream, const std::uint32_t block, const std::size_t n, const std::uint64_t *keys,
             double *numbers)
{
  std::array<Words, 4> counter;
  Words low{}, high{};
  for (std::size_t begin = 0; begin < n; begin += at_once)
  {
    const std::size_t count = std::min(at_once, n - begin);
    for (std::size_t i = 0; i < count; ++i)
    {
      const std::uint64_t key = mix(stream.seed, keys[begin + i]);
      low[i] = static_cast<std::uint32_t>(key);
      high[i] = static_cast<std::uint32_t>(key >> 32);
    }
    counter[0].fill(static_cast<std::uint32_t>(stream.step));
    counter[1].fill(static_cast<std::uint32_t>(stream.step >> 32));
    counter[2].fill(static_cast<std::uint32_t>(stream.purpose));
    counter[3].fill(block);
    philox(counter, low, high);
    for (unsigned int k = 0; k < 4; ++k)
      for (std::size_t i = 0; i < count; ++i)
        numbers[k * n + begin + i] = (counter[k][i] + 0.5) * 0x1p-32;
  }
}
} // namespace nidus::random
