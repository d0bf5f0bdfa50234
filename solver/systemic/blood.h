#pragma once

#include "systemic/blood_parameters.h"
#include "systemic/interventions.h"

#include <vector>

namespace nidus
{
/**
 * The well-mixed blood compartment that connects the organ with the primary tumour (model 2.6).
 *
 * Each linear equation is advanced by its exact solution with the tumour, the driving factor and the drugs at the
 * middle of the step: it is positive and tends to the limit of the equation for any step, as an implicit step would,
 * without the error of one.
 *
 * Exchange with the organ, V dB/dt = ... - G B + sum(g c), G being the sum of the rates g of all places, is taken apart
 * from that: the organ meets the implicit level (B + a c) / (1 + a), a = G dt / V, with the mean concentration c of the
 * step before; the blood then loses exactly what the organ has gained. In a tissue of one concentration the difference
 * to the blood never changes its sign, for any step. Should all concentrations vanish within a step, B stays positive
 * since the organ meets at most B / a.
 */
class Blood
{
public:
  Blood(const BloodParameters &parameters, const Interventions &interventions);

  /// Cells of metastases in the organ, 'Cells represented' counted.
  struct Metastases
  {
    double cells = 0.0, dividing = 0.0;
  };

  /// From @p time to @p time + @p dt (min), without exchange with the organ.
  void advance(double time, double dt, const Metastases &metastases);
  void advance(double time, double dt) { advance(time, dt, {}); }

  /// Exchange of one factor with the organ.
  struct Exchange
  {
    double rate = 0.0;     ///< G, um^3/min
    double returned = 0.0; ///< sum(g c), nM um^3/min
  };
  /// Whether the organ counts for any factor.
  bool feels_organ() const;
  /// Sets the levels that the organ meets in a step of @p dt, until settle(). @p exchange by factor.
  void meet(const std::vector<Exchange> &exchange, double dt);
  /// Takes what the organ has gained from the blood, molecules by factor, if that counts.
  void settle(const std::vector<double> &gained);

  /// Takes from each population the cells (or clusters) that have arrested, if that counts. What the blood does not
  /// hold, since arrests are random, is taken from what it gets later.
  void take(const std::vector<double> &arrested);
  /// Adds @p number of cells (or clusters).
  void inject(std::size_t population, double number);

  double tumour() const { return tumour_size; }
  /// Level of each factor that tissue meets, nM: free level, after neutralising interventions.
  std::vector<double> levels() const;
  /// Concentration of each circulating population, cells (or clusters) per mL.
  const std::vector<double> &circulating() const { return cells; }

  /// The state, for a checkpoint.
  std::vector<double> state() const;
  void restore(const std::vector<double> &state);

private:
  double tumour_at(double time) const;
  double free_part(std::size_t factor, double time) const;
  void advance_factor(std::size_t factor, double middle, double dt, double tumour, double metastases);
  void advance_cells(std::size_t population, double middle, double dt, double tumour, double metastases);
  void pay(std::size_t population);

  const BloodParameters &parameters;
  const Interventions &interventions;
  double now = 0.0;
  double tumour_size = 0.0;
  std::vector<double> factors; ///< nM, total
  std::vector<double> met;     ///< nM, total, while the organ is advanced; empty: the same
  std::vector<double> cells;   ///< cells/mL
  std::vector<double> owed;    ///< cells/mL that have arrested and are still to be taken
};
} // namespace nidus
