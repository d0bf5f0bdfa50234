#include "control/quantity.h"

#include "control/input_error.h"
#include "control/unit.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <regex>

namespace nidus
{
namespace
{
std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// A number and what follows it, if that may be a unit: formulas go on with operators.
struct Quantity
{
  std::string number, unit;
  bool divides = false; ///< the unit begins with '/', as a formula might go on
};

std::optional<Quantity> read_quantity(const std::string &text)
{
  static const std::regex form(
      R"(([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*((?![eE][+-]?\d)(?:[a-zA-Z%\x80-\xff]|1?/\s*[a-zA-Z(]).*)?)");
  std::smatch match;
  if (!std::regex_match(text, match, form))
    return std::nullopt;
  const std::string unit = match[2];
  const bool divides = !unit.empty() && unit.front() == '/';
  return Quantity{match[1], (divides ? "1" : "") + unit, divides};
}

/// UDUNITS would also read factors and dates. A number in a unit is an exponent, or the 1 of 1/min.
bool looks_like_unit(const std::string &text)
{
  static const std::regex stray_number(R"((^|[\s(*/.])\d)");
  return !std::regex_search(text.substr(0, 2) == "1/" ? text.substr(2) : text, stray_number);
}

std::string alternatives_in_words(const NumberUnit &unit)
{
  std::string text;
  for (const auto &name : unit.alternatives)
    text += (text.empty() ? "" : " or ") + name;
  return text;
}

[[noreturn]] void refuse(const EntryValue &value, const std::string &allowed, const std::string &cure)
{
  throw InputError(
      value.origin + ": entry '" + value.entry + "' = '" + value.value + "' cannot be used. Allowed: " + allowed, cure);
}

/// How many of the entry's unit one of @p unit is.
double factor(const std::string &text, const NumberUnit &expected, const EntryValue &value)
{
  if (expected.alternatives.empty())
    refuse(value, "bare numbers", "remove '" + text + "': this number has no unit");
  const std::string units = alternatives_in_words(expected);
  const std::string allowed = "numbers in " + units + ", or with another unit of that dimension";
  const auto unit = looks_like_unit(text) ? Unit::parse(text) : std::nullopt;
  if (!unit)
    refuse(value, allowed, "'" + text + "' is no known unit; units are written as in um^2/s, 1/(nM min), ng/mL, d");
  for (const auto &name : expected.alternatives)
    if (const auto found = unit->in(Unit::parse(name).value()))
      return *found;
  const Unit per_mole = unit->per(expected.molar_mass.value_or(1.0), Unit::parse("kDa").value());
  for (const auto &name : expected.alternatives)
    if (const auto found = per_mole.in(Unit::parse(name).value()))
    {
      if (expected.molar_mass)
        return *found;
      if (!expected.molar_mass_entry.empty())
        refuse(value, allowed,
               "'" + text + "' is that of a mass: give '" + expected.molar_mass_entry + "', or an amount such as nM");
    }
  refuse(value, allowed, "'" + text + "' has another dimension than " + units + ": correct the unit or the entry");
}

/// Turns the numbers of one value, and remembers which of them had units.
class Conversion
{
public:
  Conversion(const EntryValue &value, const UnitOfNumber &unit_of) : value(value), unit_of(unit_of) {}

  /// A list with ';' between groups, ',' between parts.
  std::string convert(const std::string &text)
  {
    std::string result;
    std::size_t begin = 0;
    NumberPlace place;
    for (std::size_t end = text.find_first_of(",;"); begin <= text.size(); end = text.find_first_of(",;", begin))
    {
      end = std::min(end, text.size());
      result += part(text.substr(begin, end - begin), place);
      if (end < text.size())
        result += text[end];
      place.index = end < text.size() && text[end] == ',' ? place.index + 1 : 0;
      begin = end + 1;
    }
    check_bare_ones();
    return any_unit[0] || any_unit[1] ? result : text;
  }

private:
  /// 'number', 'number to number', or one of these after 'key:'.
  std::string part(const std::string &text, NumberPlace place)
  {
    const auto colon = text.find(':');
    if (colon == std::string::npos)
      return range(text, place);
    NumberPlace key = place;
    key.is_key = true;
    place.key = trimmed(text.substr(0, colon));
    const bool key_has_unit = !unit_of(key).alternatives.empty();
    return (key_has_unit ? range(text.substr(0, colon), key) : text.substr(0, colon)) + ":" +
           range(text.substr(colon + 1), place);
  }

  std::string range(const std::string &text, const NumberPlace &place)
  {
    const auto middle = text.find(" to ");
    if (middle == std::string::npos)
      return number(text, place);
    return number(text.substr(0, middle), place) + " to " + number(text.substr(middle + 4), place);
  }

  std::string number(const std::string &text, const NumberPlace &place)
  {
    const auto quantity = read_quantity(trimmed(text));
    if (!quantity)
      return text;
    const NumberUnit unit = unit_of(place);
    if (quantity->divides && unit.or_formula)
      return text;
    const double plain = std::strtod(quantity->number.c_str(), nullptr);
    if (quantity->unit.empty())
    {
      if (plain != 0.0 && !unit.alternatives.empty())
        bare[place.is_key] = quantity->number;
      return text;
    }
    any_unit[place.is_key] = true;
    char digits[40];
    std::snprintf(digits, sizeof digits, "%.15g", plain * factor(quantity->unit, unit, value));
    return text.substr(0, text.find_first_not_of(" \t")) + digits;
  }

  void check_bare_ones() const
  {
    for (const unsigned int which : {0, 1})
      if (any_unit[which] && !bare[which].empty())
        refuse(value, "numbers that all have a unit, or none of them", "give '" + bare[which] + "' its unit too");
  }

  const EntryValue &value;
  const UnitOfNumber &unit_of;
  std::string bare[2]; ///< the last number without a unit: of values, of keys
  bool any_unit[2] = {false, false};
};
} // namespace

std::string in_units_of_entry(const EntryValue &value, const UnitOfNumber &unit_of)
{
  return Conversion(value, unit_of).convert(value.value);
}
} // namespace nidus
