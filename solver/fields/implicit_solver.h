#pragma once

#include "fields/boundary_terms.h"
#include "fields/field_set.h"
#include "fields/kinetics.h"
#include "fields/linear_system.h"
#include "fields/source_terms.h"

#include <memory>
#include <vector>

namespace nidus
{
/// What happened to one field in a step, in molecules (um^dim for fractions), over the whole organ.
struct FieldBudget
{
  double secreted = 0.0; ///< by agents
  double taken_up = 0.0; ///< by agents
  double decayed = 0.0;
  double exchanged = 0.0; ///< gained from the blood
  double reacted = 0.0;   ///< gained from other fields
  double change = 0.0;    ///< of the amount in the organ
  double residual = 0.0;  ///< change - (secreted - taken_up - decayed + exchanged + reacted)

  FieldBudget &operator+=(const FieldBudget &other);
};

/**
 * Backward Euler for all fields at once: diffusion, decay, vascular exchange, secretion, uptake and reactions are
 * implicit together, so the steady state does not depend on the step.
 *
 * Newton's method; immobile fields are eliminated at each node, mobile ones meet in one linear solve. With diagonal
 * mass and, on boxes, an M-matrix the values stay non-negative.
 */
template <int dim>
class ImplicitSolver
{
public:
  ImplicitSolver(FieldSet<dim> &fields, std::unique_ptr<LinearSystem> system);
  ~ImplicitSolver();
  ImplicitSolver(const ImplicitSolver &) = delete;
  ImplicitSolver &operator=(const ImplicitSolver &) = delete;

  struct Report
  {
    unsigned int newton_iterations = 0, linear_iterations = 0;
    std::vector<FieldBudget> budget;
  };

  /**
   * Advances the fields by @p dt (min) with blood levels @p blood (nM) and what agents do. Collective.
   * Throws std::runtime_error on every rank when the step fails; the state is then unspecified.
   */
  Report advance(double dt, const std::vector<double> &blood, const SourceTerms<dim> &sources);

private:
  /// Everything that is read at a node; pointers to the n_fields values of the node.
  struct Node
  {
    unsigned int number;
    const double *old, *source, *filling, *uptake;
  };
  struct Arrays;

  void nodal_terms(const Node &node, const double *u, double *residual, double *jacobian) const;
  void solve_immobile(const Node &node, double *u, double *residual, double *jacobian) const;
  void linearise(Arrays &arrays, double *u, const double *diffusion, double *right_hand_side, double *diagonal) const;
  std::vector<double> tolerances(Arrays &arrays) const;
  double apply_correction();
  void finish(Arrays &arrays);
  std::vector<FieldBudget> budget(Arrays &arrays) const;
  void check_finite() const;

  FieldSet<dim> &fields;
  std::unique_ptr<LinearSystem> system;
  Kinetics kinetics;
  BoundaryTerms<dim> boundary;
  unsigned int n_fields;
  std::vector<unsigned int> mobile, immobile;
  Vec old = nullptr, diffusion = nullptr, right_hand_side = nullptr, diagonal = nullptr, correction = nullptr;

  // Of the step at hand:
  double step = 0.0, clock = 0.0;
  std::vector<double> blood_level; ///< by field
};
} // namespace nidus
