#include "systemic/effect_kind.h"

#include <algorithm>

namespace nidus
{
const std::vector<EffectKindEntry> &effect_kinds()
{
  using K = EffectKind;
  static const std::vector<EffectKindEntry> list = {
      {K::receptor_affinity, "receptor affinity", "type.receptor",
       "competitive antagonist, K becomes K (1 + level / Half effect level); all antagonists of a receptor compete for "
       "one site",
       -1.0},
      {K::receptor_number, "receptor number", "type.receptor", "receptors of an agent", -1.0},
      {K::hazard, "hazard", "type.transition", "hazard of a transition", -1.0},
      {K::secretion, "secretion", "type/field or type.state/field", "secretion and saturating secretion into tissue",
       -1.0},
      {K::haptotaxis, "haptotaxis", "type", "drift along immobile fields", -1.0},
      {K::arrest, "arrest", "circulating population", "probability of arrest, basal and by all weights", -1.0},
      {K::arrest_weight, "arrest weight", "population.signal", "probability of arrest that a signal adds", -1.0},
      {K::mobilisation, "mobilisation", "circulating population", "'Mobilisation gain'", -1.0},
      {K::circulating_release, "circulating release", "circulating population",
       "release into the blood, basal and mobilised", -1.0},
      {K::shedding, "shedding", "circulating population", "cells that tumour cells shed", -1.0},
      {K::blood_factor, "blood factor", "blood factor", "free level in the blood, which tissue and mobilisation meet",
       -1.0},
      {K::tumour_secretion, "tumour secretion", "blood factor", "secretion of tumour cells into the blood", -1.0},
      {K::reaction, "reaction", "name of Reactions", "'Rate' of a reaction; an off rate stays", -1.0},
      {K::field_loss, "field loss", "name of Fields", "adds strength * effect, in 1/min, to the decay rate", 0.0},
      {K::tumour, "tumour", "primary", "number of cells of the primary tumour", -1.0}};
  return list;
}

const EffectKindEntry *find_effect_kind(const std::string &name)
{
  const auto &list = effect_kinds();
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto &entry) { return name == entry.name; });
  return found == list.end() ? nullptr : &*found;
}
} // namespace nidus
