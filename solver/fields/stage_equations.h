#pragma once

#include "fields/field_failure.h"
#include "fields/kinetics.h"
#include "fields/linear_system.h"
#include "fields/nodal_terms.h"

#include <memory>
#include <optional>
#include <vector>

namespace nidus
{
/**
 * The equations of one implicit stage for all fields, F(u) = 0, in the unknowns of a solver.
 *
 * Immobile fields are eliminated at each node; the mobile ones are the unknowns, in vectors of the LinearSystem. The
 * derivative is the LinearSystem's K + c and the couplings between the mobile fields of a node.
 *
 * Each field has its own tolerance, but a solver looks at one norm. So field s is scaled with w_s = 1 / (absolute
 * tolerance of its residual): unknowns w u, residuals w F. This leaves K + c as it is and makes a norm of at most one
 * mean that every field meets its tolerance.
 */
template <int dim>
class StageEquations
{
public:
  /// @p system is for the mobile fields of @p fields; null: there are none. Collective.
  StageEquations(FieldSet<dim> &fields, std::unique_ptr<LinearSystem> system);
  ~StageEquations();
  StageEquations(const StageEquations &) = delete;
  StageEquations &operator=(const StageEquations &) = delete;

  unsigned int n_mobile() const { return static_cast<unsigned int>(mobile.size()); }
  bool linear() const { return kinetics.linear(); }
  /// Whether the derivative is symmetric and, but for rounding, positive.
  bool symmetric() const { return !coupled && !kinetics.grows(); }
  LinearSystem &linear_system() { return *system; }
  const Kinetics &reactions() const { return kinetics; }
  /// See Kinetics::scale_rates(); not within a stage.
  void scale_rates(const std::vector<double> &factors) { kinetics.scale_rates(factors); }

  /// Takes up @p stage and puts the state of the fields, with its fixed values, into @p x as the guess. Collective.
  void begin(const Stage<dim> &stage, Vec x);

  /**
   * After a solution: whether a field must be solved more tightly, since what drives it became known only now. Then
   * @p x is that solution in the new scale, to go on from. Collective.
   */
  bool tighten(const Stage<dim> &stage, Vec x);

  /// f = w F(x / w); infinite where immobile fields have no solution. Changes the state of the fields. Collective.
  void residual(Vec x, Vec f);

  /// Takes the derivative at @p x; @p scratch is a vector that nobody else needs meanwhile. Collective.
  void linearise(Vec x, Vec scratch);

  /// y = derivative x. Collective.
  void multiply(Vec x, Vec y);
  /// The vector that residual() is to write to while @p x is solved for. At other times it is the work space of all
  /// functions here. Null without mobile fields.
  Vec imbalance() const { return work; }

  /// Moves @p x and the immobile fields that belong to it into the state. False when there are none. Collective.
  bool finish(Vec x);

  /// The node where @p x is farthest from a solution, of this rank. Collective.
  Culprit culprit(Vec x);

  /// Lets go of the stage.
  void end() { terms.reset(); }

  /// What enters at nodes with a fixed value, nM um^dim/min, interlaced like the state, after finish(); empty without
  /// such nodes.
  const std::vector<double> &crossing() const { return held; }

private:
  void find_dependence();
  /// Absolute tolerance of each field's residual, with the present state. @p fixed: a vector of the fixed values alone,
  /// which drive their neighbours; null: none.
  std::vector<double> tolerances(const Stage<dim> &stage, Vec fixed);
  /// What rounding leaves of the diffusion and inertia of each field, the sum of squares over this rank.
  std::vector<double> rounded_off(const Stage<dim> &stage);
  void set_weights(const Stage<dim> &stage, Vec x);
  void weigh(const std::vector<double> &by_field);
  void pack(Vec x);
  void hold_fixed(double *c) const;
  void add_couplings(const double *x, double *y) const;

  FieldSet<dim> &fields;
  std::unique_ptr<LinearSystem> system;
  Kinetics kinetics;
  const unsigned int n_fields;
  std::vector<unsigned int> mobile;
  unsigned int lanes = 0;
  std::vector<bool> depends; ///< n_fields x n_fields: whose rate depends on whom, also through immobile fields
  bool coupled = false;      ///< mobile fields with each other
  double stiffest = 0.0;     ///< greatest entry of the diffusion's diagonal
  Vec work = nullptr;

  // Of the stage at hand:
  std::optional<NodalTerms<dim>> terms;
  std::vector<double> tolerance; ///< by field
  bool is_loose = false;         ///< whether a weight belongs to a larger tolerance
  std::vector<double> weight;    ///< by mobile field
  std::vector<double> couplings; ///< n_mobile x n_mobile for each node; empty: none
  std::vector<double> held;
};
} // namespace nidus
