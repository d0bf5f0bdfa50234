#include "fields/boundary_parameters.h"

#include "control/expression.h"
#include "control/input_error.h"
#include "control/named_list.h"
#include "control/names_of.h"
#include "control/nearest_name.h"
#include "fields/field_parameters.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace nidus
{
namespace
{
using Kind = BoundaryCondition::Kind;

struct Entry
{
  const char *name;
  std::string BoundaryCondition::*text;
  std::vector<Kind> read_by;
};

const std::vector<Entry> &formulas()
{
  static const std::vector<Entry> list = {{"Value", &BoundaryCondition::value, {Kind::value, Kind::robin}},
                                          {"Flux", &BoundaryCondition::flux, {Kind::flux}},
                                          {"Permeability", &BoundaryCondition::permeability, {Kind::robin}}};
  return list;
}

void declare_condition(dealii::ParameterHandler &handler, BoundaryCondition &condition)
{
  bind(handler, "Field", condition.field, "The field that the condition is for.", {"none"});
  bind(handler, "Boundary", condition.boundary,
       "Name of the surface: a region without tissue that the tissue ends at (airway, outside); a side of a block "
       "('x min', 'x max', 'y min', ...); a name of Organ/Mesh file/Boundaries; outside: other ends of the mesh. A "
       "surface is made of faces of mesh cells.",
       {"none"});
  bind(handler, "Kind", condition.kind_name,
       "no-flux: nothing crosses, as without a condition; value: the field has 'Value' (at nodes where several such "
       "conditions meet their mean, weighted with the surface of each); flux: 'Flux' enters; "
       "Robin: 'Permeability' ('Value' - field) enters, the exchange with a well-mixed outside.",
       {"none"}, dealii::Patterns::Selection("no-flux|value|flux|Robin"));
  bind(handler, "Value", condition.value,
       "Value at the boundary, or outside of it (Robin): a number or a formula of x, y, z [um] and t [min].",
       {"the field's unit"});
  bind(handler, "Flux", condition.flux,
       "What enters per area of the tissue's surface and time, negative to leave: a number or a formula.",
       {"um/min times the field's unit"});
  bind(handler, "Permeability", condition.permeability,
       "Permeability of the surface, per total area: a number or a formula.", {"um/min"});
}

void check_formula(const BoundaryCondition &condition, const std::string &unit, const Entry &entry)
{
  const std::string &text = condition.*entry.text, path = condition.path(entry.name);
  const bool needed = std::find(entry.read_by.begin(), entry.read_by.end(), condition.kind) != entry.read_by.end();
  if (!needed && !text.empty())
    throw InputError(path, text, "nothing for Kind '" + condition.kind_name + "', which does not read this entry",
                     "remove it, or change the kind");
  if (!needed)
    return;
  const Expression formula(text, path);
  if (!formula.is_constant())
    return;
  const double value = formula(dealii::Point<3>(), 0.0);
  const bool may_be_negative = condition.kind == Kind::flux;
  std::string allowed = may_be_negative || entry.text == &BoundaryCondition::permeability ? "" : refusal(unit, value);
  if (!std::isfinite(value))
    allowed = "a finite number";
  else if (entry.text == &BoundaryCondition::permeability && value < 0.0)
    allowed = "a number >= 0";
  if (!allowed.empty())
    throw InputError(path, text, allowed, "correct the value");
}
} // namespace

bool BoundaryCondition::takes() const
{
  if (kind != Kind::robin)
    return kind == Kind::value;
  const Expression formula(permeability, path("Permeability"));
  return !formula.is_constant() || formula(dealii::Point<3>(), 0.0) > 0.0;
}

std::string refusal(const std::string &unit, const double value)
{
  const bool fraction = unit == "1";
  if (std::isfinite(value) && value >= 0.0 && (!fraction || value <= 1.0))
    return "";
  return fraction ? "values from 0 to 1 for a field with unit 1" : "finite values >= 0";
}

void declare_boundaries(const ParameterFile &file, dealii::ParameterHandler &handler,
                        std::vector<BoundaryCondition> &conditions)
{
  declare_named_list(file, handler, {"Boundaries"}, conditions, declare_condition);
}

void resolve_boundaries(const std::vector<FieldParameters> &fields, std::vector<BoundaryCondition> &conditions)
{
  static const std::map<std::string, Kind> kinds = {
      {"no-flux", Kind::no_flux}, {"value", Kind::value}, {"flux", Kind::flux}, {"Robin", Kind::robin}};
  const auto names = names_of(fields);
  std::map<std::pair<std::string, std::string>, std::string> seen;
  for (auto &condition : conditions)
  {
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&](const auto &f) { return f.name == condition.field; });
    if (field == fields.end())
      throw InputError(condition.path("Field"), condition.field, listed(names) + " (the names of Fields)",
                       did_you_mean(condition.field, names, "correct the name"));
    condition.field_index = static_cast<int>(field - fields.begin());
    condition.kind = kinds.at(condition.kind_name);
    if (condition.kind != Kind::no_flux && !field->mobile())
      throw InputError(condition.path("Kind"), condition.kind_name,
                       "no-flux for '" + field->name + "', which does not diffuse",
                       "remove the condition, or give the field a diffusivity");
    const auto [other, is_new] = seen.insert({{condition.field, condition.boundary}, condition.name});
    if (!is_new)
      throw InputError(condition.path("Boundary"), condition.boundary,
                       "a boundary that no other condition of '" + condition.field + "' names (Boundaries/" +
                           other->second + " does)",
                       "keep one of the two");
    for (const auto &entry : formulas())
      check_formula(condition, field->unit, entry);
  }
}
} // namespace nidus
