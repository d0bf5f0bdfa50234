#pragma once

#include <cstdint>
#include <numeric>
#include <vector>

namespace nidus
{
/// Numbers 0, 1, ... that are joined to sets (union by the smallest, with path halving): the name of a set is its
/// smallest number.
class DisjointSets
{
public:
  explicit DisjointSets(const std::size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), 0u); }

  std::uint32_t find(std::uint32_t i)
  {
    while (parent[i] != i)
      i = parent[i] = parent[parent[i]];
    return i;
  }

  void join(const std::uint32_t a, const std::uint32_t b)
  {
    const std::uint32_t x = find(a), y = find(b);
    if (x < y)
      parent[y] = x;
    else
      parent[x] = y;
  }

private:
  std::vector<std::uint32_t> parent;
};
} // namespace nidus
