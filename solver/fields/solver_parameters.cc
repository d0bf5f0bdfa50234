#include "fields/solver_parameters.h"

#include "control/parameter_file.h"

namespace nidus
{
void declare_solver(dealii::ParameterHandler &handler, SolverParameters &solver)
{
  handler.enter_subsection("Field solver");
  bind(handler, "Linear tolerance", solver.linear_tolerance,
       "Residual of the linear solves relative to the right-hand side.", {"1"}, dealii::Patterns::Double(1e-14, 1e-3));
  bind(handler, "Newton tolerance", solver.newton_tolerance,
       "Last change of a field in a step, relative to its greatest value.", {"1"},
       dealii::Patterns::Double(1e-14, 1e-3));
  bind(handler, "Newton iterations", solver.newton_iterations, "Most iterations in a step.", {"none"},
       dealii::Patterns::Integer(1, 1000));
  handler.leave_subsection();
}
} // namespace nidus
