#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// One number that was measured.
struct Measurement
{
  std::string observable; ///< a name of the calibration file
  double time = 0.0;      ///< min; of a sub-model's output what it is a function of
  double value = 0.0, uncertainty = 0.0;
  std::string unit;      ///< of both; empty: that of the observable
  double n = 1.0;        ///< what it is a mean of: animals, cells, ...
  bool held_out = false; ///< not used for the fit, but to check what the fit predicts
  std::string status;    ///< verified | unverified | contested: how far its source can be trusted; empty: not said
  std::string place;     ///< "data.csv, line 3"
};

/**
 * Reads a table: columns observable, time (or x), value, uncertainty, and perhaps unit, n, held_out (0 or 1) and
 * status, in any order; other columns, such as source and tag, are for readers. Lines that begin with # are comments.
 *
 * Throws InputError, with @p file and the line as the place, for missing columns, what is no number, an uncertainty
 * that is not above zero, and another status.
 */
std::vector<Measurement> read_measurements(const std::string &text, const std::string &file);
} // namespace nidus
