#pragma once

#include <limits>
#include <string>
#include <vector>

namespace nidus
{
/// A time of action, [start, end).
struct Window
{
  double start = 0.0;                                   ///< min
  double end = std::numeric_limits<double>::infinity(); ///< min
};

/// A dose, as the rise of the level that it would bring if it were absorbed at once.
struct Dose
{
  double time = 0.0;   ///< min
  double amount = 0.0; ///< nM; of a bolus of cells their number
};

/// "start to end, start, ...", in order of time; "start" alone lasts for ever. Throws InputError, with @p entry as the
/// place, for what is no such list, times before zero, empty windows and windows that overlap.
std::vector<Window> parse_windows(const std::string &text, const std::string &entry);

/// "time: amount, time: amount". Throws InputError, with @p entry as the place, for what is no such list and for times
/// and amounts below zero.
std::vector<Dose> parse_doses(const std::string &text, const std::string &entry);

/**
 * The level at @p time (min) after a dose at zero that raises it by one: Bateman's function,
 * ka / (ka - ke) (exp(-ke t) - exp(-ka t)), of one compartment with absorption ka and elimination ke.
 *
 * Half-lives in min; an absorption half-life of 0 means at once. Without cancellation when both are close, and zero
 * before the dose.
 */
double level_after_dose(double time, double half_life, double absorption_half_life);
} // namespace nidus
