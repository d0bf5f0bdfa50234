#pragma once

#include "fields/field_ledger.h"
#include "fields/field_modifiers.h"
#include "fields/stage_solver.h"

#include <memory>
#include <vector>

namespace nidus
{
/**
 * Advances all fields in time: diffusion, decay, vascular exchange, secretion, uptake, reactions and boundary terms are
 * implicit together, so the steady state does not depend on the step.
 *
 * Backward Euler keeps values positive on boxes (diagonal mass, M-matrix; not with all hanging nodes). SDIRK2 is
 * Alexander's two-stage scheme with gamma = 1 - 1/sqrt(2): second order, L-stable, stiffly accurate. Quasi-steady
 * fields are solved for their steady state in every stage.
 *
 * Error control needs no history. Backward Euler takes a step as two halves; u_2 - 2 u_1 + u_0 is its leading error,
 * dt^2/4 u''. SDIRK2 is compared with the first-order u_0 + (U_1 - u_0) / gamma that its first stage gives.
 */
template <int dim>
class FieldIntegrator
{
public:
  /// @p system is for the mobile fields of @p fields; null: there are none. Collective.
  FieldIntegrator(FieldSet<dim> &fields, std::unique_ptr<LinearSystem> system);
  ~FieldIntegrator();
  FieldIntegrator(const FieldIntegrator &) = delete;
  FieldIntegrator &operator=(const FieldIntegrator &) = delete;

  struct Report
  {
    unsigned int newton_iterations = 0, linear_iterations = 0;
    unsigned int steps = 0;
    unsigned int rejected = 0;   ///< steps that were taken again because their error was too large
    unsigned int retried = 0;    ///< steps that were taken again because they could not be solved
    unsigned int inaccurate = 0; ///< steps of the smallest length whose error was too large
    std::vector<FieldBudget> budget;
  };

  /**
   * Advances the fields by @p length (min) from time @p start (min; it matters to boundary conditions only) with blood
   * levels @p blood (nM, by factor) and what agents do. Collective.
   * Throws FieldFailure on all ranks when a step of the smallest length cannot be solved; the state is then the one
   * before that step.
   */
  Report advance(double length, const std::vector<double> &blood, const SourceTerms<dim> &sources, double start);

  /// What drugs do to reactions and losses from now on.
  void modify(const FieldModifiers &modifiers);

  /// Marks the present state, which nobody but advance() may change while the mark is wanted.
  void remember();
  /// Brings the fields back to the state at the last mark, of which there must be one. Collective.
  void go_back();

  /// From now on mean() is known; it takes one more vector.
  void keep_mean();
  /// The fields over the last interval, averaged with the weights of the ledger: a term that is linear in a field has
  /// moved its rate at the mean times the length. Ghosts are fresh.
  Vec mean() const { return mean_state; }

  /// The step that error control would take next (min); zero: as long as allowed. Part of a checkpoint.
  double next_step() const { return proposal; }
  void resume_with(const double step) { proposal = step; }

private:
  /// One try of a step.
  struct Attempt
  {
    bool solved = true;
    std::string fault;
    double error = 0.0; ///< relative to the tolerance
  };

  void keep_state_at_start();
  void add_to_mean(double step);
  Attempt attempt(double start, double step, Report &report);
  void solve_stage(double time, double step, Vec base, double duration, Attempt &result, Report &report);
  double error(double of_first, double of_start) const;
  double step_to_try(double remaining) const;
  void adapt(const Attempt &result, double step, bool first_try);

  FieldSet<dim> &fields;
  const SolverParameters &settings;
  StageSolver<dim> solver;
  BoundaryTerms<dim> boundary;
  FieldLedger<dim> ledger;
  Vec at_start = nullptr; ///< the state before the step at hand
  Vec first = nullptr;    ///< its first stage; null when the scheme has one stage
  Vec base = nullptr;     ///< of its second stage; null when that starts from the first

  /// Where the state at the mark is; it is copied away only when a second step needs at_start.
  enum class Mark
  {
    nowhere,
    in_state,
    in_at_start,
    in_marked
  };
  Mark mark = Mark::nowhere;
  bool moved_on = false; ///< a step was finished since the mark
  Vec marked = nullptr;  ///< null until it is needed

  Vec mean_state = nullptr; ///< null: not wanted

  double proposal = 0.0;     ///< min
  std::vector<double> decay; ///< by field, 1/min, drugs included

  // Of the interval at hand:
  std::vector<double> blood_level; ///< by field
  const SourceTerms<dim> *sources = nullptr;
};
} // namespace nidus
