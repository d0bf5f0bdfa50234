#include "fields/stage_solver.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
// Newton's first correction is solved to this part of the residual, the next ones as far as Newton's method is ahead
// (Eisenstat and Walker, second choice): as many iterations as with exact corrections.
constexpr double first_forcing = 1e-4, largest_forcing = 1e-3, forcing_factor = 0.9, forcing_power = 2.0,
                 forcing_threshold = 0.1;

constexpr double longest_step = 1e300;

constexpr PetscInt restart = 50, krylov_iterations = 10000;
} // namespace

template <int dim>
StageSolver<dim>::StageSolver(FieldSet<dim> &fields, std::unique_ptr<LinearSystem> system)
    : fields(fields), stage_equations(fields, std::move(system))
{
  if (stage_equations.n_mobile() > 0)
    create_solver();
}

template <int dim>
StageSolver<dim>::~StageSolver()
{
  SNESDestroy(&solver);
  MatDestroy(&jacobian);
  VecDestroy(&unknown);
}

template <int dim>
void StageSolver<dim>::forget()
{
  if (stage_equations.n_mobile() > 0)
    stage_equations.linear_system().forget();
}

template <int dim>
void StageSolver<dim>::choose_krylov_method(KSP krylov) const
{
  // The residual itself is measured, so that the tolerance means the same for every preconditioner.
  if (stage_equations.symmetric())
    KSPSetNormType(krylov, KSP_NORM_UNPRECONDITIONED);
  else
  {
    KSPSetType(krylov, KSPFGMRES);
    KSPGMRESSetRestart(krylov, restart);
  }
  KSPSetTolerances(krylov, 0.0, 1.0, 1e10, krylov_iterations);
}

