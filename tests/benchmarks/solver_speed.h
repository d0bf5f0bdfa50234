#pragma once

#include "field_problem.h"

#include <string>

namespace nidus::benchmark
{
/// Solution of (K + c) x = b for all fields to a residual of 1e-8.
struct SolverSpeed
{
  unsigned int iterations = 0; ///< the most of any field
  double setup = 0.0;          ///< s, all fields
  double solve = 0.0;          ///< s, all fields
  double residual = 0.0;       ///< relative, the worst field
};

/// This solver. PETSc options with the prefix fields_ apply.
SolverSpeed measure_lanes(FieldProblem &problem, unsigned int repeats);

/// PETSc CG on the assembled matrix of each field with @p preconditioner: boomeramg | gamg.
SolverSpeed measure_assembled(FieldProblem &problem, const std::string &preconditioner);
} // namespace nidus::benchmark
