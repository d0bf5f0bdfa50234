#include "fields/assembled_system.h"

namespace nidus
{
template <int dim>
AssembledSystem<dim>::AssembledSystem(const FieldSet<dim> &fields) : fields(fields)
{
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
    if (fields.parameters.fields[s].mobile())
      diffusion.push_back(std::make_unique<DiffusionMatrix<dim>>(fields, s));
  if (diffusion.empty())
    return;
  for (Vec &vector : scalar)
    VecCreateMPI(fields.organ.communicator(), static_cast<PetscInt>(fields.n_owned_nodes()), PETSC_DETERMINE, &vector);
  diagonal = create_vector();
  work = create_vector();
}

template <int dim>
AssembledSystem<dim>::~AssembledSystem()
{
  for (Vec *vector : {&scalar[0], &scalar[1], &diagonal, &work})
    VecDestroy(vector);
}

template <int dim>
Vec AssembledSystem<dim>::create_vector() const
{
  Vec vector = nullptr;
  VecCreate(fields.organ.communicator(), &vector);
  VecSetSizes(vector, static_cast<PetscInt>(fields.n_owned_nodes() * lanes()), PETSC_DETERMINE);
  VecSetBlockSize(vector, static_cast<PetscInt>(lanes()));
  VecSetType(vector, VECMPI);
  VecSet(vector, 0.0);
  return vector;
}

template <int dim>
void AssembledSystem<dim>::apply_diffusion(Vec u, Vec y)
{
  for (unsigned int s = 0; s < lanes(); ++s)
  {
    VecStrideGather(u, static_cast<PetscInt>(s), scalar[0], INSERT_VALUES);
    MatMult(diffusion[s]->matrix(), scalar[0], scalar[1]);
    VecStrideScatter(scalar[1], static_cast<PetscInt>(s), y, INSERT_VALUES);
  }
}

template <int dim>
void AssembledSystem<dim>::set_diagonal(Vec c)
{
  VecCopy(c, diagonal);
}

template <int dim>
void AssembledSystem<dim>::apply(Vec u, Vec y)
{
  apply_diffusion(u, y);
  VecPointwiseMult(work, diagonal, u);
  VecAXPY(y, 1.0, work);
}

template <int dim>
void AssembledSystem<dim>::get_diagonal(Vec result)
{
  for (unsigned int s = 0; s < lanes(); ++s)
  {
    MatGetDiagonal(diffusion[s]->matrix(), scalar[0]);
    VecStrideScatter(scalar[0], static_cast<PetscInt>(s), result, INSERT_VALUES);
  }
  VecAXPY(result, 1.0, diagonal);
}

template <int dim>
void AssembledSystem<dim>::configure(KSP solver, Mat jacobian)
{
  KSPSetOperators(solver, jacobian, jacobian);
  KSPSetType(solver, KSPCG);
  PC preconditioner = nullptr;
  KSPGetPC(solver, &preconditioner);
  PCSetType(preconditioner, PCJACOBI);
}

template class AssembledSystem<2>;
template class AssembledSystem<3>;
} // namespace nidus
