#include "calibration/least_squares.h"

#include "calibration/matrix.h"
#include "calibration/natural_coordinates.h"
#include "control/input_error.h"
#include "control/shared_fault.h"

#include <petscmat.h>
#include <petsctao.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>

namespace nidus
{
namespace
{
/// Residuals of a member that failed over the worst ones.
constexpr double failed_is_worse = 10.0;

void check(const PetscErrorCode error, const char *what)
{
  if (error != 0)
    throw SharedFault(std::string("PETSc cannot ") + what + " (error " + std::to_string(error) + ").");
}

/// Residuals and their derivatives as functions of natural coordinates.
class Residuals
{
public:
  Residuals(const Prior &prior, const Target &target, const Ask &ask, const LeastSquaresMethod method,
            const double difference)
      : coordinates(prior), target(target), ask(ask), difference(difference),
        stage(method == LeastSquaresMethod::pounders ? "pounders" : "brgn")
  {
  }

  std::size_t n_data() const { return target.values.size(); }

  /// Residuals at each of @p points; empty for those that failed.
  std::vector<std::vector<double>> at(const std::vector<std::vector<double>> &points)
  {
    std::vector<Request> requests;
    requests.reserve(points.size());
    for (const auto &point : points)
      requests.push_back({coordinates.to_parameters(point), 0});
    const auto answers = ask(stage, requests);
    std::vector<std::vector<double>> all(points.size());
    for (std::size_t i = 0; i < points.size(); ++i)
    {
      ++n_members;
      n_failed += answers[i].failed ? 1 : 0;
      if (answers[i].failed)
        continue;
      all[i] = answers[i].mean();
      double sum = 0.0;
      for (std::size_t m = 0; m < n_data(); ++m)
      {
        all[i][m] = (all[i][m] - target.values[m]) / target.deviations[m];
        sum += all[i][m] * all[i][m];
      }
      worst = std::max(worst, std::sqrt(sum / static_cast<double>(n_data())));
    }
    return all;
  }

  const std::vector<double> &at(const std::vector<double> &point)
  {
    const auto known = seen.find(point);
    if (known != seen.end())
      return known->second;
    auto values = at(std::vector<std::vector<double>>{point}).front();
    if (values.empty())
      values.assign(n_data(), failed_is_worse * std::max(worst, 1.0));
    return seen[point] = values;
  }

  /// [datum][coordinate], from one batch: differences over both sides, or over the one that is within the bounds and
  /// has not failed; zero without any.
  Matrix slopes(const std::vector<double> &point)
  {
    const auto here = at(point);
    std::vector<std::vector<double>> points;
    for (std::size_t k = 0; k < point.size(); ++k)
      for (const double step : {-difference, difference})
      {
        points.push_back(point);
        points.back()[k] = std::clamp(point[k] + step, coordinates.lower(k), coordinates.upper(k));
      }
    const auto there = at(points);
    Matrix result(n_data(), point.size());
    for (std::size_t k = 0; k < point.size(); ++k)
    {
      const bool has_lower = !there[2 * k].empty(), has_upper = !there[2 * k + 1].empty();
      const auto &below = has_lower ? there[2 * k] : here, &above = has_upper ? there[2 * k + 1] : here;
      const double width = (has_upper ? points[2 * k + 1][k] : point[k]) - (has_lower ? points[2 * k][k] : point[k]);
      for (std::size_t m = 0; m < n_data() && width > 0.0; ++m)
        result(m, k) = (above[m] - below[m]) / width;
    }
    return result;
  }

