#include "control/input_error.h"
#include "control/named_list.h"
#include "control/nearest_name.h"
#include "systemic/interventions.h"

#include <algorithm>

namespace nidus
{
namespace
{
/// The only target of the kind 'tumour'.
constexpr const char *primary = "primary";

std::string kinds(const std::string &separator, const bool with_meaning)
{
  std::string text;
  for (const auto &entry : effect_kinds())
    text += (text.empty() ? "" : separator) + entry.name +
            (with_meaning ? std::string(" (target ") + entry.targets + "): " + entry.meaning : std::string());
  return text;
}

void declare_effect(dealii::ParameterHandler &handler, EffectParameters &effect)
{
  bind(handler, "On", effect.on,
       "What is acted on. All but the receptor affinity and the field loss are multiplied by 1 + Strength * effect. " +
           kinds("; ", true) + ".",
       {"none"});
  bind(handler, "Targets", effect.targets, "On which of them: names as 'On' says.", {"none"}, allowed::names());
  bind(handler, "Strength", effect.strength,
       "Relative change at full effect: -1 abolishes, 1 doubles; for a field loss the rate that is added, 1/min, at "
       "least 0; empty for a receptor affinity.",
       {"1 or 1/min", "[A]", "L"}, dealii::Patterns::List(dealii::Patterns::Double(-1.0, 1e300), 0, 1));
}

void declare_intervention(dealii::ParameterHandler &handler, InterventionParameters &entry)
{
  bind(handler, "Kind", entry.kind,
       "drug: a level over time with effects, also an antibody, a knock-down or any switch; resection: the primary "
       "tumour is gone from the start of 'Schedule' on; bolus: cells are injected into the blood by 'Doses'.",
       {"none"}, dealii::Patterns::Selection("drug|resection|bolus"));
  bind(handler, "Schedule", entry.schedule,
       "Windows of action, 'start to end, start to end'; 'start' alone lasts to the end of the run. Another way than "
       "'Doses'.",
       {"min"});
  bind(handler, "Doses", entry.doses,
       "'time: amount, ...', the amount being the rise of the level if it were absorbed at once, or the number of "
       "cells of a bolus; levels of all doses add up.",
       {"min: nM, or cells"});
  bind(handler, "Level", entry.level, "Concentration or plain strength at the start of each window of 'Schedule'.",
       {"nM or 1", "[A]", "L"}, allowed::non_negative());
  bind(handler, "Half-life", entry.half_life,
       "Of elimination; 0: the level is constant in a window. About 60 for plerixafor in mice.",
       {"min", "[M] plerixafor: mouse 60, human 180-300", "L"}, allowed::non_negative());
  bind(handler, "Absorption half-life", entry.absorption_half_life,
       "Of the way into the blood, with 'Doses' (Bateman's function); 0: at once.", {"min", "[A]", "L"},
       allowed::non_negative());
  bind(handler, "Half effect level", entry.half_effect_level,
       "K_i: the effect is A / (A + K_i) at level A; 0: it is min(A, 1), an ideal drug, a knock-down or a switch.",
       {"as the level", "[M: Fricker 2006] plerixafor: 13-50 nM, 650 in one binding assay", "L"},
       allowed::non_negative());
  bind(handler, "Population", entry.population, "Of a bolus: the circulating population that the cells belong to.",
       {"none"});
  bind(handler, "First pass fraction", entry.first_pass_fraction,
       "Of a bolus: share of the cells that meets this organ before any other (tail vein: lung 1; portal vein: liver "
       "1; intracardiac: about the organ's share of the cardiac output). The rest, and what passes, circulates.",
       {"1", "[A]", "L"}, allowed::fraction());
}

std::vector<std::string> names_of(const EffectKind kind, const InterventionTargets &targets)
{
  const auto found = targets.find(kind);
  return found != targets.end() ? found->second : std::vector<std::string>{};
}

void must_be_empty(const std::string &entry, const std::string &value, const std::string &kind)
{
  if (!value.empty())
    throw InputError(entry, value, "nothing for Kind '" + kind + "'", "remove the entry");
}

void must_be(const std::string &entry, const double value, const double unset, const std::string &kind)
{
  if (value != unset)
    throw input_error(entry, value, "nothing for " + kind, "remove the entry");
}

void check_no_drug(const InterventionParameters &entry, const std::string &path)
{
  const InterventionParameters unset;
  const std::string kind = "Kind '" + entry.kind + "'";
  must_be(path + "Level", entry.level, unset.level, kind);
  must_be(path + "Half-life", entry.half_life, 0.0, kind);
  must_be(path + "Absorption half-life", entry.absorption_half_life, 0.0, kind);
  must_be(path + "Half effect level", entry.half_effect_level, 0.0, kind);
}

void check_drug(const InterventionParameters &entry, const std::string &path)
{
  if (entry.schedule.empty() == entry.doses.empty())
    throw InputError(path + (entry.schedule.empty() ? "Schedule" : "Doses"), entry.doses,
                     "either 'Schedule' with 'Level', or 'Doses'; now " +
                         std::string(entry.schedule.empty() ? "neither is" : "both are") + " given",
                     entry.schedule.empty() ? "give one of them" : "remove one of them");
  must_be_empty(path + "Population", entry.population, "drug");
  must_be(path + "First pass fraction", entry.first_pass_fraction, 1.0, "Kind 'drug'");
  if (entry.doses.empty())
  {
    must_be(path + "Absorption half-life", entry.absorption_half_life, 0.0, "a 'Schedule'");
    return;
  }
  must_be(path + "Level", entry.level, 1.0, "'Doses', which say how far the level rises");
  if (entry.half_life <= 0.0)
    throw input_error(path + "Half-life", entry.half_life, "a number above 0 with 'Doses'",
                      "a level that does not fall is one of 'Schedule' and 'Level'");
}

void resolve_effect(EffectParameters &effect, const InterventionParameters &entry, const InterventionTargets &targets)
{
  const std::string path = "Interventions/" + entry.name + "/Effects/" + effect.name + "/";
  const auto *kind = find_effect_kind(effect.on);
  if (kind == nullptr)
    throw InputError(path + "On", effect.on, kinds(", ", false), "say what it acts on");
  effect.kind = kind->kind;
  if (effect.targets.empty())
    throw InputError(path + "Targets", "", std::string("at least one ") + kind->targets, "name it");
  const auto names =
      effect.kind == EffectKind::tumour ? std::vector<std::string>{primary} : names_of(effect.kind, targets);
  for (const auto &target : effect.targets)
    if (std::find(names.begin(), names.end(), target) == names.end())
      throw InputError(path + "Targets", target,
                       "for '" + effect.on + "' (" + kind->targets + "): " + listed(names) + " in this file",
                       did_you_mean(target, names, "correct the name, or remove the effect"));
  if (effect.kind == EffectKind::receptor_affinity)
  {
    if (!effect.strength.empty())
      throw input_error(path + "Strength", effect.strength.front(), "nothing for a receptor affinity",
                        "remove the entry; level and 'Half effect level' say all");
    if (entry.half_effect_level <= 0.0)
      throw input_error("Interventions/" + entry.name + "/Half effect level", entry.half_effect_level,
                        "a number above 0 for an effect on a receptor affinity", "give the inhibition constant K_i");
    return;
  }
  if (effect.strength.empty())
    throw InputError(path + "Strength", "", "a number of at least " + std::to_string(kind->least_strength),
                     "give it; -1 abolishes");
  if (effect.strength.front() < kind->least_strength)
    throw input_error(path + "Strength", effect.strength.front(),
                      "a number of at least " + std::to_string(kind->least_strength) + " for '" + effect.on + "'",
                      "a field loss is a rate that is added");
}

void resolve_resection(InterventionParameters &entry, const std::string &path)
{
  check_no_drug(entry, path);
  must_be_empty(path + "Doses", entry.doses, entry.kind);
  must_be_empty(path + "Population", entry.population, entry.kind);
  must_be(path + "First pass fraction", entry.first_pass_fraction, 1.0, "Kind 'resection'");
  if (entry.windows.size() != 1 || entry.windows[0].end < Window().end)
    throw InputError(path + "Schedule", entry.schedule, "one time: what is cut out stays out", "give the time alone");
  EffectParameters removal;
  removal.name = "removal";
  removal.on = "tumour";
  removal.kind = EffectKind::tumour;
  removal.targets = {primary};
  removal.strength = {-1.0};
  entry.effects = {removal};
}

void check_bolus(const InterventionParameters &entry, const std::string &path, const InterventionTargets &targets)
{
  check_no_drug(entry, path);
  must_be_empty(path + "Schedule", entry.schedule, entry.kind);
  if (entry.dose_list.empty())
    throw InputError(path + "Doses", "", "'time: number of cells' for a bolus", "say when how many cells are injected");
  for (const auto &dose : entry.dose_list)
    if (dose.amount != static_cast<double>(static_cast<std::uint64_t>(dose.amount)) || dose.amount > 1e9)
      throw input_error(path + "Doses", dose.amount, "a whole number of cells, at most 1e9", "correct the number");
  // Only a pool that is not prescribed can take up what passes.
  const auto names = names_of(EffectKind::circulating_release, targets);
  if (std::find(names.begin(), names.end(), entry.population) == names.end())
    throw InputError(path + "Population", entry.population,
                     "a circulating population that no table prescribes: " + listed(names),
                     did_you_mean(entry.population, names, "name one"));
}
} // namespace

void Interventions::declare(const ParameterFile &file, dealii::ParameterHandler &handler)
{
  declare_named_list(file, handler, {"Interventions"}, list, [&file](auto &parameters, auto &entry) {
    declare_intervention(parameters, entry);
    declare_named_list(file, parameters, {"Interventions", entry.name, "Effects"}, entry.effects, declare_effect);
  });
}

void Interventions::resolve(const InterventionTargets &targets)
{
  for (auto &entry : list)
  {
    const std::string path = "Interventions/" + entry.name + "/";
    entry.windows = parse_windows(entry.schedule, path + "Schedule");
    entry.dose_list = parse_doses(entry.doses, path + "Doses");
    if (entry.kind != "drug" && !entry.effects.empty())
      throw InputError(path + "Effects/" + entry.effects[0].name + "/On", entry.effects[0].on,
                       "nothing for Kind '" + entry.kind + "'", "remove the effect");
    if (entry.kind == "resection")
      resolve_resection(entry, path);
    else if (entry.is_bolus())
      check_bolus(entry, path, targets);
    else
    {
      check_drug(entry, path);
      for (auto &effect : entry.effects)
        resolve_effect(effect, entry, targets);
    }
  }
}
} // namespace nidus
