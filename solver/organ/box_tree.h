#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace nidus
{
/// Lower and upper corner.
struct Box
{
  std::array<double, 3> lower, upper;

  bool meets(const Box &other) const
  {
    for (unsigned int d = 0; d < 3; ++d)
      if (lower[d] > other.upper[d] || upper[d] < other.lower[d])
        return false;
    return true;
  }
  void include(const Box &other);
};

/// Finds the boxes that meet a given one: a binary tree of boxes around boxes.
class BoxTree
{
public:
  explicit BoxTree(std::vector<Box> boxes);

  /// Calls @p action with the index of each box that meets @p box, until it returns true; whether it did.
  template <typename Action>
  bool any_in(const Box &box, const Action &action) const
  {
    std::array<std::uint32_t, 64> waiting;
    unsigned int n_waiting = 0;
    if (!nodes.empty())
      waiting[n_waiting++] = 0;
    while (n_waiting > 0)
    {
      const Node &node = nodes[waiting[--n_waiting]];
      if (!node.box.meets(box))
        continue;
      if (node.n == 0)
      {
        // The first child stands right behind its mother.
        waiting[n_waiting++] = node.other;
        waiting[n_waiting++] = static_cast<std::uint32_t>(&node - nodes.data()) + 1;
        continue;
      }
      for (std::uint32_t i = node.other; i < node.other + node.n; ++i)
        if (boxes[order[i]].meets(box) && action(order[i]))
          return true;
    }
    return false;
  }

  const Box &operator[](std::uint32_t index) const { return boxes[index]; }
  std::size_t size() const { return boxes.size(); }
  /// The box around all; there must be one at least.
  const Box &hull() const { return nodes.front().box; }

private:
  struct Node
  {
    Box box;
    std::uint32_t n;     ///< boxes of a leaf; 0: two children
    std::uint32_t other; ///< first box of a leaf in the order, or the second child
  };

  void grow(std::uint32_t begin, std::uint32_t end);

  std::vector<Box> boxes;
  std::vector<std::uint32_t> order;
  std::vector<Node> nodes;
};
} // namespace nidus
