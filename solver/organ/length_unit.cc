#include "organ/length_unit.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace nidus
{
const char *const length_units = "nm|um|mm|cm|m";

double micrometres_per(const std::string &unit)
{
  static const std::map<std::string, double> lengths = {
      {"nm", 1e-3}, {"um", 1.0}, {"mm", 1e3}, {"cm", 1e4}, {"m", 1e6}};
  return lengths.at(unit);
}

std::string readable_length(const double micrometres)
{
  std::ostringstream text;
  text.precision(4);
  const char *unit = micrometres < 1.0 ? "nm" : micrometres < 1e3 ? "um" : micrometres < 1e6 ? "mm" : "m";
  text << micrometres / micrometres_per(unit) << " " << unit;
  return text.str();
}

std::vector<std::string> size_warnings(const std::vector<double> &extents, const std::string &entry)
{
  // Largest organs of mammals measure tenths of a metre; below the lower limit there is room for a few cells.
  constexpr double too_small = 100.0, too_large = 1e6;
  const double longest = *std::max_element(extents.begin(), extents.end());
  if (longest >= too_small && longest <= too_large)
    return {};
  std::string size;
  for (const double extent : extents)
    size += (size.empty() ? "" : " x ") + readable_length(extent);
  return {"the organ measures " + size + ": check '" + entry + "/Length unit' and '" + entry + "/Scale'"};
}
} // namespace nidus
