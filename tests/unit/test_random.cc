#include "control/normal_quantile.h"
#include "control/random.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>
#include <vector>

using namespace nidus::random;

TEST_CASE("Draws are functions of seed, key, step, purpose and block", "[random]")
{
  const Stream stream{1, 2, 3, Purpose::motility};
  CHECK(uniform(stream) == uniform(stream));
  std::set<double> firsts;
  for (const Stream &other : {stream, Stream{2, 2, 3, Purpose::motility}, Stream{1, 3, 3, Purpose::motility},
                              Stream{1, 2, 4, Purpose::motility}, Stream{1, 2, 3, Purpose::transition},
                              Stream{1, 2, 3 + (1ull << 32), Purpose::motility}})
    firsts.insert(uniform(other)[0]);
  firsts.insert(uniform(stream, 1)[0]);
  CHECK(firsts.size() == 7);
}

TEST_CASE("Many streams at once draw what each draws alone, to the last bit", "[random]")
{
  const std::size_t n = GENERATE(1, 127, 128, 300);
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < n; ++i)
    keys.push_back(mix(5, i));
  const Stream stream{(7ull << 40) + 3, 0, (9ull << 32) + 11, Purpose::transition};
  std::vector<double> numbers(4 * n);
  uniform(stream, 2, n, keys.data(), numbers.data());
  bool same = true;
  for (std::size_t i = 0; i < n; ++i)
  {
    const auto alone = uniform({stream.seed, keys[i], stream.step, stream.purpose}, 2);
    for (std::size_t k = 0; k < 4; ++k)
      same = same && alone[k] == numbers[k * n + i];
  }
  CHECK(same);
}

TEST_CASE("Uniform and normal draws have their moments, neighbours in key and step are uncorrelated", "[random]")
{
  constexpr int n = 200000;
  double sum = 0.0, squares = 0.0, normal_sum = 0.0, normal_squares = 0.0, fourth = 0.0, product = 0.0;
  for (int i = 0; i < n; ++i)
  {
    const double u = uniform({7, static_cast<std::uint64_t>(i), 0, Purpose::seeding})[0];
    const double next = uniform({7, static_cast<std::uint64_t>(i), 1, Purpose::seeding})[0];
    const double g = normal({7, static_cast<std::uint64_t>(i), 0, Purpose::motility})[3];
    sum += u;
    squares += u * u;
    product += (u - 0.5) * (next - 0.5);
    normal_sum += g;
    normal_squares += g * g;
    fourth += g * g * g * g;
  }
  const double root = std::sqrt(n);
  CHECK(std::abs(sum / n - 0.5) < 3.0 * std::sqrt(1.0 / 12.0) / root);
  CHECK(std::abs(squares / n - 1.0 / 3.0) < 3.0 * std::sqrt(4.0 / 45.0) / root);
  CHECK(std::abs(product / n) < 3.0 / 12.0 / root);
  CHECK(std::abs(normal_sum / n) < 3.0 / root);
  CHECK(std::abs(normal_squares / n - 1.0) < 3.0 * std::sqrt(2.0) / root);
  CHECK(std::abs(fourth / n - 3.0) < 3.0 * std::sqrt(96.0) / root);
}

TEST_CASE("Normal quantiles are the inverse of the normal distribution function", "[random]")
{
  // From the far tail, of numbers that 0.5 - u holds exactly, through the seams between the three formulas, to the
  // middle.
  std::vector<double> u = {0x1p-33, 9 * 0x1p-33, 0x1p-40, 0x1p-17, 0.0749999, 0.075, 0.0750001, 0.3, 0.5, 0.7, 0.925};
  for (int i = 1; i < 1000; ++i)
    u.push_back(i / 1000.0);
  auto z = u;
  nidus::random::normal_quantiles(z.size(), z.data());
  for (std::size_t i = 0; i < u.size(); ++i)
    CHECK(0.5 * std::erfc(-z[i] / std::sqrt(2.0)) == Approx(u[i]).epsilon(1e-13).margin(0.0));
  CHECK(z[8] == 0.0);
}

TEST_CASE("Poisson numbers have mean and variance equal, small and large", "[random]")
{
  for (const double mean : {0.02, 3.0, 40.0})
  {
    constexpr int n = 50000;
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < n; ++i)
    {
      const double x =
          static_cast<double>(poisson({3, static_cast<std::uint64_t>(i), 0, Purpose::arrival_count}, mean));
      sum += x;
      squares += x * x;
    }
    INFO("mean " << mean);
    CHECK(std::abs(sum / n - mean) < 3.0 * std::sqrt(mean / n));
    const double variance = squares / n - sum / n * sum / n;
    CHECK(std::abs(variance - mean) < 3.0 * std::sqrt((mean + 2.0 * mean * mean) / n));
  }
  CHECK(poisson({3, 1, 0, Purpose::arrival_count}, 0.0) == 0);
}
