#pragma once

#include "fields/lane_kernels.h"

#include <petscksp.h>

namespace nidus
{
/// What the lane-wise method of conjugate gradients needs of a linear system. All arrays: owned nodes times lanes.
class LaneOperations
{
public:
  virtual ~LaneOperations() = default;

  virtual unsigned int lanes() const = 0;
  virtual std::size_t n_nodes() const = 0;
  virtual const GradientKernels &gradient_kernels() const = 0;

  /// q = A p and sum[lane] = p q over this rank. Collective.
  virtual void apply_and_dot(const double *p, double *q, double *sum) = 0;

  /// Where to put what precondition() is to work on.
  virtual float *preconditioner_input() = 0;
  /// The preconditioned input. Collective.
  virtual const float *precondition() = 0;
};

/**
 * Makes @p solver a method of conjugate gradients (Hestenes & Stiefel 1952) with one recurrence for each lane, in lock
 * step: the fields of a node do not meet in the matrix, so each may have its own step lengths. PETSc sees the solver
 * type "lanes", with its monitors, tolerances and convergence tests on the residual of all lanes together; its operator
 * must be that of @p operations, which must live as long.
 */
void use_lane_gradients(KSP solver, LaneOperations &operations);
} // namespace nidus
