#pragma once

#include "systemic/blood_parameters.h"
#include "systemic/interventions.h"

#include <vector>

namespace nidus
{
/**
 * The well-mixed blood compartment that connects the organ with the primary tumour (model 2.6).
 *
 * The organ is taken as a negligible sink of the blood. Each linear equation is advanced by its exact solution with
 * the tumour and the driving factor at the middle of the step, so no step is too long.
 */
class Blood
{
public:
  Blood(const BloodParameters &parameters, const Interventions &interventions);

  void advance(double time, double dt);

  double tumour() const { return tumour_size; }
  /// Level of each factor that tissue meets, nM: free level, after neutralising interventions.
  std::vector<double> levels() const;
  /// Concentration of each circulating population, cells/mL.
  const std::vector<double> &circulating() const { return cells; }

  /// The state, for a checkpoint.
  std::vector<double> state() const;
  void restore(const std::vector<double> &state);

private:
  double tumour_at(double time) const;

  const BloodParameters &parameters;
  const Interventions &interventions;
  double now = 0.0;
  double tumour_size = 0.0;
  std::vector<double> factors; ///< nM, total
  std::vector<double> cells;   ///< cells/mL
};
} // namespace nidus
