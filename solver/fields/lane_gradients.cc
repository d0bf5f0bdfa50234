#include "fields/lane_gradients.h"

#include <petsc/private/kspimpl.h>

#include <array>
#include <cmath>

namespace nidus
{
namespace
{
constexpr const char *type_name = "lanes";

using Sums = std::array<double, largest_lanes>;

LaneOperations &operations_of(KSP solver)
{
  return *static_cast<LaneOperations *>(solver->data);
}

void sum_over_ranks(KSP solver, const unsigned int lanes, Sums &sums)
{
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(lanes), MPI_DOUBLE, MPI_SUM,
                PetscObjectComm(reinterpret_cast<PetscObject>(solver)));
}

/// Records the norm and asks PETSc's test; true when the iteration is over.
bool check(KSP solver, const PetscInt iteration, const Sums &squares)
{
  double sum = 0.0;
  for (const double square : squares)
    sum += square;
  solver->its = iteration;
  solver->rnorm = std::sqrt(sum);
  KSPLogResidualHistory(solver, solver->rnorm);
  KSPMonitor(solver, iteration, solver->rnorm);
  if (!std::isfinite(sum))
    solver->reason = KSP_DIVERGED_NANORINF;
  else
    (*solver->converged)(solver, iteration, solver->rnorm, &solver->reason, solver->cnvP);
  return solver->reason != KSP_CONVERGED_ITERATING;
}

PetscErrorCode set_up(KSP solver)
{
  return KSPSetWorkVecs(solver, 3);
}

PetscErrorCode solve(KSP solver)
{
  LaneOperations &operations = operations_of(solver);
  const GradientKernels &kernels = operations.gradient_kernels();
  const unsigned int lanes = operations.lanes();
  const std::size_t n = operations.n_nodes();
  double *x = nullptr, *r = nullptr, *p = nullptr, *q = nullptr;
  const double *b = nullptr;
  VecGetArray(solver->vec_sol, &x);
  VecGetArrayRead(solver->vec_rhs, &b);
  VecGetArray(solver->work[0], &r);
  VecGetArray(solver->work[1], &p);
  VecGetArray(solver->work[2], &q);

  Sums squares{}, alpha{}, beta{}, product{}, curvature{};
  if (solver->guess_zero)
  {
    std::fill_n(x, n * lanes, 0.0);
    std::fill_n(q, n * lanes, 0.0);
  }
  else
    operations.apply_and_dot(x, q, curvature.data());
  std::copy(b, b + n * lanes, r);
  alpha.fill(1.0);
  kernels.advance(n, alpha.data(), x, q, p, r, operations.preconditioner_input(), squares.data());
  std::fill_n(p, n * lanes, 0.0);
  sum_over_ranks(solver, lanes, squares);
  solver->reason = KSP_CONVERGED_ITERATING;
  PetscInt iteration = 0;
  while (!check(solver, iteration, squares))
  {
    if (iteration == solver->max_it)
    {
      solver->reason = KSP_DIVERGED_ITS;
      break;
    }
    const float *z = operations.precondition();
    const Sums before = product;
    product.fill(0.0);
    kernels.dot(n, r, z, product.data());
    sum_over_ranks(solver, lanes, product);
    for (unsigned int s = 0; s < lanes; ++s)
      beta[s] = before[s] > 0.0 ? product[s] / before[s] : 0.0;
    kernels.turn(n, beta.data(), z, p);
    curvature.fill(0.0);
    operations.apply_and_dot(p, q, curvature.data());
    sum_over_ranks(solver, lanes, curvature);
    for (unsigned int s = 0; s < lanes; ++s)
      alpha[s] = curvature[s] > 0.0 ? product[s] / curvature[s] : 0.0;
    squares.fill(0.0);
    kernels.advance(n, alpha.data(), p, q, x, r, operations.preconditioner_input(), squares.data());
    sum_over_ranks(solver, lanes, squares);
    ++iteration;
  }
  VecRestoreArray(solver->work[2], &q);
  VecRestoreArray(solver->work[1], &p);
  VecRestoreArray(solver->work[0], &r);
  VecRestoreArrayRead(solver->vec_rhs, &b);
  VecRestoreArray(solver->vec_sol, &x);
  return 0;
}

PetscErrorCode destroy(KSP)
{
  return 0;
}

PetscErrorCode create(KSP solver)
{
  KSPSetSupportedNorm(solver, KSP_NORM_UNPRECONDITIONED, PC_LEFT, 3);
  solver->ops->setup = set_up;
  solver->ops->solve = solve;
  solver->ops->destroy = destroy;
  solver->ops->buildsolution = KSPBuildSolutionDefault;
  solver->ops->buildresidual = KSPBuildResidualDefault;
  return 0;
}
} // namespace

void use_lane_gradients(KSP solver, LaneOperations &operations)
{
  static const bool registered = KSPRegister(type_name, create) == 0;
  (void)registered;
  KSPSetType(solver, type_name);
  solver->data = &operations;
}
} // namespace nidus
