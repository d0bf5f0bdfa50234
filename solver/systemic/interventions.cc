#include "systemic/interventions.h"

#include "control/input_error.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
constexpr const char *kinds = "resection|receptor antagonist|receptor knock-down|transition|blood factor|circulating";

const std::vector<std::string> &names_for(const std::string &kind, const InterventionTargets &targets)
{
  static const std::vector<std::string> none;
  if (kind == "receptor antagonist" || kind == "receptor knock-down")
    return targets.receptors;
  if (kind == "transition")
    return targets.transitions;
  if (kind == "blood factor")
    return targets.blood_factors;
  return kind == "circulating" ? targets.circulating : none;
}
} // namespace

void Interventions::declare(const ParameterFile &file, dealii::ParameterHandler &handler)
{
  const auto names = file.names_below({"Interventions"});
  list.resize(names.size());
  handler.enter_subsection("Interventions");
  for (std::size_t i = 0; i < list.size(); ++i)
  {
    list[i].name = names[i];
    handler.enter_subsection(names[i]);
    bind(handler, "Kind", list[i].kind,
         "resection: the primary tumour is removed at 'Start'; receptor antagonist: competitive, level = "
         "concentration over inhibition constant; receptor knock-down: level = fraction removed; transition: the "
         "hazard is multiplied by the level; blood factor: the free level is multiplied by the level; circulating: the "
         "release into the blood is multiplied by the level.",
         {"none"}, dealii::Patterns::Selection(kinds));
    bind(handler, "Targets", list[i].targets, "What it acts on: 'type.receptor', 'type.transition' or a name.",
         {"none"}, allowed::names());
    bind(handler, "Start", list[i].start, "First moment of action.", {"min"}, allowed::non_negative());
    bind(handler, "End", list[i].end, "End of action.", {"min"}, allowed::non_negative());
    bind(handler, "Level", list[i].level, "Strength, by kind.", {"1"}, allowed::non_negative());
    bind(
        handler, "Half-life", list[i].half_life,
        "Of an antagonist or a knock-down: the level falls from 'Start' with this half-life; 0: it is constant. 60 for "
        "plerixafor in mice.",
        {"min", "[M]", "L"}, allowed::non_negative());
    handler.leave_subsection();
  }
  handler.leave_subsection();
}

void Interventions::resolve(const InterventionTargets &targets) const
{
  for (const auto &intervention : list)
  {
    const std::string path = "Interventions/" + intervention.name + "/";
    if (intervention.end <= intervention.start)
      throw input_error(path + "End", intervention.end, "later than 'Start'", "correct the schedule");
    if (intervention.kind == "receptor knock-down" && intervention.level > 1.0)
      throw input_error(path + "Level", intervention.level, "[0, 1] for a knock-down", "give the fraction removed");
    if (intervention.half_life > 0.0 && intervention.kind != "receptor antagonist" &&
        intervention.kind != "receptor knock-down")
      throw input_error(path + "Half-life", intervention.half_life, "0 for the kind '" + intervention.kind + "'",
                        "remove the entry");
    if (intervention.kind == "resection")
    {
      if (!intervention.targets.empty())
        throw InputError(path + "Targets", intervention.targets.front(), "nothing for a resection", "leave it out");
      continue;
    }
    if (intervention.targets.empty())
      throw InputError(path + "Targets", "", "at least one target for kind '" + intervention.kind + "'", "name it");
    const auto &names = names_for(intervention.kind, targets);
    for (const auto &target : intervention.targets)
      if (std::find(names.begin(), names.end(), target) == names.end())
        throw InputError(path + "Targets", target, listed(names) + " for kind '" + intervention.kind + "'",
                         "correct the name");
  }
}

bool Interventions::tumour_resected(const double time) const
{
  return std::any_of(list.begin(), list.end(),
                     [&](const auto &entry) { return entry.kind == "resection" && time >= entry.start; });
}

double InterventionParameters::level_at(const double time) const
{
  if (!active(time))
    return 0.0;
  return half_life > 0.0 ? level * std::exp2(-(time - start) / half_life) : level;
}

double InterventionParameters::effect(const double time) const
{
  const double now = level_at(time);
  if (kind == "receptor antagonist")
    return now / (1.0 + now);
  if (kind == "receptor knock-down")
    return now;
  if (kind == "resection")
    return time >= start ? 1.0 : 0.0;
  return active(time) ? 1.0 - (now > 1.0 ? 1.0 / now : now) : 0.0;
}

std::vector<std::string> Interventions::names() const
{
  std::vector<std::string> names;
  for (const auto &entry : list)
    names.push_back(entry.name);
  return names;
}

double Interventions::factor(const std::string &kind, const std::string &target, const double time) const
{
  double product = 1.0, antagonists = 0.0;
  for (const auto &entry : list)
    if (entry.kind == kind && entry.active(time) &&
        std::find(entry.targets.begin(), entry.targets.end(), target) != entry.targets.end())
    {
      if (kind == "receptor antagonist")
        antagonists += entry.level_at(time);
      else
        product *= kind == "receptor knock-down" ? 1.0 - entry.level_at(time) : entry.level;
    }
  return product * (1.0 + antagonists);
}
} // namespace nidus
