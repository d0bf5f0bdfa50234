#pragma once

#include "calibration/ask.h"
#include "calibration/prior.h"

#include <string>
#include <vector>

namespace nidus
{
enum class LeastSquaresMethod
{
  pounders, ///< no derivatives: quadratic models of all residuals (Wild 2017, in Advances and Trends in Optimization)
  gauss_newton ///< BRGN with Levenberg-Marquardt damping; derivatives by differences to both sides, a batch of members
               ///< for each
};

struct LeastSquaresOptions
{
  unsigned int most_evaluations = 200; ///< of residuals; derivatives of gauss_newton come on top
  double difference = 1e-3;            ///< step for derivatives, in natural coordinates, whose prior has variance one
  double tolerance =
      1e-3; ///< of the gradient of half the sum of squares in natural coordinates; 1 is an error bar or more
};

struct LeastSquaresResult
{
  std::vector<double> parameters;
  /// Standard errors from the Jacobian at the end, linear, without the prior, [parameter]; not a number when the data
  /// do not tell, and for members of Dirichlet groups.
  std::vector<double> errors;
  double misfit = 0.0; ///< mean square of (data - model) / deviation
  unsigned int n_members = 0, n_failed = 0;
  bool converged = false;
  std::string end; ///< why it ended
};

/**
 * The parameters with the least sum of squares of (data - model) / deviation within the range of the prior, by PETSc
 * TAO, from @p start (parameters). All members have the same random numbers, so residuals are a function of the
 * parameters; a model with events that come and go with them is rough nonetheless. A member that fails has residuals
 * ten times as large as the worst ones; for a derivative the step to the other side does.
 */
LeastSquaresResult least_squares(const Prior &prior, const Target &target, const Ask &ask, LeastSquaresMethod method,
                                 const std::vector<double> &start, const LeastSquaresOptions &options);
} // namespace nidus
