#pragma once

#include "field_problem.h"

namespace nidus::benchmark
{
/// Time of one product with the matrix of all fields, s, and of what it is measured against.
struct OperatorSpeed
{
  double rows = 0.0;      ///< this solver
  double aij = 0.0;       ///< PETSc AIJ with all couplings of trilinear elements, all fields one after the other
  double same_aij = 0.0;  ///< PETSc AIJ of the very matrix of this solver, which has few couplings, likewise
  double maij = 0.0;      ///< PETSc MAIJ of same_aij: one matrix for all fields; 0: one field only
  double bandwidth = 0.0; ///< y = d x on arrays of the same length: two streams read, one written
};

OperatorSpeed measure_operator(FieldProblem &problem, unsigned int repeats);
} // namespace nidus::benchmark