  NaturalCoordinates coordinates;
  unsigned int n_members = 0, n_failed = 0;
  std::exception_ptr fault; ///< what was thrown below PETSc, which knows no exceptions

private:
  const Target &target;
  const Ask &ask;
  double difference, worst = 0.0;
  std::string stage;
  std::map<std::vector<double>, std::vector<double>> seen;
};

std::vector<double> numbers_of(Vec vector)
{
  PetscInt n = 0;
  const PetscScalar *values = nullptr;
  check(VecGetSize(vector, &n), "measure a vector");
  check(VecGetArrayRead(vector, &values), "read a vector");
  std::vector<double> numbers(values, values + n);
  check(VecRestoreArrayRead(vector, &values), "read a vector");
  return numbers;
}

void set(Vec vector, const std::vector<double> &numbers)
{
  PetscScalar *values = nullptr;
  check(VecGetArrayWrite(vector, &values), "write a vector");
  std::copy(numbers.begin(), numbers.end(), values);
  check(VecRestoreArrayWrite(vector, &values), "write a vector");
}

/// Executes @p action and keeps what it throws in @p residuals. False then and from then on: PETSc does not free what a
/// solver holds when one of its routines fails, so it is brought to its end by a function that is flat.
template <typename Action>
bool succeeds(Residuals &residuals, const Action &action)
{
  if (residuals.fault)
    return false;
  try
  {
    action();
  }
  catch (...)
  {
    residuals.fault = std::current_exception();
  }
  return !residuals.fault;
}

PetscErrorCode residual_routine(Tao, Vec point, Vec values, void *context)
{
  auto &residuals = *static_cast<Residuals *>(context);
  if (succeeds(residuals, [&] { set(values, residuals.at(numbers_of(point))); }))
    return 0;
  return VecSet(values, 1.0);
}

PetscErrorCode jacobian_routine(Tao, Vec point, Mat jacobian, Mat, void *context)
{
  auto &residuals = *static_cast<Residuals *>(context);
  Matrix slopes(residuals.n_data(), residuals.coordinates.size());
  succeeds(residuals, [&] { slopes = residuals.slopes(numbers_of(point)); });
  PetscErrorCode error = 0;
  for (std::size_t i = 0; i < slopes.rows && error == 0; ++i)
    for (std::size_t k = 0; k < slopes.columns && error == 0; ++k)
      error = MatSetValue(jacobian, static_cast<PetscInt>(i), static_cast<PetscInt>(k), slopes(i, k), INSERT_VALUES);
  if (error == 0)
    error = MatAssemblyBegin(jacobian, MAT_FINAL_ASSEMBLY);
  return error != 0 ? error : MatAssemblyEnd(jacobian, MAT_FINAL_ASSEMBLY);
}

/// The solver with its vectors, on this rank alone.
class Solver
{
public:
  Solver(Residuals &residuals, const LeastSquaresMethod method, const std::vector<double> &start,
         const LeastSquaresOptions &options)
  {
    const auto n = static_cast<PetscInt>(start.size()), n_data = static_cast<PetscInt>(residuals.n_data());
    for (Vec *vector : {&point, &lower, &upper})
      check(VecCreateSeq(PETSC_COMM_SELF, n, vector), "make a vector");
    check(VecCreateSeq(PETSC_COMM_SELF, n_data, &values), "make a vector");
    std::vector<double> low, high;
    for (std::size_t k = 0; k < start.size(); ++k)
    {
      low.push_back(residuals.coordinates.lower(k));
      high.push_back(residuals.coordinates.upper(k));
    }
    set(point, start);
    set(lower, low);
    set(upper, high);
    check(TaoCreate(PETSC_COMM_SELF, &tao), "make a solver");
    check(TaoSetOptionsPrefix(tao, "calibration_"), "name a solver");
    check(TaoSetResidualRoutine(tao, values, residual_routine, &residuals), "set the residuals");
    if (method == LeastSquaresMethod::gauss_newton)
    {
      check(TaoSetType(tao, TAOBRGN), "choose a solver");
      check(MatCreateSeqDense(PETSC_COMM_SELF, n_data, n, nullptr, &jacobian), "make a matrix");
      check(TaoSetJacobianResidualRoutine(tao, jacobian, jacobian, jacobian_routine, &residuals), "set the Jacobian");
      // Its own choice, a line search, gets stuck beside bounds.
      Tao inner = nullptr;
      check(TaoBRGNGetSubsolver(tao, &inner), "choose a solver");
      check(TaoSetType(inner, TAOBNTR), "choose a solver");
      // 3.18 has no function for it.
      check(PetscOptionsSetValue(nullptr, "-calibration_tao_brgn_regularization_type", "lm"), "set an option");
    }
    else
      check(TaoSetType(tao, TAOPOUNDERS), "choose a solver");
    check(TaoSetSolution(tao, point), "set the start");
    check(TaoSetVariableBounds(tao, lower, upper), "set bounds");
    check(TaoSetTolerances(tao, options.tolerance, 0.0, 0.0), "set tolerances");
    check(TaoSetMaximumFunctionEvaluations(tao, static_cast<PetscInt>(options.most_evaluations)), "set a limit");
    check(TaoSetMaximumIterations(tao, static_cast<PetscInt>(options.most_evaluations)), "set a limit");
    check(TaoSetFromOptions(tao), "read options");
  }
  ~Solver()
  {
    TaoDestroy(&tao);
    MatDestroy(&jacobian);
    for (Vec *vector : {&point, &lower, &upper, &values})
      VecDestroy(vector);
  }
  Solver(const Solver &) = delete;
  Solver &operator=(const Solver &) = delete;

