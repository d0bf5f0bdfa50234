#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// A quantity that the user prescribes over time: a file of two columns with a header, "time [min], value", between
/// whose rows it is linear.
struct TimeTable
{
  std::string file; ///< as the parameter file names it; empty: none
  std::string text; ///< what that file holds

  std::vector<double> times;  ///< min, strictly increasing; read from the text
  std::vector<double> values; ///< at least 0

  bool given() const { return !file.empty(); }

  /// Reads the text. Throws InputError, with @p entry as the place, for anything but such rows, and for times that do
  /// not cover the run, from 0 to @p end_time (min).
  void parse(const std::string &entry, double end_time);

  /// The value at @p time (min), which is in the run.
  double at(double time) const;
};
} // namespace nidus
