#include "organ/tissue_probe.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
TissueProbe::TissueProbe(const CellLocator<3> &locator, const double step) : locator(locator), step(step)
{
  for (unsigned int d = 0; d < 3; ++d)
  {
    around.first[d] = 1e300;
    around.second[d] = -1e300;
    for (const auto &box : locator.rank_boxes())
    {
      around.first[d] = std::min(around.first[d], box.first[d]);
      around.second[d] = std::max(around.second[d], box.second[d]);
    }
  }
}

template <typename Visit>
void TissueProbe::walk(const Line &line, const Visit &visit) const
{
  const auto n = static_cast<unsigned int>(std::ceil(line.first.distance(line.second) / step)) + 1;
  for (unsigned int i = 0; i <= n; ++i)
    visit(line.first + static_cast<double>(i) / n * (line.second - line.first));
}

std::vector<char> TissueProbe::holds(const std::vector<dealii::Point<3>> &points) const
{
  // Of the ranks exactly one has a place in the tissue.
  std::vector<char> mine(points.size()), result(points.size());
  for (std::size_t i = 0; i < points.size(); ++i)
  {
    const auto place = locator.locate(points[i]);
    mine[i] = place.found() && locator.is_owned(place.cell) ? 1 : 0;
  }
  MPI_Allreduce(mine.data(), result.data(), static_cast<int>(mine.size()), MPI_CHAR, MPI_MAX, locator.communicator());
  return result;
}

std::vector<char> TissueProbe::holds_lines(const std::vector<Line> &lines) const
{
  std::vector<dealii::Point<3>> points;
  std::vector<std::size_t> line_of;
  for (std::size_t l = 0; l < lines.size(); ++l)
    walk(lines[l], [&](const dealii::Point<3> &point) {
      points.push_back(point);
      line_of.push_back(l);
    });
  const auto found = holds(points);
  std::vector<char> result(lines.size(), 1);
  for (std::size_t i = 0; i < found.size(); ++i)
    if (found[i] == 0)
      result[line_of[i]] = 0;
  return result;
}

std::pair<std::vector<dealii::Point<3>>, std::size_t> TissueProbe::strays(const std::vector<Line> &lines,
                                                                          const std::size_t most) const
{
  constexpr std::size_t at_once = 4096;
  std::vector<dealii::Point<3>> places;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < lines.size(); begin += at_once)
  {
    const std::vector<Line> some(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                                 lines.begin() + static_cast<std::ptrdiff_t>(std::min(begin + at_once, lines.size())));
    const auto inside = holds_lines(some);
    for (std::size_t l = 0; l < some.size(); ++l)
    {
      if (inside[l] != 0)
        continue;
      ++count;
      if (places.size() >= most)
        continue;
      std::vector<dealii::Point<3>> points;
      walk(some[l], [&](const dealii::Point<3> &point) { points.push_back(point); });
      const auto found = holds(points);
      places.push_back(points[static_cast<std::size_t>(std::find(found.begin(), found.end(), 0) - found.begin())]);
    }
  }
  return {places, count};
}
} // namespace nidus
