#include "fields/field_parameters.h"

#include "control/entry_units.h"
#include "control/expression.h"
#include "control/input_error.h"
#include "control/named_list.h"
#include "control/names_of.h"
#include "control/nearest_name.h"

#include <deal.II/base/patterns.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
int position(const std::vector<std::string> &names, const std::string &name)
{
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

int require(const std::vector<std::string> &names, const std::string &name, const std::string &entry,
            const std::string &list)
{
  const int index = position(names, name);
  if (index < 0)
    throw InputError(entry, name, listed(names) + " (the names of " + list + ")",
                     did_you_mean(name, names, "correct the name, or add '" + name + "' to " + list));
  return index;
}

void declare_field(dealii::ParameterHandler &handler, FieldParameters &field)
{
  bind(handler, "Label", field.label, "Long name for legends; empty: the name of the subsection.", {"none"});
  bind(handler, "Unit", field.unit, "nM: amounts are molecules; 1: a fraction of saturation, amounts are um^3.",
       {"none"}, dealii::Patterns::Selection("nM|1"));
  declare_molar_mass(handler);
  bind(handler, "Interstitial", field.interstitial,
       "Whether the value is per interstitial volume (soluble and matrix-bound factors) or per tissue volume.",
       {"none"});
  bind(handler, "Diffusivity", field.diffusivity,
       "Diffusion coefficient in tissue: one number, or 'region: number, ...'. 0: immobile.",
       {"um^2/min", "model tables 4.1", "M to L"}, dealii::Patterns::Anything());
  bind(handler, "Decay rate", field.decay_rate, "First-order loss: degradation, proteolysis, turnover.",
       {"1/min", "model tables 4.1", "L"}, allowed::non_negative());
  field.initial = "0";
  bind(handler, "Initial value", field.initial, "Value at time zero: a number or a formula of x, y, z [um].",
       {"the field's unit"});
  bind(handler, "Blood factor", field.blood_factor,
       "Factor of Blood/Factors that is exchanged through vessel walls; empty: no exchange.", {"none"});
  field.exchange = "0";
  bind(handler, "Vascular exchange rate", field.exchange,
       "Permeability times surface of all vessels per tissue volume: one number, or 'region: number, ...'. What "
       "resolved "
       "vessels exchange in a region (Vessels, 'Vessel permeability') is taken off there.",
       {"1/min", "[V35] for albumin; other factors [A]", "L"}, dealii::Patterns::Anything());
  bind(handler, "Vessel permeability", field.vessel_permeability,
       "Permeability of the wall of resolved vessels (section Vessels), per total wall area.",
       {"um/min", "[V26] 0.024 for VEGF in healthy tissue; other factors [A]", "L"}, allowed::non_negative());
  bind(handler, "Quasi-steady", field.quasi_steady,
       "Solve for the steady state at each field step instead of advancing in time.", {"none"});
  bind(handler, "Lower bound", field.lower_bound,
       "A value below is reported in the log once in each output interval, and not changed; empty: none.",
       {"the field's unit"}, dealii::Patterns::Anything());
  bind(handler, "Upper bound", field.upper_bound, "The same for values above.", {"the field's unit"},
       dealii::Patterns::Anything());
}

/// "3600" or "parenchyma: 3600, airway: 0" -> one value for each region of the list; regions not named get zero.
std::map<std::string, double> by_region(const std::string &text, const std::vector<std::string> &regions,
                                        const std::string &entry)
{
  std::map<std::string, double> result;
  const dealii::Patterns::Double number(0.0, 1e300);
  const auto pattern = allowed::named_numbers(0.0);
  if (!number.match(text) && !pattern.match(text))
    throw InputError(entry, text, "a number >= 0 or 'region: number, ...' with numbers >= 0",
                     "for example 'parenchyma: 3600'");
  for (const auto &region : regions)
    result[region] = number.match(text) ? std::stod(text) : 0.0;
  if (number.match(text))
    return result;
  for (const auto &[name, value] :
       dealii::Patterns::Tools::Convert<std::map<std::string, double>>::to_value(text, pattern))
  {
    require(regions, name, entry, "Organ/Regions");
    result[name] = value;
  }
  return result;
}

void resolve_exchange(FieldParameters &field, const std::vector<std::string> &regions)
{
  const std::string path = "Fields/" + field.name + "/";
  if (field.exchange.empty())
    for (const auto &region : regions)
      field.exchange_by_region[region] = field.vascular_exchange;
  else
  {
    field.exchange_by_region = by_region(field.exchange, regions, path + "Vascular exchange rate");
    field.vascular_exchange = 0.0;
    for (const auto &[region, rate] : field.exchange_by_region)
      field.vascular_exchange = std::max(field.vascular_exchange, rate);
  }
  if (field.vascular_exchange > 0.0 && field.blood_index < 0)
    throw input_error(path + "Vascular exchange rate", field.vascular_exchange, "0 for a field without 'Blood factor'",
                      "name the factor of the blood, or set 0");
  if (field.vessel_permeability > 0.0 && field.blood_index < 0)
    throw input_error(path + "Vessel permeability", field.vessel_permeability, "0 for a field without 'Blood factor'",
                      "name the factor of the blood, or set 0");
}

void resolve_initial_value(FieldParameters &field)
{
  const std::string entry = "Fields/" + field.name + "/Initial value";
  if (!field.initial.empty())
  {
    const Expression formula(field.initial, entry);
    if (formula.uses("t"))
      throw InputError(entry, field.initial, "a formula of x, y, z", "remove t: the value is that at time zero");
    field.initial_value =
        formula.is_constant() ? formula(dealii::Point<3>(), 0.0) : std::numeric_limits<double>::quiet_NaN();
    if (!formula.is_constant())
      return;
  }
  const std::string allowed = refusal(field.unit, field.initial_value);
  if (!allowed.empty())
    throw input_error(entry, field.initial_value, allowed,
                      field.unit == "1" ? "give the fraction of saturation" : "correct the value");
}

void resolve_bounds(FieldParameters &field)
{
  const dealii::Patterns::Double number(-1e300, 1e300);
  const auto read = [&](const std::string &text, const std::string &entry, double &bound) {
    if (text.empty())
      return;
    if (!number.match(text))
      throw InputError("Fields/" + field.name + "/" + entry, text, "a number, or nothing", "correct or remove it");
    bound = std::stod(text);
  };
  read(field.lower_bound, "Lower bound", field.lower);
  read(field.upper_bound, "Upper bound", field.upper);
  if (field.lower > field.upper)
    throw input_error("Fields/" + field.name + "/Lower bound", field.lower, "at most 'Upper bound'",
                      "exchange the two bounds");
}
} // namespace

