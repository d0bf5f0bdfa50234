#include "control/entry_units.h"

#include <algorithm>
#include <cstdlib>

namespace nidus
{
namespace
{
/// The unit in a text of `documented`; "none" if there is none.
std::string documented_unit(const std::string &documentation)
{
  const std::string mark = " Unit: ";
  const auto start = documentation.rfind(mark);
  if (start == std::string::npos)
    return "none";
  const std::string rest = documentation.substr(start + mark.size());
  auto end = rest.size() - 1;
  for (const char *next : {". Source: ", ". Confidence: "})
    end = std::min(end, rest.find(next));
  return rest.substr(0, end);
}

bool is_numeric(const nlohmann::json &entry)
{
  const std::string pattern = entry.value("pattern_description", "");
  return pattern.find("[Double") != std::string::npos || pattern.find("[Integer") != std::string::npos;
}

/// "A, or B for something" -> {"A", "B"}.
std::vector<std::string> alternatives(std::string text)
{
  std::vector<std::string> units;
  while (true)
  {
    const auto next = text.find(" or ");
    std::string unit = text.substr(0, next);
    for (const char *remark : {" for ", " in "})
      unit = unit.substr(0, unit.find(remark));
    units.push_back(unit.substr(0, unit.find(',')));
    if (next == std::string::npos)
      return units;
    text = text.substr(next + 4);
  }
}

/// "x, y, z, pressure" have units of their own.
const std::vector<std::string> place_and_pressure = {"um", "um", "um", "Pa"};
} // namespace

void declare_molar_mass(dealii::ParameterHandler &handler)
{
  handler.declare_entry(
      "Molar mass", "", dealii::Patterns::List(allowed::positive(), 0, 1),
      documented("Lets amounts be written as masses, such as 1 ng/mL; nothing else reads it. Empty: they cannot be.",
                 {"kDa"}));
}

EntryUnits::EntryUnits(const nlohmann::json &declared, const std::vector<Assignment> &assignments)
    : declared(declared), assignments(assignments)
{
}

std::string EntryUnits::plain_value(const Assignment &assignment, const nlohmann::json &entry) const
{
  const std::string unit = documented_unit(entry.value("documentation", ""));
  const bool text = entry.value("pattern_description", "") != "[Anything]" && !is_numeric(entry);
  // Names and titles may look like anything.
  if (text || (unit == "none" && !is_numeric(entry)))
    return assignment.value;
  return in_units_of_entry({assignment.origin, joined(assignment.path, assignment.entry), assignment.value},
                           [&](const NumberPlace &place) { return unit_of(assignment, unit, place); });
}

std::string EntryUnits::value_of(const std::vector<std::string> &path, const std::string &entry) const
{
  for (const auto &assignment : assignments)
    if (assignment.path == path && assignment.entry == entry)
      return assignment.value;
  const nlohmann::json *node = &declared;
  for (const auto &name : path)
    if (!node->contains(name))
      return "";
    else
      node = &(*node)[name];
  return node->contains(entry) ? (*node)[entry].value("value", "") : "";
}

std::string EntryUnits::unit_of_field(const std::string &field) const
{
  const std::string unit = value_of({"Fields", field}, "Unit");
  return unit.empty() ? "nM" : unit;
}

std::string EntryUnits::unit_of_signal(const std::vector<std::string> &path) const
{
  const std::string kind = value_of(path, "Kind");
  if (kind == "field")
    return unit_of_field(value_of(path, "Of"));
  if (kind == "time_in_state")
    return "min";
  if (kind == "bound_ligand")
    return "molecules";
  return kind == "blood" ? "nM" : "1";
}

std::string EntryUnits::unit_of_rate(const std::vector<std::string> &path) const
{
  const auto field = [&](const char *role) { return unit_of_field(value_of(path, role)); };
  const std::string kind = value_of(path, "Kind");
  const auto begins_with = [&](const char *text) { return kind.rfind(text, 0) == 0; };
  if (kind == "binding")
    return "1/(" + field("Substrate") + " min)";
  if (kind == "association" || begins_with("catalysed"))
    return "1/(" + field("Partner") + " min)";
  if (begins_with("Michaelis-Menten"))
    return field("Substrate") + "/min";
  if (begins_with("Hill") || kind == "constant production")
    return field("Product") + "/min";
  if (kind == "production" || kind == "saturating production")
    return field("Product") + "/(" + field("Partner") + " min)";
  return "1/min";
}

NumberUnit EntryUnits::unit_of(const Assignment &assignment, const std::string &documented,
                               const NumberPlace &place) const
{
  const auto &path = assignment.path;
  const std::string section = path.empty() ? "" : path.front();
  NumberUnit unit;
  const bool has_times = documented.rfind("min: ", 0) == 0;
  // Keys are names, but for the times of doses.
  if (documented == "none" || (place.is_key && !has_times))
    return unit;
  find_molar_mass(assignment, place, unit);
  const auto is = [&](const char *text) { return documented == text; };
  const std::string field = section == "Fields" ? path.back() : value_of(path, "Field");
  if (has_times)
    unit.alternatives = {place.is_key ? "min" : value_of(path, "Kind") == "bolus" ? "cells" : "nM"};
  else if (is("um and Pa"))
    unit.alternatives = {place_and_pressure[std::min<std::size_t>(place.index, 3)]};
  else if (is("the field's unit") || is("unit of the field"))
    unit.alternatives = {unit_of_field(field)};
  else if (is("um/min times the field's unit"))
    unit.alternatives = {"um/min " + unit_of_field(field)};
  else if (is("unit of the substrate") || is("unit of the partner"))
    unit.alternatives = {unit_of_field(value_of(path, is("unit of the partner") ? "Partner" : "Substrate"))};
  else if (is("unit of the substrate or partner"))
    unit.alternatives = {
        unit_of_field(value_of(path, value_of(path, "Kind").rfind("Hill", 0) == 0 ? "Partner" : "Substrate"))};
  else if (is("that of what is measured"))
    unit.alternatives = {unit_of_signal(path)};
  else if (is("as the level"))
    unit.alternatives = {"nM", "1"};
  else if (is("1 or 1/min"))
    unit.alternatives = {value_of(path, "On") == "field loss" ? "1/min" : "1"};
  else if (is("1/um^3 or 1/um^2 in 2-D"))
    unit.alternatives = {value_of({"Run"}, "Dimension") == "2" ? "1/um^2" : "1/um^3"};
  else if (documented.find("um^3/min") != std::string::npos)
    unit.alternatives = {unit_of_field(place.key) == "1" ? "um^3/min" : "molecules/min"};
  else if (documented.find("depends on the law") != std::string::npos)
    unit.alternatives = {unit_of_rate(path)};
  else
    unit.alternatives = alternatives(documented);
  // The only ones that may depend on place or time are the values of fields.
  unit.or_formula = section == "Boundaries" || assignment.entry == "Initial value";
  return unit;
}

void EntryUnits::find_molar_mass(const Assignment &assignment, const NumberPlace &place, NumberUnit &unit) const
{
  const auto &path = assignment.path;
  std::vector<std::string> owner;
  const std::string section = path.empty() ? "" : path.front();
  const bool signal = section == "Signals";
  if (section == "Fields")
    owner = path;
  else if (path.size() >= 3 && path[1] == "Factors")
    owner = {"Blood", "Factors", path[2]};
  else if (section == "Blood" || (signal && value_of(path, "Kind") == "blood"))
  {
    const std::string factor = value_of(path, signal ? "Of" : "Mobilised by");
    if (!factor.empty())
      owner = {"Blood", "Factors", factor};
  }
  else
    for (const std::string &name : {place.key, value_of(path, "Field"), value_of(path, signal ? "Of" : "Substrate")})
      if (owner.empty() && !value_of({"Fields", name}, "Unit").empty())
        owner = {"Fields", name};
  if (owner.empty() || assignment.entry == "Molar mass")
    return;
  unit.molar_mass_entry = joined(owner, "Molar mass");
  const EntryValue said{assignment.origin, unit.molar_mass_entry, value_of(owner, "Molar mass")};
  NumberUnit mass_unit;
  mass_unit.alternatives = {"kDa"};
  const std::string mass = in_units_of_entry(said, [&](const NumberPlace &) { return mass_unit; });
  // What is no number is refused as the value of its own entry.
  const double number = std::strtod(mass.c_str(), nullptr);
  if (number > 0.0)
    unit.molar_mass = number;
}
} // namespace nidus
