#pragma once

#include "organ/cell_locator.h"

#include <utility>
#include <vector>

namespace nidus
{
/// Tells whether points and lines are in the tissue. All functions are collective; every rank passes the same, and gets
/// the same answer.
class TissueProbe
{
public:
  using Line = std::pair<dealii::Point<3>, dealii::Point<3>>;

  /// Lines are looked at every @p step (um). @p locator is referred to.
  TissueProbe(const CellLocator<3> &locator, double step);

  /// 1 for each point in the tissue, else 0.
  std::vector<char> holds(const std::vector<dealii::Point<3>> &points) const;

  /// 1 for each line that is in the tissue with both ends, else 0.
  std::vector<char> holds_lines(const std::vector<Line> &lines) const;

  /// The first points of @p lines that are not in the tissue, at most @p most; and how many lines have such points.
  std::pair<std::vector<dealii::Point<3>>, std::size_t> strays(const std::vector<Line> &lines, std::size_t most) const;

  /// Lower and upper corner of the box around the tissue.
  const Line &box() const { return around; }

private:
  /// Calls visit(point) for points on a line, both ends included.
  template <typename Visit>
  void walk(const Line &line, const Visit &visit) const;

  const CellLocator<3> &locator;
  double step;
  Line around;
};
} // namespace nidus
