#include "calibration/draws.h"

#include "control/normal_quantile.h"

#include <algorithm>
#include <numeric>

namespace nidus
{
double Draws::uniform()
{
  if (used == 4)
  {
    numbers = random::uniform(stream);
    ++stream.step;
    used = 0;
  }
  return numbers[used++];
}

double Draws::normal()
{
  double number = uniform();
  random::normal_quantiles(1, &number);
  return number;
}

std::size_t Draws::below(const std::size_t n)
{
  return std::min(n - 1, static_cast<std::size_t>(uniform() * static_cast<double>(n)));
}

std::vector<double> Draws::normals(const std::size_t n)
{
  std::vector<double> values(n);
  for (auto &value : values)
    value = normal();
  return values;
}

std::vector<std::size_t> Draws::permutation(const std::size_t n)
{
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = n; i > 1; --i)
    std::swap(order[i - 1], order[below(i)]);
  return order;
}
} // namespace nidus
