#include "control/unit.h"

#include <memory>
#include <stdexcept>
#include <udunits2.h>

namespace nidus
{
namespace
{
constexpr double avogadro = 6.02214076e23; ///< molecules of a mole

/// A unit of which the library has given us a copy.
using OwnedUnit = std::unique_ptr<ut_unit, decltype(&ut_free)>;

OwnedUnit owned(ut_unit *const unit)
{
  return OwnedUnit(unit, ut_free);
}

/// Gives @p unit a name that users write, in place of what the database may call so: its molecule is that of an older
/// Avogadro constant.
void add_name(ut_system *database, const OwnedUnit &unit, const char *name)
{
  ut_unmap_name_to_unit(database, name, UT_ASCII);
  if (unit == nullptr || ut_map_name_to_unit(name, UT_ASCII, unit.get()) != UT_SUCCESS)
    throw std::runtime_error(std::string("the unit '") + name + "' cannot be added to the database of units");
}

void add_symbol(const OwnedUnit &unit, const char *symbol)
{
  if (unit == nullptr || ut_map_symbol_to_unit(symbol, UT_ASCII, unit.get()) != UT_SUCCESS)
    throw std::runtime_error(std::string("the unit '") + symbol + "' cannot be added to the database of units");
}

/// The database, read when the first unit is met, and kept.
ut_system *units()
{
  static ut_system *const system = [] {
    // Its words on standard error would stand beside ours.
    ut_set_error_message_handler(ut_ignore);
    ut_system *const database = ut_read_xml(nullptr);
    if (database == nullptr)
      throw std::runtime_error("the database of units (udunits2.xml of UDUNITS-2) cannot be read");
    const OwnedUnit mole = owned(ut_get_unit_by_name(database, "mole"));
    const OwnedUnit molecule = owned(ut_scale(1.0 / avogadro, mole.get()));
    const OwnedUnit cell = owned(ut_new_dimensionless_unit(database));
    add_symbol(owned(ut_parse(database, "mol/L", UT_ASCII)), "M");
    add_symbol(owned(ut_parse(database, "g/mol", UT_ASCII)), "Da");
    add_name(database, molecule, "molecule");
    add_name(database, molecule, "molecules");
    add_name(database, cell, "cell");
    add_name(database, cell, "cells");
    return database;
  }();
  return system;
}
} // namespace

Unit::Unit(ut_unit *const taken) : unit(taken, [](const ut_unit *u) { ut_free(const_cast<ut_unit *>(u)); }) {}

std::optional<Unit> Unit::parse(const std::string &text)
{
  ut_unit *const parsed = ut_parse(units(), text.c_str(), UT_UTF8);
  return parsed != nullptr ? std::optional<Unit>(Unit(parsed)) : std::nullopt;
}

std::optional<double> Unit::in(const Unit &other) const
{
  const Unit ratio(ut_divide(unit.get(), other.unit.get()));
  if (ratio.unit == nullptr || ut_is_dimensionless(ratio.unit.get()) == 0)
    return std::nullopt;
  cv_converter *const converter =
      ut_get_converter(const_cast<ut_unit *>(ratio.unit.get()), ut_get_dimensionless_unit_one(units()));
  if (converter == nullptr)
    return std::nullopt;
  const double factor = cv_convert_double(converter, 1.0);
  cv_free(converter);
  return factor;
}

Unit Unit::per(const double number, const Unit &other) const
{
  const Unit divisor(ut_scale(number, other.unit.get()));
  return Unit(ut_divide(unit.get(), divisor.unit.get()));
}
} // namespace nidus
