#include "fields/coarse_solver.h"

#include "fields/coarse_polynomial.h"

#include <cmath>

namespace nidus
{
namespace
{
constexpr PetscInt largest_direct = 4000;       ///< nodes: LU of the seven-point matrix takes some 20 ms
constexpr double largest_relative_change = 0.3; ///< before factors are renewed

/// What the polynomial leaves of the smoothest mode.
constexpr double polynomial_error = 0.2;
constexpr double beyond_estimate = 0.9; ///< Lanczos' method estimates from above
constexpr unsigned int lanczos_steps = 12;
/// A cycle of BoomerAMG for one field takes as long as so many steps of the polynomial for all fields.
constexpr unsigned int steps_for_cycle = 30;
} // namespace

template <int dim>
CoarseSolver<dim>::CoarseSolver(const MeshLevel<dim> &level, LevelRows<dim> &rows, const unsigned int n_fields,
                                const unsigned int lanes)
    : level(level), rows(rows), n_fields(n_fields), lanes(lanes), solvers(n_fields, nullptr)
{
  VecCreateMPI(level.communicator(), static_cast<PetscInt>(level.n_owned()), PETSC_DETERMINE, &right_hand_side);
  VecDuplicate(right_hand_side, &solution);
  PetscInt n_nodes = 0;
  VecGetSize(solution, &n_nodes);
  is_direct = n_nodes <= largest_direct;
  PetscBool asked_for = PETSC_FALSE;
  PetscOptionsHasName(nullptr, "fields_coarse_", "-pc_type", &asked_for);
  may_be_polynomial = !is_direct && asked_for == PETSC_FALSE;
}

template <int dim>
CoarseSolver<dim>::~CoarseSolver()
{
  for (auto &solver : solvers)
    KSPDestroy(&solver);
  VecDestroy(&right_hand_side);
  VecDestroy(&solution);
}

template <int dim>
void CoarseSolver<dim>::set_diagonal(const std::vector<double> &c)
{
  if (stiffness.empty())
  {
    stiffness.assign(c.size(), 0.0);
    rows.get_diagonal(stiffness.data());
  }
  // Whether they are kept or made again is the same to the last bit when the diagonal is.
  const bool differs = dealii::Utilities::MPI::logical_or(factored.empty() || c != factored, level.communicator());
  if (differs && (forgotten || must_renew(c)))
    choose(c);
  forgotten = false;
}

template <int dim>
void CoarseSolver<dim>::choose(const std::vector<double> &c)
{
  factored = c;
  degree = 0;
  if (may_be_polynomial)
  {
    smallest = beyond_estimate * estimate_smallest_eigenvalue(level, rows, n_fields, lanes, c, lanczos_steps);
    degree = chebyshev_degree(smallest, rows.largest_row_sum(), polynomial_error);
  }
  if (degree == 0 || degree > steps_for_cycle * n_fields)
  {
    degree = 0;
    factor(c);
  }
}

template <int dim>
bool CoarseSolver<dim>::must_renew(const std::vector<double> &c) const
{
  // Steep modes see c beside K_ii, smooth ones see its mean alone.
  double steep = factored.empty() ? 1.0 : 0.0;
  std::vector<double> sums(2 * n_fields, 0.0), total(2 * n_fields, 0.0);
  for (std::size_t i = 0; i < factored.size(); ++i)
  {
    const unsigned int s = static_cast<unsigned int>(i % lanes);
    const double change = std::abs(c[i] - factored[i]);
    steep = std::max(steep, change / (stiffness[i] + factored[i]));
    if (s < n_fields && stiffness[i] > 0.0)
    {
      sums[2 * s] += change;
      sums[2 * s + 1] += std::min(c[i], factored[i]);
    }
  }
  dealii::Utilities::MPI::sum(sums, level.communicator(), total);
  bool smooth = false;
  for (unsigned int s = 0; s < n_fields; ++s)
    smooth |= total[2 * s] > largest_relative_change * total[2 * s + 1];
  return smooth || dealii::Utilities::MPI::max(steep, level.communicator()) > largest_relative_change;
}

template <int dim>
void CoarseSolver<dim>::factor(const std::vector<double> &c)
{
  for (unsigned int s = 0; s < n_fields; ++s)
  {
    Mat matrix = rows.assemble(level, s, c);
    KSPDestroy(&solvers[s]);
    KSPCreate(level.communicator(), &solvers[s]);
    KSPSetOptionsPrefix(solvers[s], "fields_coarse_");
    KSPSetType(solvers[s], KSPPREONLY);
    KSPSetOperators(solvers[s], matrix, matrix);
    MatDestroy(&matrix);
    PC pc = nullptr;
    KSPGetPC(solvers[s], &pc);
    if (is_direct)
      PCSetType(pc, dealii::Utilities::MPI::n_mpi_processes(level.communicator()) == 1 ? PCLU : PCREDUNDANT);
    else
    {
      PCSetType(pc, PCHYPRE);
      PCHYPRESetType(pc, "boomeramg");
    }
    KSPSetFromOptions(solvers[s]);
    KSPSetUp(solvers[s]);
  }
}

template <int dim>
template <typename T>
void CoarseSolver<dim>::solve(const T *b, T *x)
{
  const std::size_t n = level.n_owned();
  for (unsigned int s = 0; s < lanes; ++s)
  {
    if (s >= n_fields)
    {
      for (std::size_t i = 0; i < n; ++i)
        x[i * lanes + s] = b[i * lanes + s];
      continue;
    }
    double *values = nullptr;
    VecGetArrayWrite(right_hand_side, &values);
    for (std::size_t i = 0; i < n; ++i)
      values[i] = b[i * lanes + s];
    VecRestoreArrayWrite(right_hand_side, &values);
    KSPSolve(solvers[s], right_hand_side, solution);
    const double *result = nullptr;
    VecGetArrayRead(solution, &result);
    for (std::size_t i = 0; i < n; ++i)
      x[i * lanes + s] = static_cast<T>(result[i]);
    VecRestoreArrayRead(solution, &result);
  }
}

template class CoarseSolver<2>;
template class CoarseSolver<3>;
template void CoarseSolver<2>::solve(const float *, float *);
template void CoarseSolver<3>::solve(const float *, float *);
template void CoarseSolver<2>::solve(const double *, double *);
template void CoarseSolver<3>::solve(const double *, double *);
} // namespace nidus
