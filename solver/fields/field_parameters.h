#pragma once

#include "control/parameter_file.h"
#include "fields/boundary_parameters.h"
#include "fields/reaction_parameters.h"
#include "fields/solver_parameters.h"

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// One cytokine or matrix component.
struct FieldParameters
{
  std::string name;
  std::string label;              ///< for legends; empty: the name
  std::string unit = "nM";        ///< "nM" (amounts in molecules) or "1" (fraction of saturation, amounts in um^3)
  bool interstitial = true;       ///< amounts per interstitial volume; otherwise per tissue volume
  std::string diffusivity = "0";  ///< um^2/min, one number or "region: number, ..."
  double decay_rate = 0.0;        ///< 1/min
  std::string initial;            ///< formula for the value at time zero; empty: initial_value holds
  double initial_value = 0.0;     ///< in unit; resolved: not a number where the formula depends on place
  std::string blood_factor;       ///< exchanged with this factor of the blood; empty: no exchange
  std::string exchange;           ///< 1/min, one number or "region: number, ..."; empty: vascular_exchange holds
  double vascular_exchange = 0.0; ///< 1/min, permeability times surface of all vessels per tissue volume; resolved: the
                                  ///< greatest of the regions
  double vessel_permeability = 0.0; ///< um/min, of the wall of vessels that are resolved as lines
  bool quasi_steady = false;
  std::string lower_bound, upper_bound; ///< numbers that are watched, in unit; empty: none

  std::map<std::string, double> diffusivity_by_region; ///< resolved: one value for each described region
  std::map<std::string, double> exchange_by_region;    ///< resolved, as the diffusivity
  int blood_index = -1;                                ///< resolved
  double lower = -std::numeric_limits<double>::infinity(),
         upper = std::numeric_limits<double>::infinity(); ///< resolved
  bool mobile() const;
  /// Exchange with homogenised and resolved vessels together in a region, 1/min.
  double exchange_in(const std::string &region) const;
};

struct FieldsParameters
{
  std::vector<FieldParameters> fields;
  std::vector<ReactionParameters> reactions;
  std::vector<BoundaryCondition> boundaries;
  SolverParameters solver;

  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);

  /// Turns names into indices and checks everything.
  void resolve(const std::vector<std::string> &regions, const std::vector<std::string> &blood_factors);

  std::vector<std::string> names() const;
  int index(const std::string &name) const; ///< -1: no such field

  /// The greatest value that field @p s may start from: 1 for fractions, the sites for a bound field.
  double greatest_initial_value(unsigned int s) const;
  /// Whether a reaction takes from field @p s.
  bool is_consumed(unsigned int s) const;
};
} // namespace nidus
