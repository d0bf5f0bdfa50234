#include "fields/assembled_system.h"

#include <stdexcept>

namespace nidus
{
template <int dim>
AssembledSystem<dim>::AssembledSystem(const FieldSet<dim> &fields) : fields(fields)
{
  VecCreateMPI(fields.organ.communicator(), static_cast<PetscInt>(fields.n_owned_nodes()), PETSC_DETERMINE, &scalar[0]);
  VecDuplicate(scalar[0], &scalar[1]);
  VecDuplicate(scalar[0], &scalar[2]);
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
    if (fields.parameters.fields[s].mobile())
    {
      MobileField field;
      field.index = s;
      field.diffusion = std::make_unique<DiffusionMatrix<dim>>(fields, s);
      MatDuplicate(field.diffusion->matrix(), MAT_COPY_VALUES, &field.system);
      create_solver(field);
      mobile.push_back(std::move(field));
    }
}

template <int dim>
AssembledSystem<dim>::~AssembledSystem()
{
  for (auto &field : mobile)
  {
    KSPDestroy(&field.solver);
    MatDestroy(&field.system);
  }
  for (auto &vector : scalar)
    VecDestroy(&vector);
}

template <int dim>
void AssembledSystem<dim>::create_solver(MobileField &field) const
{
  KSPCreate(fields.organ.communicator(), &field.solver);
  KSPSetOptionsPrefix(field.solver, "fields_");
  KSPSetType(field.solver, KSPCG);
  PC preconditioner = nullptr;
  KSPGetPC(field.solver, &preconditioner);
  PCSetType(preconditioner, PCJACOBI);
  // The residual itself is measured, so that the tolerance means the same for every preconditioner.
  KSPSetNormType(field.solver, KSP_NORM_UNPRECONDITIONED);
  KSPSetInitialGuessNonzero(field.solver, PETSC_TRUE);
  KSPSetFromOptions(field.solver);
}

template <int dim>
void AssembledSystem<dim>::apply_diffusion(Vec u, Vec y)
{
  VecSet(y, 0.0);
  for (const auto &field : mobile)
  {
    const auto s = static_cast<PetscInt>(field.index);
    VecStrideGather(u, s, scalar[0], INSERT_VALUES);
    MatMult(field.diffusion->matrix(), scalar[0], scalar[1]);
    VecStrideScatter(scalar[1], s, y, INSERT_VALUES);
  }
}

template <int dim>
unsigned int AssembledSystem<dim>::solve(Vec diagonal, Vec right_hand_side, Vec x, const std::vector<double> &tolerance)
{
  unsigned int iterations = 0;
  for (const auto &field : mobile)
  {
    const auto s = static_cast<PetscInt>(field.index);
    VecStrideGather(diagonal, s, scalar[0], INSERT_VALUES);
    MatCopy(field.diffusion->matrix(), field.system, SAME_NONZERO_PATTERN);
    MatDiagonalSet(field.system, scalar[0], ADD_VALUES);
    KSPSetOperators(field.solver, field.system, field.system);
    KSPSetTolerances(field.solver, 1e-50, tolerance[field.index], 1e10, 100000);
    VecStrideGather(right_hand_side, s, scalar[1], INSERT_VALUES);
    VecStrideGather(x, s, scalar[2], INSERT_VALUES);
    KSPSolve(field.solver, scalar[1], scalar[2]);
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    KSPGetConvergedReason(field.solver, &reason);
    if (reason < 0)
      throw std::runtime_error("the linear solve of field '" + fields.parameters.fields[field.index].name +
                               "' failed (PETSc reason " + std::to_string(reason) + ")");
    PetscInt count = 0;
    KSPGetIterationNumber(field.solver, &count);
    iterations += static_cast<unsigned int>(count);
    VecStrideScatter(scalar[2], s, x, INSERT_VALUES);
  }
  return iterations;
}

template class AssembledSystem<2>;
template class AssembledSystem<3>;
} // namespace nidus
