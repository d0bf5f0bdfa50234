#pragma once

#include "fields/nodal_terms.h"

#include <array>
#include <vector>

namespace nidus
{
/// What happened to one field in some time, in molecules (um^dim for fractions), over the whole organ.
struct FieldBudget
{
  double secreted = 0.0; ///< by agents
  double taken_up = 0.0; ///< by agents
  double decayed = 0.0;
  double exchanged = 0.0; ///< gained from the blood
  double crossed = 0.0;   ///< gained through the boundary: fluxes, permeable walls and fixed values
  double reacted = 0.0;   ///< gained from other fields
  double change = 0.0;    ///< of the amount in the organ
  double residual = 0.0;  ///< change - (secreted - taken_up - decayed + exchanged + crossed + reacted)

  FieldBudget &operator+=(const FieldBudget &other);
};

/**
 * Adds up what the stages of a time scheme do to each field.
 *
 * A scheme changes the state by the weighted rates of its stages, so these weights turn the rates into amounts that
 * balance exactly, whatever the error of the scheme.
 */
template <int dim>
class FieldLedger
{
public:
  FieldLedger(const FieldSet<dim> &fields, const Kinetics &kinetics);

  /// Starts from the state of the fields.
  void open();

  /// Books @p stage, whose solution is the state of the fields, as lasting @p duration (min). @p held is what enters
  /// at nodes with fixed values, as StageEquations::crossing().
  void book(const Stage<dim> &stage, double duration, const std::vector<double> &held);

  /// Makes what was booked since the last call final, or forgets it: a step that is tried again.
  void keep();
  void discard();

  /// Ends at the state of the fields. Collective.
  std::vector<FieldBudget> close() const;

private:
  enum Term : unsigned int
  {
    secreted,
    taken_up,
    decayed,
    exchanged,
    crossed,
    reacted,
    n_terms
  };
  using Terms = std::array<double, n_terms>;

  const FieldSet<dim> &fields;
  const Kinetics &kinetics;
  std::vector<double> at_start; ///< of this rank, nM um^dim
  std::vector<Terms> kept, pending;
};
} // namespace nidus
