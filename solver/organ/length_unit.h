#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// "nm|um|mm|cm|m": what an entry 'Length unit' allows.
extern const char *const length_units;

/// Micrometres in one of these units.
double micrometres_per(const std::string &unit);

/// A length with a unit that a reader can picture: "23.5 mm".
std::string readable_length(double micrometres);

/**
 * What to tell of an organ of @p extents (um) whose size no organ has: nothing, or one warning. A wrong unit or scale
 * makes an organ a thousand times too large or too small.
 */
std::vector<std::string> size_warnings(const std::vector<double> &extents, const std::string &entry);
} // namespace nidus
