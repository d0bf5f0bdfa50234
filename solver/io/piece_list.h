#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// An array as the list of pieces describes it.
struct ListedArray
{
  std::string name, type;              ///< such as "Float64"
  std::string unit;                    ///< empty: none
  std::vector<std::string> components; ///< names; empty: one number without a name
};

/// What the pieces of a .pvtu or .pvtp file hold; arrays in the order in which they are in the pieces.
struct PieceList
{
  std::string kind; ///< "UnstructuredGrid" or "PolyData"
  std::vector<ListedArray> at_points, in_cells;

  /// The text of the file that lists @p pieces, which are beside it.
  std::string text(const std::vector<std::string> &pieces) const;
};
} // namespace nidus
