#pragma once

#include <deal.II/base/parameter_handler.h>

#include <string>

namespace nidus
{
/// How the implicit steps of the fields are taken and solved.
struct SolverParameters
{
  double linear_tolerance = 1e-10; ///< relative to what drives a field
  double newton_tolerance = 1e-8;  ///< relative to the field's greatest value
  unsigned int newton_iterations = 20;
  std::string scheme = "backward Euler"; ///< backward Euler | SDIRK2
  std::string step_control = "fixed";    ///< fixed | error
  double smallest_step = 1e-4;           ///< min
  double largest_step = 1440.0;          ///< min
  double step_tolerance = 1e-3;          ///< relative to the field's greatest value

  double gauss_share = 0.0; ///< of Gauss quadrature in the diffusion, the rest is at the corners of cells
  std::string preconditioner = "automatic"; ///< automatic | multigrid | diagonal

  bool second_order() const { return scheme == "SDIRK2"; }
  bool controls_error() const { return step_control == "error"; }
};

/// Declares the section "Field solver".
void declare_solver(dealii::ParameterHandler &handler, SolverParameters &solver);

/// Throws InputError for values that contradict each other.
void check_solver(const SolverParameters &solver);
} // namespace nidus
