#include "fields/reaction_parameters.h"

#include "control/input_error.h"
#include "fields/field_parameters.h"

namespace nidus
{
namespace
{
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
                   "correct the name, or add '" + name + "' to Fields");
}
} // namespace

void declare_reaction(dealii::ParameterHandler &handler, ReactionParameters &reaction)
{
  bind(handler, "Kind", reaction.kind,
       "binding: substrate + free sites <-> partner, on-rate k (sites - partner) substrate - off-rate partner; "
       "catalysed loss: substrate is lost at rate k partner substrate.",
       {"none"}, dealii::Patterns::Selection("binding|catalysed loss"));
  bind(handler, "Substrate", reaction.substrate, "The soluble field that binds, or the field that is lost.", {"none"});
  bind(handler, "Partner", reaction.partner, "The bound field, or the catalyst.", {"none"});
  bind(handler, "Rate", reaction.rate, "On-rate, or rate of the catalysed loss.", {"1/(nM min)", "[A]", "L"},
       allowed::non_negative());
  bind(handler, "Off rate", reaction.off_rate, "Unbinding.", {"1/min", "[A]", "L"}, allowed::non_negative());
  bind(handler, "Sites", reaction.sites, "Density of binding sites.", {"nM", "[V25] by analogy with VEGF", "L"},
       allowed::non_negative());
}

void resolve_reactions(std::vector<ReactionParameters> &reactions, const std::vector<FieldParameters> &fields)
{
  for (auto &reaction : reactions)
  {
    const std::string path = "Reactions/" + reaction.name + "/";
    reaction.substrate_index = field_index(fields, reaction.substrate, path + "Substrate");
    reaction.partner_index = field_index(fields, reaction.partner, path + "Partner");
    const auto &substrate = fields[reaction.substrate_index], &partner = fields[reaction.partner_index];
    if (reaction.substrate_index == reaction.partner_index)
      throw InputError(path + "Partner", reaction.partner, "another field than the substrate", "name two fields");
    if (reaction.kind == "binding" && substrate.interstitial != partner.interstitial)
      throw InputError(path + "Partner", reaction.partner,
                       "a field with the same 'Interstitial' as '" + reaction.substrate + "'",
                       "molecules that bind must be counted per the same volume");
    if (reaction.kind == "binding" && partner.initial_value > reaction.sites)
      throw input_error("Fields/" + partner.name + "/Initial value", partner.initial_value,
                        "at most the binding sites of " + path + "Sites", "lower it, or raise the sites");
  }
}
} // namespace nidus
