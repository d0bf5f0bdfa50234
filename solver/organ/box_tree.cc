#include "organ/box_tree.h"

#include <algorithm>
#include <numeric>

namespace nidus
{
void Box::include(const Box &other)
{
  for (unsigned int d = 0; d < 3; ++d)
  {
    lower[d] = std::min(lower[d], other.lower[d]);
    upper[d] = std::max(upper[d], other.upper[d]);
  }
}

BoxTree::BoxTree(std::vector<Box> all) : boxes(std::move(all)), order(boxes.size())
{
  std::iota(order.begin(), order.end(), 0u);
  if (!boxes.empty())
    grow(0, static_cast<std::uint32_t>(boxes.size()));
}

void BoxTree::grow(const std::uint32_t begin, const std::uint32_t end)
{
  constexpr std::uint32_t leaf_size = 4;
  Box hull = boxes[order[begin]];
  for (std::uint32_t i = begin + 1; i < end; ++i)
    hull.include(boxes[order[i]]);
  const std::size_t self = nodes.size();
  nodes.push_back({hull, end - begin <= leaf_size ? end - begin : 0, begin});
  if (nodes[self].n > 0)
    return;
  unsigned int axis = 0;
  for (unsigned int d = 1; d < 3; ++d)
    if (hull.upper[d] - hull.lower[d] > hull.upper[axis] - hull.lower[axis])
      axis = d;
  const std::uint32_t middle = begin + (end - begin) / 2;
  const auto centre = [&](const std::uint32_t i) { return boxes[i].lower[axis] + boxes[i].upper[axis]; };
  // Halves by number keep the tree flat: at most 32 levels.
  std::nth_element(order.begin() + begin, order.begin() + middle, order.begin() + end,
                   [&](const std::uint32_t a, const std::uint32_t b) { return centre(a) < centre(b); });
  grow(begin, middle);
  nodes[self].other = static_cast<std::uint32_t>(nodes.size());
  grow(middle, end);
}
} // namespace nidus
