#pragma once

#include "fields/multigrid.h"

#include <petscksp.h>

#include <memory>
#include <vector>

namespace nidus
{
/**
 * PETSc's PCMG on the levels of a Multigrid, in double precision: slower than its own cycle, but every part answers to
 * PETSc's options (fields_pc_mg_type, fields_mg_levels_ksp_type, ...).
 */
template <int dim>
class PetscMultigrid
{
public:
  /// Sets @p preconditioner up; @p multigrid must live as long. Collective.
  PetscMultigrid(PC preconditioner, Multigrid<dim> &multigrid);
  ~PetscMultigrid();
  PetscMultigrid(const PetscMultigrid &) = delete;
  PetscMultigrid &operator=(const PetscMultigrid &) = delete;

  /// After Multigrid::set_diagonal(): takes the new diagonal over. Collective.
  void renew();

private:
  struct Place
  {
    Multigrid<dim> *multigrid;
    unsigned int level;
  };

  Mat create_shell(Place &place, unsigned int row_level, unsigned int column_level) const;

  static PetscErrorCode apply_level(Mat, Vec x, Vec y);
  static PetscErrorCode level_diagonal(Mat, Vec d);
  static PetscErrorCode interpolate(Mat, Vec coarse, Vec fine);
  static PetscErrorCode interpolate_add(Mat, Vec coarse, Vec from, Vec fine);
  static PetscErrorCode restrict_to_coarser(Mat, Vec fine, Vec coarse);
  static PetscErrorCode solve_coarsest(PC, Vec b, Vec x);

  Multigrid<dim> &multigrid;
  std::vector<std::unique_ptr<Place>> places;
  std::vector<Mat> operators, interpolations;
};
} // namespace nidus