  /// The best point.
  std::vector<double> solve(Residuals &residuals)
  {
    check(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr), "be quiet");
    const auto error = TaoSolve(tao);
    check(PetscPopErrorHandler(), "be loud");
    if (residuals.fault)
      std::rethrow_exception(residuals.fault);
    check(error, "find least squares");
    return numbers_of(point);
  }

  TaoConvergedReason reason() const
  {
    TaoConvergedReason found = TAO_CONTINUE_ITERATING;
    check(TaoGetConvergedReason(tao, &found), "say why it ended");
    return found;
  }

private:
  Tao tao = nullptr;
  Vec point = nullptr, lower = nullptr, upper = nullptr, values = nullptr;
  Mat jacobian = nullptr;
};

std::string text_of(const TaoConvergedReason reason)
{
  switch (reason)
  {
  case TAO_CONVERGED_GATOL:
  case TAO_CONVERGED_GRTOL:
  case TAO_CONVERGED_GTTOL:
    return "the gradient is small";
  case TAO_CONVERGED_STEPTOL:
    return "steps have become small";
  case TAO_DIVERGED_MAXITS:
  case TAO_DIVERGED_MAXFCN:
    return "the budget is spent";
  case TAO_DIVERGED_LS_FAILURE:
  case TAO_DIVERGED_TR_REDUCTION:
    return "no step makes it better, as for a rough function";
  default:
    return reason > 0 ? "converged" : "not converged";
  }
}

/// Of the parameters, by (J^T J)^-1 and their slopes along the coordinates.
std::vector<double> errors_at(Residuals &residuals, const Prior &prior, const std::vector<double> &point)
{
  const auto slopes = residuals.slopes(point);
  Matrix information(point.size(), point.size());
  for (std::size_t m = 0; m < slopes.rows; ++m)
    for (std::size_t k = 0; k < slopes.columns; ++k)
      for (std::size_t l = 0; l < slopes.columns; ++l)
        information(k, l) += slopes(m, k) * slopes(m, l);
  std::vector<double> errors(prior.n_parameters(), std::nan(""));
  const auto factor = Cholesky::of(information);
  if (!factor)
    return errors;
  const auto covariance = factor->inverse();
  constexpr double small = 1e-4;
  for (std::size_t k = 0; k < point.size(); ++k)
  {
    if (prior.is_of_group(k))
      continue;
    auto below = point, above = point;
    below[k] = std::max(point[k] - small, residuals.coordinates.lower(k));
    above[k] = std::min(point[k] + small, residuals.coordinates.upper(k));
    const std::size_t p = prior.parameter_of(k);
    const double change = residuals.coordinates.to_parameters(above)[p] - residuals.coordinates.to_parameters(below)[p];
    errors[p] = std::sqrt(covariance(k, k)) * change / (above[k] - below[k]);
  }
  return errors;
}
} // namespace

LeastSquaresResult least_squares(const Prior &prior, const Target &target, const Ask &ask,
                                 const LeastSquaresMethod method, const std::vector<double> &start,
                                 const LeastSquaresOptions &options)
{
  if (method == LeastSquaresMethod::pounders && options.most_evaluations < prior.n_coordinates() + 2)
    throw input_error("evaluations of POUNDERS", options.most_evaluations,
                      "at least " + std::to_string(prior.n_coordinates() + 2), "raise the budget");
  Residuals residuals(prior, target, ask, method, options.difference);
  auto first = residuals.coordinates.of_parameters(start);
  for (std::size_t k = 0; k < first.size(); ++k)
    first[k] = std::clamp(first[k], residuals.coordinates.lower(k), residuals.coordinates.upper(k));
  Solver solver(residuals, method, first, options);
  const auto best = solver.solve(residuals);
  LeastSquaresResult result;
  result.parameters = residuals.coordinates.to_parameters(best);
  const auto left = residuals.at(best);
  result.misfit = inner_product(left, left) / static_cast<double>(left.size());
  result.errors = errors_at(residuals, prior, best);
  result.n_members = residuals.n_members;
  result.n_failed = residuals.n_failed;
  result.converged = solver.reason() > 0;
  result.end = text_of(solver.reason());
  return result;
}
} // namespace nidus
