#pragma once

#include <deal.II/base/parameter_handler.h>

namespace nidus
{
/// How the implicit steps of the fields are solved.
struct SolverParameters
{
  double linear_tolerance = 1e-10; ///< relative to the right-hand side
  double newton_tolerance = 1e-8;  ///< relative to the field's greatest value
  unsigned int newton_iterations = 20;
};

/// Declares the section "Field solver".
void declare_solver(dealii::ParameterHandler &handler, SolverParameters &solver);
} // namespace nidus
