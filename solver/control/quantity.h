#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

/**
 * Numbers with units in the value of an entry: "60 um^2/s", "parenchyma: 1 uM, airway: 0", "7 d to 14 d".
 *
 * They become plain numbers in the unit of the entry before anyone else reads the value.
 */
namespace nidus
{
/// Where a number stands in the value of an entry.
struct NumberPlace
{
  std::string key;        ///< of 'key: number'; empty: there is none
  unsigned int index = 0; ///< among the parts of a list with commas
  bool is_key = false;    ///< the number is the key itself
};

/// What a number is measured in.
struct NumberUnit
{
  std::vector<std::string> alternatives; ///< the first that has the dimension counts; empty: the number has no unit
  std::optional<double> molar_mass;      ///< kDa, turns masses into amounts
  std::string molar_mass_entry;          ///< which says it; empty: masses mean nothing here
  bool or_formula = false;               ///< the number may be the start of a formula
};

using UnitOfNumber = std::function<NumberUnit(const NumberPlace &place)>;

/// The value of an entry and what is said of it when it cannot be used.
struct EntryValue
{
  std::string origin; ///< "line 12"
  std::string entry;  ///< "Section/Entry"
  std::string value;
};

/**
 * The value with its units resolved; without a unit in it, as it is. Numbers are rounded to 15 digits, so that 7 d are
 * 10080 min.
 *
 * Throws InputError for a unit that is unknown or of another dimension, for one where the number has none, and for a
 * list in which some numbers have a unit and others, which are not zero, have none.
 */
std::string in_units_of_entry(const EntryValue &value, const UnitOfNumber &unit_of);
} // namespace nidus
