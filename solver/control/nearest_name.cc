#include "control/nearest_name.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace nidus
{
namespace
{
/// Letters to insert, remove or exchange (Levenshtein).
unsigned int edit_distance(const std::string &a, const std::string &b)
{
  std::vector<unsigned int> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0u);
  for (std::size_t i = 0; i < a.size(); ++i)
  {
    unsigned int diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j)
    {
      const unsigned int substituted = diagonal + (std::tolower(a[i]) == std::tolower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}
} // namespace

std::string nearest_name(const std::string &wrong, const std::vector<std::string> &names)
{
  return *std::min_element(names.begin(), names.end(), [&](const auto &a, const auto &b) {
    return edit_distance(wrong, a) < edit_distance(wrong, b);
  });
}

std::string did_you_mean(const std::string &wrong, const std::vector<std::string> &names, const std::string &cure)
{
  if (wrong.empty() || names.empty())
    return cure;
  const std::string nearest = nearest_name(wrong, names);
  // Two letters exchanged in their order are two steps.
  const bool near = edit_distance(wrong, nearest) <= std::max<std::size_t>(2, wrong.size() / 3) &&
                    edit_distance(wrong, nearest) < wrong.size();
  return near ? "did you mean '" + nearest + "'? Otherwise " + cure : cure;
}
} // namespace nidus
