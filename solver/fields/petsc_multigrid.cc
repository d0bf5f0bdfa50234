#include "fields/petsc_multigrid.h"

namespace nidus
{
namespace
{
/// The array of a vector while it lives.
class Values
{
public:
  explicit Values(Vec vector) : vector(vector) { VecGetArray(vector, &array); }
  ~Values() { VecRestoreArray(vector, &array); }
  Values(const Values &) = delete;
  Values &operator=(const Values &) = delete;
  double *data() const { return array; }

private:
  Vec vector;
  double *array = nullptr;
};

class ReadValues
{
public:
  explicit ReadValues(Vec vector) : vector(vector) { VecGetArrayRead(vector, &array); }
  ~ReadValues() { VecRestoreArrayRead(vector, &array); }
  ReadValues(const ReadValues &) = delete;
  ReadValues &operator=(const ReadValues &) = delete;
  const double *data() const { return array; }

private:
  Vec vector;
  const double *array = nullptr;
};

using Function = void (*)();
} // namespace

template <int dim>
PetscMultigrid<dim>::PetscMultigrid(PC preconditioner, Multigrid<dim> &multigrid) : multigrid(multigrid)
{
  const auto n_levels = static_cast<PetscInt>(multigrid.n_levels());
  PCSetType(preconditioner, PCMG);
  PCMGSetLevels(preconditioner, n_levels, nullptr);
  PCMGSetGalerkin(preconditioner, PC_MG_GALERKIN_NONE);
  for (PetscInt l = 0; l < n_levels; ++l)
  {
    places.push_back(std::make_unique<Place>(Place{&multigrid, static_cast<unsigned int>(l)}));
    auto &place = *places.back();
    operators.push_back(create_shell(place, place.level, place.level));
    MatShellSetOperation(operators.back(), MATOP_MULT, reinterpret_cast<Function>(apply_level));
    MatShellSetOperation(operators.back(), MATOP_GET_DIAGONAL, reinterpret_cast<Function>(level_diagonal));
    KSP smoother = nullptr;
    PC inner = nullptr;
    if (l == 0)
    {
      PCMGGetCoarseSolve(preconditioner, &smoother);
      KSPSetOperators(smoother, operators.back(), operators.back());
      KSPSetType(smoother, KSPPREONLY);
      KSPGetPC(smoother, &inner);
      PCSetType(inner, PCSHELL);
      PCShellSetContext(inner, &multigrid);
      PCShellSetApply(inner, solve_coarsest);
      continue;
    }
    PCMGGetSmoother(preconditioner, l, &smoother);
    KSPSetOperators(smoother, operators.back(), operators.back());
    KSPSetType(smoother, KSPCHEBYSHEV);
    KSPChebyshevSetEigenvalues(smoother, multigrid.largest_eigenvalue(place.level),
                               multigrid.smallest_smoothed_eigenvalue(place.level));
    KSPSetTolerances(smoother, 0.0, 0.0, PETSC_DEFAULT, static_cast<PetscInt>(multigrid.smoothing_steps));
    KSPSetNormType(smoother, KSP_NORM_NONE);
    KSPGetPC(smoother, &inner);
    PCSetType(inner, PCJACOBI);
    Mat interpolation = create_shell(place, place.level, place.level - 1);
    MatShellSetOperation(interpolation, MATOP_MULT, reinterpret_cast<Function>(interpolate));
    MatShellSetOperation(interpolation, MATOP_MULT_ADD, reinterpret_cast<Function>(interpolate_add));
    MatShellSetOperation(interpolation, MATOP_MULT_TRANSPOSE, reinterpret_cast<Function>(restrict_to_coarser));
    PCMGSetInterpolation(preconditioner, l, interpolation);
    interpolations.push_back(interpolation);
  }
}

template <int dim>
PetscMultigrid<dim>::~PetscMultigrid()
{
  for (auto *matrices : {&operators, &interpolations})
    for (auto &matrix : *matrices)
      MatDestroy(&matrix);
}

template <int dim>
Mat PetscMultigrid<dim>::create_shell(Place &place, const unsigned int row_level, const unsigned int column_level) const
{
  Mat shell = nullptr;
  MatCreateShell(multigrid.mpi_communicator(), static_cast<PetscInt>(multigrid.n_values(row_level)),
                 static_cast<PetscInt>(multigrid.n_values(column_level)), PETSC_DETERMINE, PETSC_DETERMINE, &place,
                 &shell);
  return shell;
}

template <int dim>
void PetscMultigrid<dim>::renew()
{
  for (Mat matrix : operators)
  {
    MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY);
    MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY);
  }
}

template <int dim>
PetscErrorCode PetscMultigrid<dim>::apply_level(Mat matrix, Vec x, Vec y)
{
  Place *place = nullptr;
  MatShellGetContext(matrix, &place);
  place->multigrid->apply(place->level, ReadValues(x).data(), Values(y).data());
  return 0;
}

template <int dim>
PetscErrorCode PetscMultigrid<dim>::level_diagonal(Mat matrix, Vec d)
{
  Place *place = nullptr;
  MatShellGetContext(matrix, &place);
  place->multigrid->get_diagonal(place->level, Values(d).data());
  return 0;
}

template <int dim>
PetscErrorCode PetscMultigrid<dim>::interpolate(Mat matrix, Vec coarse, Vec fine)
{
  VecSet(fine, 0.0);
  return interpolate_add(matrix, coarse, fine, fine);
}

template <int dim>
PetscErrorCode PetscMultigrid<dim>::interpolate_add(Mat matrix, Vec coarse, Vec from, Vec fine)
{
  Place *place = nullptr;
  MatShellGetContext(matrix, &place);
  if (from != fine)
    VecCopy(from, fine);
  place->multigrid->add_interpolated(place->level, ReadValues(coarse).data(), Values(fine).data());
  return 0;
}

template <int dim>
PetscErrorCode PetscMultigrid<dim>::restrict_to_coarser(Mat matrix, Vec fine, Vec coarse)
{
  Place *place = nullptr;
  MatShellGetContext(matrix, &place);
  place->multigrid->restrict_from(place->level, ReadValues(fine).data(), Values(coarse).data());
  return 0;
}

template <int dim>
PetscErrorCode PetscMultigrid<dim>::solve_coarsest(PC preconditioner, Vec b, Vec x)
{
  Multigrid<dim> *multigrid = nullptr;
  PCShellGetContext(preconditioner, &multigrid);
  multigrid->solve_coarsest(ReadValues(b).data(), Values(x).data());
  return 0;
}

template class PetscMultigrid<2>;
template class PetscMultigrid<3>;
} // namespace nidus
