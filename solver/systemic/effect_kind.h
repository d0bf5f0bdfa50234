#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// What an intervention may act on. All but the affinity multiply by 1 + strength * effect; the loss of a field adds
/// strength * effect.
enum class EffectKind
{
  receptor_affinity,
  receptor_number,
  hazard,
  secretion,
  haptotaxis,
  arrest,
  arrest_weight,
  mobilisation,
  circulating_release,
  shedding,
  blood_factor,
  tumour_secretion,
  reaction,
  field_loss,
  tumour
};

struct EffectKindEntry
{
  EffectKind kind;
  const char *name;    ///< in the file
  const char *targets; ///< what a target is called
  const char *meaning;
  double least_strength;
};

/// All kinds, in the order in which they are documented.
const std::vector<EffectKindEntry> &effect_kinds();

/// Null: no such kind.
const EffectKindEntry *find_effect_kind(const std::string &name);
} // namespace nidus
