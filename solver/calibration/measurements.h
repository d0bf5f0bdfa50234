#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// One number that was measured.
struct Measurement
{
  std::string observable; ///< a name of the calibration file
  double time = 0.0;      ///< min
  double value = 0.0, uncertainty = 0.0;
  double n = 1.0;        ///< what it is a mean of: animals, cells, ...
  bool held_out = false; ///< not used for the fit, but to check what the fit predicts
  std::string place;     ///< "data.csv, line 3"
};

/**
 * Reads a table: columns observable, time, value, uncertainty, and perhaps n and held_out (0 or 1), in any order; other
 * columns, such as source and tag, are for readers. Lines that begin with # are comments.
 *
 * Throws InputError, with @p file and the line as the place, for missing columns, what is no number, and an uncertainty
 * that is not above zero.
 */
std::vector<Measurement> read_measurements(const std::string &text, const std::string &file);
} // namespace nidus
