#pragma once

#include "control/parameter_file.h"
#include "systemic/drug_level.h"
#include "systemic/effect_kind.h"

#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// What the targets of each kind of effect may be called; filled by the rooms that own them.
using InterventionTargets = std::map<EffectKind, std::vector<std::string>>;

/// One thing that a drug acts on.
struct EffectParameters
{
  std::string name;
  std::string on; ///< name of a kind
  std::vector<std::string> targets;
  std::vector<double> strength; ///< one number; empty for an antagonist, whose level says all

  EffectKind kind = EffectKind::hazard; ///< resolved

  bool acts_on(EffectKind of, const std::string &target) const;
};

struct InterventionParameters
{
  std::string name;
  std::string kind = "drug"; ///< drug | resection | bolus
  std::string schedule, doses;
  double level = 1.0;                ///< nM, or a plain strength, at the start of each window
  double half_life = 0.0;            ///< min, of elimination; 0: constant in a window
  double absorption_half_life = 0.0; ///< min; 0: at once
  double half_effect_level = 0.0;    ///< K_i in the unit of the level; 0: the level is the effect
  std::vector<EffectParameters> effects;
  std::string population;           ///< of a bolus
  double first_pass_fraction = 1.0; ///< of a bolus

  std::vector<Window> windows; ///< resolved
  std::vector<Dose> dose_list; ///< resolved

  bool is_bolus() const { return kind == "bolus"; }
  /// The level at @p time (min): within a window it falls from its start; doses are superposed.
  double level_at(double time) const;
  /// How strong it is at @p time, theta in [0, 1]: A / (A + K_i) of the level A, or min(A, 1) without a K_i; of a
  /// resection 1 from its time on.
  double effect(double time) const;
};

/// The list of interventions of a run and what they do at a given time. Off costs nothing: an empty list.
struct Interventions
{
  std::vector<InterventionParameters> list;

  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);
  /// Reads schedules and doses, and checks everything. Throws InputError naming both ends of a broken reference.
  void resolve(const InterventionTargets &targets);

  /// Of all that have an effect, which is all but boluses, in order.
  std::vector<std::string> names() const;
  /// Their effects at @p time, in the same order.
  std::vector<double> effects(double time) const;

  /// Whether any intervention has an effect of this kind.
  bool any(EffectKind kind) const;

  /**
   * What the number behind @p target is multiplied by at @p time (min): the product of 1 + strength * effect; for the
   * affinity 1 + the sum of level / K_i of the antagonists, which compete for one site. 1 when nothing acts.
   */
  double factor(EffectKind kind, const std::string &target, double time) const;
  /// The greatest value that the product may take, at any time.
  double greatest_factor(EffectKind kind, const std::string &target) const;
  /// What is added to the decay rate of a field at @p time, 1/min.
  double field_loss(const std::string &field, double time) const;
};
} // namespace nidus
