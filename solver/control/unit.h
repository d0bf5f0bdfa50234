#pragma once

#include <memory>
#include <optional>
#include <string>

union ut_unit;

/**
 * Units as users write them, understood by UDUNITS-2: "um^2/s", "d", "ng/mL", "1/(nM min)".
 *
 * To its database come those of this field: M (mol/L, so nM), molecule (of a mole: amounts are amounts of substance),
 * cell (a plain count), Da (the molar mass g/mol).
 */
namespace nidus
{
class Unit
{
public:
  /// Nothing for what is no unit. Throws std::runtime_error when the database cannot be read.
  static std::optional<Unit> parse(const std::string &text);

  /// How many of @p other one of this is; nothing when the dimensions differ. Unlike UDUNITS, which takes min for the
  /// inverse of 1/min, only equal dimensions count.
  std::optional<double> in(const Unit &other) const;

  /// This unit divided by @p number of @p other.
  Unit per(double number, const Unit &other) const;

private:
  explicit Unit(ut_unit *unit);

  std::shared_ptr<const ut_unit> unit;
};
} // namespace nidus
