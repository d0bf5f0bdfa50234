#include "fields/reaction_parameters.h"

#include "control/input_error.h"
#include "control/nearest_name.h"
#include "control/parameter_file.h"
#include "fields/field_parameters.h"

#include <deal.II/base/utilities.h>

namespace nidus
{
namespace
{
/// An entry of a number, and what it may be.
struct Number
{
  const char *entry;
  std::optional<double> ReactionParameters::*member;
  double least;
  bool above; ///< the least value itself is not allowed
  const char *allowed, *meaning;
  Provenance provenance;
};

/// In the order of the coefficients.
const std::array<Number, n_coefficients> &numbers()
{
  static const std::array<Number, n_coefficients> list = {
      {{"Rate",
        &ReactionParameters::rate,
        0.0,
        false,
        "a number >= 0",
        "Rate of the law.",
        {"depends on the law: 1/(nM min) where two levels are multiplied, 1/min for conversion and logistic growth, "
         "otherwise that of the changed field per min, and per unit of the partner for production",
         "[A]", "L"}},
       {"Off rate", &ReactionParameters::off_rate, 0.0, false, "a number >= 0", "Unbinding.", {"1/min", "[A]", "L"}},
       {"Sites",
        &ReactionParameters::sites,
        0.0,
        true,
        "a number above 0",
        "Density of binding sites; of matrix binding: where the matrix is 1.",
        {"unit of the bound field", "[V25] by analogy with VEGF", "L"}},
       {"Half saturation",
        &ReactionParameters::half_saturation,
        0.0,
        true,
        "a number above 0",
        "Level at which a saturating law is at half its rate.",
        {"unit of the substrate or partner", "[A]", "L"}},
       {"Hill exponent",
        &ReactionParameters::exponent,
        1.0,
        false,
        "a number >= 1",
        "Steepness of a Hill law.",
        {"1", "[A]", "L"}},
       {"Capacity",
        &ReactionParameters::capacity,
        0.0,
        true,
        "a number above 0",
        "Level at which growth ends.",
        {"unit of the substrate", "[A]", "L"}}}};
  return list;
}

struct RoleEntry
{
  const char *entry;
  std::string ReactionParameters::*member;
  const char *meaning;
};

/// In the order of the roles.
constexpr std::array<RoleEntry, n_roles> role_entries = {
    {{"Substrate", &ReactionParameters::substrate, "The field that binds, is converted or lost, or grows."},
     {"Partner", &ReactionParameters::partner,
      "The bound field, the matrix that binds, the catalyst, the second reactant or the regulator."},
     {"Product", &ReactionParameters::product, "The field that is made."}}};

/// Empty, or a number that fits.
void bind_optional(dealii::ParameterHandler &handler, const Number &number, std::optional<double> &member)
{
  const dealii::Patterns::Double pattern =
      number.above ? allowed::positive() : dealii::Patterns::Double(number.least, 1e300);
  handler.declare_entry(
      number.entry, "", dealii::Patterns::List(pattern, 0, 1),
      documented(number.meaning + std::string(" Empty: the law does not read it."), number.provenance));
  handler.add_action(number.entry, [&member](const std::string &text) {
    member = text.empty() ? std::nullopt : std::optional<double>(dealii::Utilities::string_to_double(text));
  });
}

std::string kinds(const std::string &separator, const bool with_formula)
{
  std::string text;
  for (const auto &law : reaction_laws())
    text +=
        (text.empty() ? "" : separator) + law.name + (with_formula ? std::string(": ") + law.formula : std::string());
  return text;
}

int field_index(const std::vector<FieldParameters> &fields, const std::string &name, const std::string &entry)
{
  std::vector<std::string> names;
  for (const auto &field : fields)
  {
    if (field.name == name)
      return static_cast<int>(names.size());
    names.push_back(field.name);
  }
  throw InputError(entry, name, listed(names) + " (the names of Fields)",
                   name.empty() ? "name the field"
                                : did_you_mean(name, names, "correct the name, or add '" + name + "' to Fields"));
}

std::string about(const ReactionLaw &law)
{
  return std::string(" for the law '") + law.name + "' (" + law.formula + ")";
}

void resolve_roles(ReactionParameters &reaction, const std::vector<FieldParameters> &fields, const std::string &path)
{
  const ReactionLaw &law = *reaction.law;
  for (unsigned int r = 0; r < n_roles; ++r)
  {
    const std::string entry = path + role_entries[r].entry, &name = reaction.*role_entries[r].member;
    reaction.field[r] = -1;
    if (!law.has(r))
    {
      if (!name.empty())
        throw InputError(entry, name, "nothing" + about(law), "remove the entry, or choose another law");
      continue;
    }
    reaction.field[r] = field_index(fields, name, entry);
    for (unsigned int other = 0; other < r; ++other)
      if (reaction.field[other] == reaction.field[r])
        throw InputError(entry, name, std::string("another field than the ") + role_entries[other].entry,
                         "name two fields");
  }
}

void resolve_numbers(ReactionParameters &reaction, const std::string &path)
{
  const ReactionLaw &law = *reaction.law;
  for (unsigned int c = 0; c < n_coefficients; ++c)
  {
    const Number &number = numbers()[c];
    const auto &value = reaction.*number.member;
    const bool read = law.needs[c];
    if (value.has_value() && !read)
      throw input_error(path + number.entry, *value, "nothing" + about(law), "remove the entry, or choose another law");
    if (!value.has_value() && read)
      throw InputError(path + number.entry, "", number.allowed + about(law), "give a value");
    if (read && !(number.above ? *value > number.least : *value >= number.least))
      throw input_error(path + number.entry, *value, number.allowed + about(law), "give such a value");
    reaction.coefficients[c] = read ? *value : 0.0;
  }
}

/// What one field loses and another gains must be counted alike, or matter would come from nothing.
void check_units(const ReactionParameters &reaction, const std::vector<FieldParameters> &fields,
                 const std::string &path)
{
  int first = -1;
  for (unsigned int r = 0; r < n_roles; ++r)
  {
    if (reaction.law->change[r] == 0)
      continue;
    const auto &field = fields[reaction.field[r]];
    if (first < 0)
      first = reaction.field[r];
    const auto &other = fields[first];
    if (field.unit != other.unit)
      throw InputError(path + role_entries[r].entry, field.name,
                       "a field with the unit of '" + other.name + "', " + other.unit + about(*reaction.law),
                       "amounts of these fields cannot be exchanged: give both the same Unit");
    if (field.interstitial != other.interstitial)
      throw InputError(path + role_entries[r].entry, field.name,
                       "a field with the same 'Interstitial' as '" + other.name + "'" + about(*reaction.law),
                       "molecules that react must be counted per the same volume: set both to true or both to false");
  }
}
} // namespace

bool ReactionParameters::consumes(const unsigned int s) const
{
  for (unsigned int r = 0; r < n_roles; ++r)
    if (field[r] == static_cast<int>(s) && law->change[r] != 0)
      return law->change[r] < 0 || law->grows ? coefficients[coefficient::rate] > 0.0
                                              : coefficients[coefficient::off_rate] > 0.0;
  return false;
}

void declare_reaction(dealii::ParameterHandler &handler, ReactionParameters &reaction)
{
  bind(handler, "Kind", reaction.kind, "Law of the reaction. " + kinds("; ", true) + ".", {"none"},
       dealii::Patterns::Selection(kinds("|", false)));
  for (const auto &role : role_entries)
    bind(handler, role.entry, reaction.*role.member, role.meaning + std::string(" Empty: the law has none."), {"none"});
  for (const auto &number : numbers())
    bind_optional(handler, number, reaction.*number.member);
}

void resolve_reactions(std::vector<ReactionParameters> &reactions, const std::vector<FieldParameters> &fields)
{
  for (auto &reaction : reactions)
  {
    const std::string path = "Reactions/" + reaction.name + "/";
    reaction.law = find_reaction_law(reaction.kind);
    if (reaction.law == nullptr)
      throw InputError(path + "Kind", reaction.kind, kinds(", ", false), "choose a law");
    resolve_roles(reaction, fields, path);
    resolve_numbers(reaction, path);
    check_units(reaction, fields, path);
    if (reaction.kind == "binding" && fields[reaction.field[role::partner]].initial_value > *reaction.sites)
      throw input_error("Fields/" + reaction.partner + "/Initial value",
                        fields[reaction.field[role::partner]].initial_value,
                        "at most the binding sites of " + path + "Sites", "lower it, or raise the sites");
  }
}
} // namespace nidus