template <int dim>
void StageSolver<dim>::create_solver()
{
  const auto &settings = fields.parameters.solver;
  LinearSystem &system = stage_equations.linear_system();
  unknown = system.create_vector();
  PetscInt n = 0;
  VecGetLocalSize(unknown, &n);
  MatCreateShell(fields.organ.communicator(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, this, &jacobian);
  MatSetBlockSize(jacobian, static_cast<PetscInt>(system.lanes()));
  MatShellSetOperation(jacobian, MATOP_MULT, reinterpret_cast<void (*)()>(multiply));
  MatShellSetOperation(jacobian, MATOP_GET_DIAGONAL, reinterpret_cast<void (*)()>(get_diagonal));

  SNESCreate(fields.organ.communicator(), &solver);
  SNESSetOptionsPrefix(solver, "fields_");
  SNESSetType(solver, stage_equations.linear() ? SNESKSPONLY : SNESNEWTONLS);
  SNESSetFunction(solver, stage_equations.imbalance(), form_residual, this);
  SNESSetTolerances(solver, 1.0, 0.0, settings.newton_tolerance, static_cast<PetscInt>(settings.newton_iterations),
                    PETSC_MAX_INT);
  SNESSetConvergenceTest(solver, has_converged, this, nullptr);
  KSP krylov = nullptr;
  SNESGetKSP(solver, &krylov);
  system.configure(krylov, jacobian, !stage_equations.symmetric());
  choose_krylov_method(krylov);
  Mat of_operator = nullptr, of_preconditioner = nullptr;
  KSPGetOperators(krylov, &of_operator, &of_preconditioner);
  SNESSetJacobian(solver, of_operator, of_preconditioner, form_jacobian, this);
  if (!stage_equations.linear())
  {
    SNESKSPSetUseEW(solver, PETSC_TRUE);
    SNESKSPSetParametersEW(solver, 2, first_forcing, largest_forcing, forcing_factor, forcing_power, forcing_power,
                           forcing_threshold);
    // The scaled unknowns are large numbers: no step is too long by itself.
    SNESLineSearch search = nullptr;
    SNESGetLineSearch(solver, &search);
    SNESLineSearchSetTolerances(search, PETSC_DEFAULT, longest_step, PETSC_DEFAULT, PETSC_DEFAULT, PETSC_DEFAULT,
                                PETSC_DEFAULT);
  }
  SNESSetFromOptions(solver);
}

template <int dim>
double StageSolver<dim>::greatest_change()
{
  Vec change = nullptr;
  SNESGetSolutionUpdate(solver, &change);
  const unsigned int lanes = stage_equations.linear_system().lanes();
  std::vector<double> changes(lanes), values(lanes);
  VecStrideNormAll(change, NORM_INFINITY, changes.data());
  VecStrideNormAll(unknown, NORM_INFINITY, values.data());
  double relative = 0.0;
  for (unsigned int m = 0; m < stage_equations.n_mobile(); ++m)
    if (changes[m] > 0.0)
      relative = std::max(relative, changes[m] / std::max(values[m], std::numeric_limits<double>::min()));
  return relative;
}

template <int dim>
bool StageSolver<dim>::iterate(Outcome &outcome)
{
  KSP krylov = nullptr;
  SNESGetKSP(solver, &krylov);
  PetscInt before = 0, after = 0, newton = 0;
  KSPGetTotalIterations(krylov, &before);
  const PetscErrorCode error = SNESSolve(solver, nullptr, unknown);
  AssertThrow(error == 0, dealii::ExcMessage("PETSc could not solve for the fields; its message is above."));
  KSPGetTotalIterations(krylov, &after);
  SNESGetIterationNumber(solver, &newton);
  outcome.newton_iterations += static_cast<unsigned int>(newton);
  outcome.linear_iterations += static_cast<unsigned int>(after - before);
  SNESConvergedReason ending = SNES_CONVERGED_ITERATING;
  SNESGetConvergedReason(solver, &ending);
  if (ending > 0)
    return true;
  KSPConvergedReason linear_ending = KSP_CONVERGED_ITERATING;
  KSPGetConvergedReason(krylov, &linear_ending);
  outcome.fault = std::string("PETSc says ") + SNESConvergedReasons[ending] + " after " + std::to_string(newton) +
                  " Newton iterations, and " + KSPConvergedReasons[linear_ending] + " of the last linear solve";
  return false;
}

template <int dim>
typename StageSolver<dim>::Outcome StageSolver<dim>::solve(const Stage<dim> &stage)
{
  Outcome outcome;
  stage_equations.begin(stage, unknown);
  outcome.solved = stage_equations.n_mobile() == 0 || iterate(outcome);
  if (outcome.solved && stage_equations.tighten(stage, unknown))
    outcome.solved = iterate(outcome);
  if (outcome.solved && !stage_equations.finish(unknown))
  {
    outcome.solved = false;
    outcome.fault = "the equations of the immobile fields have no solution that Newton's method finds";
  }
  if (!outcome.solved)
    outcome.fault += "; worst is " + place_of(fields, stage_equations.culprit(unknown));
  stage_equations.end();
  return outcome;
}

template <int dim>
PetscErrorCode StageSolver<dim>::form_residual(SNES, Vec x, Vec f, void *self)
{
  static_cast<StageSolver *>(self)->stage_equations.residual(x, f);
  return 0;
}

template <int dim>
PetscErrorCode StageSolver<dim>::form_jacobian(SNES snes, Vec x, Mat of_operator, Mat of_preconditioner, void *self)
{
  // The last correction has done its part, the next one comes after this.
  Vec correction = nullptr;
  SNESGetSolutionUpdate(snes, &correction);
  static_cast<StageSolver *>(self)->stage_equations.linearise(x, correction);
  // Tells PETSc that the matrices behind the shells have changed.
  for (Mat matrix : {of_operator, of_preconditioner})
  {
    MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY);
    MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY);
  }
  return 0;
}

template <int dim>
PetscErrorCode StageSolver<dim>::has_converged(SNES, const PetscInt iteration, PetscReal, PetscReal,
                                               const PetscReal norm, SNESConvergedReason *reason, void *self)
{
  auto *solver = static_cast<StageSolver *>(self);
  *reason = SNES_CONVERGED_ITERATING;
  if (!std::isfinite(norm))
    *reason = SNES_DIVERGED_FNORM_NAN;
  else if (norm <= 1.0)
    *reason = SNES_CONVERGED_FNORM_ABS;
  else if (iteration > 0 && solver->greatest_change() <= solver->fields.parameters.solver.newton_tolerance)
    *reason = SNES_CONVERGED_SNORM_RELATIVE;
  return 0;
}

template <int dim>
PetscErrorCode StageSolver<dim>::multiply(Mat matrix, Vec x, Vec y)
{
  void *self = nullptr;
  MatShellGetContext(matrix, &self);
  static_cast<StageSolver *>(self)->stage_equations.multiply(x, y);
  return 0;
}

template <int dim>
PetscErrorCode StageSolver<dim>::get_diagonal(Mat matrix, Vec diagonal)
{
  void *self = nullptr;
  MatShellGetContext(matrix, &self);
  static_cast<StageSolver *>(self)->stage_equations.linear_system().get_diagonal(diagonal);
  return 0;
}

template class StageSolver<2>;
template class StageSolver<3>;
} // namespace nidus
