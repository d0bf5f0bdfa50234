#include "calibration/html.h"

#include "io/vtk_arrays.h"

namespace nidus::html
{
std::string row_of(const std::vector<std::string> &cells, const char *kind)
{
  std::string row = "<tr>";
  for (const auto &cell : cells)
    row += std::string("<") + kind + ">" + escaped(cell) + "</" + kind + ">";
  return row + "</tr>\n";
}

std::string heading(const std::string &words)
{
  return "<h2>" + escaped(words) + "</h2>\n";
}

std::string paragraph(const std::string &words, const bool strong)
{
  return strong ? "<p><b>" + escaped(words) + "</b></p>\n" : "<p>" + escaped(words) + "</p>\n";
}
} // namespace nidus::html
