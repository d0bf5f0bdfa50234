#include "solver_speed.h"

#include "timing.h"

namespace nidus::benchmark
{
namespace
{
constexpr double tolerance = 1e-8;

PetscErrorCode multiply(Mat matrix, Vec x, Vec y)
{
  LinearSystem *system = nullptr;
  MatShellGetContext(matrix, &system);
  system->apply(x, y);
  return 0;
}

double worst_residual(FieldProblem &problem)
{
  auto &system = *problem.system;
  Vec r = system.create_vector();
  system.apply(problem.x, r);
  VecAXPY(r, -1.0, problem.b);
  std::vector<double> left(system.lanes()), all(system.lanes());
  VecStrideNormAll(r, NORM_2, left.data());
  VecStrideNormAll(problem.b, NORM_2, all.data());
  VecDestroy(&r);
  double worst = 0.0;
  for (unsigned int s = 0; s < problem.choice.n_fields; ++s)
    worst = std::max(worst, left[s] / all[s]);
  return worst;
}
} // namespace

SolverSpeed measure_lanes(FieldProblem &problem, const unsigned int repeats)
{
  auto &system = *problem.system;
  SolverSpeed speed;
  PetscInt n = 0;
  VecGetLocalSize(problem.x, &n);
  Mat shell = nullptr;
  MatCreateShell(MPI_COMM_WORLD, n, n, PETSC_DETERMINE, PETSC_DETERMINE, static_cast<LinearSystem *>(&system), &shell);
  MatShellSetOperation(shell, MATOP_MULT, reinterpret_cast<void (*)()>(multiply));
  MatSetBlockSize(shell, static_cast<PetscInt>(system.lanes()));
  KSP solver = nullptr;
  KSPCreate(MPI_COMM_WORLD, &solver);
  KSPSetOptionsPrefix(solver, "fields_");
  system.configure(solver, shell, false);
  KSPSetNormType(solver, KSP_NORM_UNPRECONDITIONED);
  KSPSetTolerances(solver, tolerance, 0.0, 1e10, 10000);
  KSPSetFromOptions(solver);
  KSPSetUp(solver);
  speed.setup = problem.seconds_step;
  speed.solve = median_seconds(repeats, [&] { KSPSolve(solver, problem.b, problem.x); });
  PetscInt iterations = 0;
  KSPGetIterationNumber(solver, &iterations);
  speed.iterations = static_cast<unsigned int>(iterations);
  speed.residual = worst_residual(problem);
  KSPDestroy(&solver);
  MatDestroy(&shell);
  return speed;
}

SolverSpeed measure_assembled(FieldProblem &problem, const std::string &preconditioner)
{
  SolverSpeed speed;
  VecSet(problem.x, 0.0);
  for (unsigned int s = 0; s < problem.choice.n_fields; ++s)
  {
    Mat matrix = problem.system->assemble(s);
    Vec b = nullptr, x = nullptr;
    MatCreateVecs(matrix, &x, &b);
    VecStrideGather(problem.b, static_cast<PetscInt>(s), b, INSERT_VALUES);
    KSP solver = nullptr;
    KSPCreate(MPI_COMM_WORLD, &solver);
    KSPSetOptionsPrefix(solver, (preconditioner + "_").c_str());
    KSPSetOperators(solver, matrix, matrix);
    KSPSetType(solver, KSPCG);
    KSPSetNormType(solver, KSP_NORM_UNPRECONDITIONED);
    KSPSetTolerances(solver, tolerance, 0.0, 1e10, 10000);
    PC pc = nullptr;
    KSPGetPC(solver, &pc);
    if (preconditioner == "boomeramg")
    {
      PCSetType(pc, PCHYPRE);
      PCHYPRESetType(pc, "boomeramg");
      // What hypre's manual advises for scalar problems in 3-D, instead of its defaults, which are slower.
      const std::pair<const char *, const char *> options[] = {
          {"coarsen_type", "HMIS"}, {"interp_type", "ext+i"}, {"P_max", "4"}, {"strong_threshold", "0.5"}};
      for (const auto &[name, value] : options)
        PetscOptionsSetValue(nullptr, (std::string("-boomeramg_pc_hypre_boomeramg_") + name).c_str(), value);
    }
    else
      PCSetType(pc, PCGAMG);
    KSPSetFromOptions(solver);
    const double start = now();
    KSPSetUp(solver);
    const double ready = now();
    KSPSolve(solver, b, x);
    speed.setup += ready - start;
    speed.solve += now() - ready;
    PetscInt iterations = 0;
    KSPGetIterationNumber(solver, &iterations);
    speed.iterations = std::max(speed.iterations, static_cast<unsigned int>(iterations));
    VecStrideScatter(x, static_cast<PetscInt>(s), problem.x, INSERT_VALUES);
    VecDestroy(&b);
    VecDestroy(&x);
    KSPDestroy(&solver);
    MatDestroy(&matrix);
  }
  speed.residual = worst_residual(problem);
  return speed;
}
} // namespace nidus::benchmark
