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

  bool active(double time) const { return time >= start && time < end; }
};

/// The list of interventions of a run and what they do at a given time. Off costs nothing: an empty list.
struct Interventions
{
  std::vector<InterventionParameters> list;

  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);
  void resolve(const InterventionTargets &targets) const;

  bool tumour_resected(double time) const;

  /// Product over active interventions of @p kind on @p target: 1 + level for "receptor antagonist", 1 - level for
  /// "receptor knock-down", level for the others; 1 when there is none.
  double factor(const std::string &kind, const std::string &target, double time) const;
};
} // namespace nidus
