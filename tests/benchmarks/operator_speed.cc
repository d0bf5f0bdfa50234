#include "operator_speed.h"

#include "timing.h"

#include <deal.II/dofs/dof_tools.h>
#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/petsc_sparse_matrix.h>
#include <deal.II/lac/sparsity_tools.h>

namespace nidus::benchmark
{
namespace
{
/// A product with the matrix that finite-element programs assemble: 27 entries in a row. Its values do not matter.
double seconds_of_trilinear_elements(FieldProblem &problem, Vec u, Vec v, const unsigned int repeats)
{
  const auto &fields = *problem.fields;
  dealii::DynamicSparsityPattern pattern(fields.relevant);
  dealii::DoFTools::make_sparsity_pattern(fields.dof_handler, pattern, fields.constraints, false);
  dealii::SparsityTools::distribute_sparsity_pattern(pattern, fields.owned, MPI_COMM_WORLD, fields.relevant);
  dealii::PETScWrappers::MPI::SparseMatrix matrix;
  matrix.reinit(fields.owned, fields.owned, pattern, MPI_COMM_WORLD);
  matrix.compress(dealii::VectorOperation::insert);
  Mat assembled = matrix;
  return median_seconds(repeats, [&] { MatMult(assembled, u, v); });
}
} // namespace

OperatorSpeed measure_operator(FieldProblem &problem, const unsigned int repeats)
{
  auto &system = *problem.system;
  OperatorSpeed speed;
  Vec x = system.create_vector(), y = system.create_vector();
  VecSetRandom(x, nullptr);
  system.apply(x, y);
  speed.rows = median_seconds(repeats, [&] { system.apply(x, y); });

  // As many values as the fields have, whatever the number of lanes.
  const auto n = static_cast<std::size_t>(problem.fields->n_owned_nodes()) * problem.choice.n_fields;
  dealii::AlignedVector<double> d(n, 0.5), from(n, 1.0), to(n, 0.0);
  speed.bandwidth = median_seconds(repeats, [&] {
    const double *__restrict a = d.data(), *__restrict b = from.data();
    double *__restrict c = to.data();
    for (std::size_t i = 0; i < n; ++i)
      c[i] = a[i] * b[i];
    // Keeps the compiler from leaving the loop out.
    asm volatile("" : : "r"(c) : "memory");
  });
  VecDestroy(&x);
  VecDestroy(&y);

  Mat matrix = system.assemble(0);
  Vec u = nullptr, v = nullptr;
  MatCreateVecs(matrix, &u, &v);
  VecSet(u, 1.0);
  speed.same_aij = median_seconds(repeats, [&] { MatMult(matrix, u, v); }) * problem.choice.n_fields;
  speed.aij = seconds_of_trilinear_elements(problem, u, v, repeats) * problem.choice.n_fields;
  VecDestroy(&u);
  VecDestroy(&v);
  if (problem.choice.n_fields > 1)
  {
    Mat several = nullptr;
    MatCreateMAIJ(matrix, static_cast<PetscInt>(problem.choice.n_fields), &several);
    MatCreateVecs(several, &u, &v);
    VecSet(u, 1.0);
    speed.maij = median_seconds(repeats, [&] { MatMult(several, u, v); });
    VecDestroy(&u);
    VecDestroy(&v);
    MatDestroy(&several);
  }
  MatDestroy(&matrix);
  return speed;
}
} // namespace nidus::benchmark
