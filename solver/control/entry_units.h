#pragma once

#include "control/parameter_file.h"
#include "control/quantity.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace nidus
{
/// Declares 'Molar mass' of a soluble factor, with which its amounts may be written as masses.
void declare_molar_mass(dealii::ParameterHandler &handler);

/**
 * The units of the entries of a parameter file, from their documentation and, where that refers to them, from other
 * entries: "the field's unit" is what 'Unit' of the field says.
 */
class EntryUnits
{
public:
  /// @p declared: all entries with documentation and pattern, as a tree; both arguments are referred to.
  EntryUnits(const nlohmann::json &declared, const std::vector<Assignment> &assignments);

  /// What an assignment says, as numbers in the unit of its entry (in_units_of_entry). Text stays as it is.
  std::string plain_value(const Assignment &assignment, const nlohmann::json &entry) const;

private:
  /// What is said of an entry, or its default.
  std::string value_of(const std::vector<std::string> &path, const std::string &entry) const;

  NumberUnit unit_of(const Assignment &assignment, const std::string &documented, const NumberPlace &place) const;
  /// The unit of a field: "nM" or "1"; "nM" of one that does not exist.
  std::string unit_of_field(const std::string &field) const;
  std::string unit_of_signal(const std::vector<std::string> &path) const;
  std::string unit_of_rate(const std::vector<std::string> &path) const;
  /// Looks up the molar mass of what a number is about, the field or the factor of the blood, if it is about one.
  void find_molar_mass(const Assignment &assignment, const NumberPlace &place, NumberUnit &unit) const;

  const nlohmann::json &declared;
  const std::vector<Assignment> &assignments;
};
} // namespace nidus
