#pragma once

#include "control/parameter_file.h"

#include <string>
#include <vector>

namespace nidus
{
/// What the names of the targets of interventions may be; filled by the rooms that own them.
struct InterventionTargets
{
  std::vector<std::string> receptors;   ///< "type.receptor"
  std::vector<std::string> transitions; ///< "type.transition"
  std::vector<std::string> blood_factors;
  std::vector<std::string> circulating;
};

struct InterventionParameters
{
  std::string name;
  std::string kind = "resection";
  std::vector<std::string> targets;
  double start = 0.0; ///< min
  double end = 1e300; ///< min
  double level = 0.0;
  double half_life = 0.0; ///< min; 0: the level is constant

  bool active(double time) const { return time >= start && time < end; }
  /// What is left of the level at @p time (min), zero when it does not act.
  double level_at(double time) const;
  /// How strong it is at @p time, in [0, 1]: of an antagonist the share level / (1 + level) of receptors that it holds
  /// where there is no ligand, of a knock-down the fraction removed, of a factor m the distance from one,
  /// 1 - min(m, 1/m), of a resection 1.
  double effect(double time) const;
};

/// The list of interventions of a run and what they do at a given time. Off costs nothing: an empty list.
struct Interventions
{
  std::vector<InterventionParameters> list;

  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);
  void resolve(const InterventionTargets &targets) const;

  std::vector<std::string> names() const;
  bool tumour_resected(double time) const;

  /// For "receptor antagonist" 1 + the sum of the levels at @p time of those that act on @p target, which compete for
  /// one site; for the other kinds the product of 1 - level ("receptor knock-down") or of the levels; 1 when there is
  /// none.
  double factor(const std::string &kind, const std::string &target, double time) const;
};
} // namespace nidus