bool FieldParameters::mobile() const
{
  return std::any_of(diffusivity_by_region.begin(), diffusivity_by_region.end(),
                     [](const auto &entry) { return entry.second > 0.0; });
}

double FieldParameters::exchange_in(const std::string &region) const
{
  const auto found = exchange_by_region.find(region);
  return found == exchange_by_region.end() ? vascular_exchange : found->second;
}

void FieldsParameters::declare(const ParameterFile &file, dealii::ParameterHandler &handler)
{
  declare_named_list(file, handler, {"Fields"}, fields, declare_field);
  declare_named_list(file, handler, {"Reactions"}, reactions, declare_reaction);
  declare_boundaries(file, handler, boundaries);
  declare_solver(handler, solver);
}

void FieldsParameters::resolve(const std::vector<std::string> &regions, const std::vector<std::string> &blood_factors)
{
  if (fields.empty())
    throw InputError("'Fields' has no subsection: there is nothing to compute",
                     "add 'subsection NAME' for each cytokine to 'Fields'");
  for (auto &field : fields)
  {
    const std::string path = "Fields/" + field.name + "/";
    if (field.label.empty())
      field.label = field.name;
    field.diffusivity_by_region = by_region(field.diffusivity, regions, path + "Diffusivity");
    if (!field.blood_factor.empty())
      field.blood_index = require(blood_factors, field.blood_factor, path + "Blood factor", "Blood/Factors");
    resolve_exchange(field, regions);
    resolve_initial_value(field);
    resolve_bounds(field);
  }
  resolve_boundaries(fields, boundaries);
  resolve_reactions(reactions, fields);
  check_solver(solver);
}

std::vector<std::string> FieldsParameters::names() const
{
  return names_of(fields);
}

double FieldsParameters::greatest_initial_value(const unsigned int s) const
{
  double greatest = fields[s].unit == "1" ? 1.0 : std::numeric_limits<double>::infinity();
  for (const auto &reaction : reactions)
    if (reaction.kind == "binding" && reaction.field[role::partner] == static_cast<int>(s))
      greatest = std::min(greatest, *reaction.sites);
  return greatest;
}

bool FieldsParameters::is_consumed(const unsigned int s) const
{
  return std::any_of(reactions.begin(), reactions.end(), [&](const auto &reaction) { return reaction.consumes(s); });
}

int FieldsParameters::index(const std::string &name) const
{
  return position(names(), name);
}
} // namespace nidus
