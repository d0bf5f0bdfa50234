#pragma once

#include "fields/stage_equations.h"

#include <petscsnes.h>

#include <memory>
#include <string>
#include <vector>

namespace nidus
{
/// Solves one implicit stage for all fields at once with PETSc's SNES; options prefix: fields_.
template <int dim>
class StageSolver
{
public:
  /// @p system is for the mobile fields of @p fields; null: there are none. Collective.
  StageSolver(FieldSet<dim> &fields, std::unique_ptr<LinearSystem> system);
  ~StageSolver();
  StageSolver(const StageSolver &) = delete;
  StageSolver &operator=(const StageSolver &) = delete;

  struct Outcome
  {
    bool solved = false;
    unsigned int newton_iterations = 0, linear_iterations = 0;
    std::string fault; ///< what failed, for which field and where
  };

  /// Solves @p stage; the state of the fields is the guess and the answer, and unspecified when that fails. Collective.
  Outcome solve(const Stage<dim> &stage);

  /// See LinearSystem::forget().
  void forget();

  const StageEquations<dim> &equations() const { return stage_equations; }
  /// See Kinetics::scale_rates().
  void scale_rates(const std::vector<double> &factors) { stage_equations.scale_rates(factors); }

private:
  void create_solver();
  void choose_krylov_method(KSP krylov) const;
  bool iterate(Outcome &outcome);
  double greatest_change();

  static PetscErrorCode form_residual(SNES, Vec x, Vec f, void *self);
  static PetscErrorCode form_jacobian(SNES, Vec x, Mat, Mat, void *self);
  static PetscErrorCode has_converged(SNES, PetscInt, PetscReal, PetscReal, PetscReal, SNESConvergedReason *, void *);
  static PetscErrorCode multiply(Mat, Vec x, Vec y);
  static PetscErrorCode get_diagonal(Mat, Vec diagonal);

  FieldSet<dim> &fields;
  StageEquations<dim> stage_equations;
  SNES solver = nullptr;
  Mat jacobian = nullptr;
  Vec unknown = nullptr;
};
} // namespace nidus
