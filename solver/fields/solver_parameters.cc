#include "fields/solver_parameters.h"

#include "control/input_error.h"
#include "control/parameter_file.h"

namespace nidus
{
void declare_solver(dealii::ParameterHandler &handler, SolverParameters &solver)
{
  handler.enter_subsection("Field solver");
  bind(handler, "Linear tolerance", solver.linear_tolerance,
       "Residual of the linear solves relative to everything that drives the field in a step.", {"1"},
       dealii::Patterns::Double(1e-14, 1e-3));
  bind(handler, "Newton tolerance", solver.newton_tolerance,
       "Last change of a field in a step, relative to its greatest value.", {"1"},
       dealii::Patterns::Double(1e-14, 1e-3));
  bind(handler, "Newton iterations", solver.newton_iterations, "Most iterations in a step.", {"none"},
       dealii::Patterns::Integer(1, 1000));
  bind(handler, "Time scheme", solver.scheme,
       "backward Euler: first order, keeps concentrations positive; SDIRK2: second order, two stages per step, "
       "damps stiff parts as well, but may pass below zero where a field changes abruptly.",
       {"none"}, dealii::Patterns::Selection("backward Euler|SDIRK2"));
  bind(handler, "Step control", solver.step_control,
       "fixed: one step for each of Run/Field steps per macro step; error: as many as 'Step tolerance' needs.",
       {"none"}, dealii::Patterns::Selection("fixed|error"));
  bind(handler, "Smallest step", solver.smallest_step,
       "A step that cannot be solved is tried again with a quarter of its length, down to this one; error control goes "
       "no lower either and counts the steps that would have had to.",
       {"min"}, allowed::positive());
  bind(handler, "Largest step", solver.largest_step, "Longest step of error control.", {"min"}, allowed::positive());
  bind(handler, "Step tolerance", solver.step_tolerance,
       "For error control: estimated error of a field in a step, relative to its greatest value in the organ (at "
       "least 1e-9 of its unit).",
       {"1"}, dealii::Patterns::Double(1e-12, 1.0));
  bind(handler, "Gauss share", solver.gauss_share,
       "Part of the diffusion that is integrated by Gauss quadrature, the rest at the corners of cells. 0: few "
       "couplings, and no negative concentration with backward Euler on boxes.",
       {"1"}, dealii::Patterns::Double(0.0, 1.0));
  bind(handler, "Preconditioner", solver.preconditioner,
       "multigrid; diagonal: cheaper where steps are short; automatic: the diagonal while it dominates the matrix. "
       "PETSc options with the prefix fields_ override it.",
       {"none"}, dealii::Patterns::Selection("automatic|multigrid|diagonal"));
  handler.leave_subsection();
}

void check_solver(const SolverParameters &solver)
{
  if (solver.smallest_step > solver.largest_step)
    throw input_error("Field solver/Smallest step", solver.smallest_step, "at most Field solver/Largest step",
                      "lower it, or raise the largest step");
}
} // namespace nidus
