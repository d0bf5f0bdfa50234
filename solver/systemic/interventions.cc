#include "systemic/interventions.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
bool EffectParameters::acts_on(const EffectKind of, const std::string &target) const
{
  return kind == of && std::find(targets.begin(), targets.end(), target) != targets.end();
}

double InterventionParameters::level_at(const double time) const
{
  double sum = 0.0;
  for (const auto &window : windows)
    if (time >= window.start && time < window.end)
      sum += half_life > 0.0 ? level * std::exp2(-(time - window.start) / half_life) : level;
  if (!is_bolus())
    for (const auto &dose : dose_list)
      sum += dose.amount * level_after_dose(time - dose.time, half_life, absorption_half_life);
  return sum;
}

double InterventionParameters::effect(const double time) const
{
  const double now = level_at(time);
  if (half_effect_level > 0.0)
    return now / (now + half_effect_level);
  return std::min(now, 1.0);
}

std::vector<std::string> Interventions::names() const
{
  std::vector<std::string> names;
  for (const auto &entry : list)
    if (!entry.is_bolus())
      names.push_back(entry.name);
  return names;
}

std::vector<double> Interventions::effects(const double time) const
{
  std::vector<double> effects;
  for (const auto &entry : list)
    if (!entry.is_bolus())
      effects.push_back(entry.effect(time));
  return effects;
}

bool Interventions::any(const EffectKind kind) const
{
  return std::any_of(list.begin(), list.end(), [kind](const auto &entry) {
    return std::any_of(entry.effects.begin(), entry.effects.end(),
                       [kind](const auto &effect) { return effect.kind == kind; });
  });
}

double Interventions::factor(const EffectKind kind, const std::string &target, const double time) const
{
  double product = 1.0, antagonists = 0.0;
  for (const auto &entry : list)
    for (const auto &effect : entry.effects)
    {
      if (!effect.acts_on(kind, target))
        continue;
      if (kind == EffectKind::receptor_affinity)
        antagonists += entry.level_at(time) / entry.half_effect_level;
      else
        product *= 1.0 + effect.strength.front() * entry.effect(time);
    }
  return product * (1.0 + antagonists);
}

double Interventions::greatest_factor(const EffectKind kind, const std::string &target) const
{
  double product = 1.0;
  for (const auto &entry : list)
    for (const auto &effect : entry.effects)
      if (effect.acts_on(kind, target))
        product *= 1.0 + std::max(effect.strength.front(), 0.0);
  return product;
}

double Interventions::field_loss(const std::string &field, const double time) const
{
  double sum = 0.0;
  for (const auto &entry : list)
    for (const auto &effect : entry.effects)
      if (effect.acts_on(EffectKind::field_loss, field))
        sum += effect.strength.front() * entry.effect(time);
  return sum;
}
} // namespace nidus
