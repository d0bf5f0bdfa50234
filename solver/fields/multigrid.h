#pragma once

#include "fields/coarse_solver.h"
#include "fields/level_rows.h"
#include "fields/mesh_level.h"
#include "organ/mesh_hierarchy.h"

#include <memory>
#include <vector>

namespace nidus
{
/**
 * A V-cycle for K + c, all fields of a node together, in single precision: a preconditioner needs no more.
 *
 * Each level has its own rows (regions that share a coarse cell are averaged); Chebyshev's method with the diagonal
 * smooths, one sweep over the rows for each step; the coarsest level has CoarseSolver. The nodal diagonal c of a
 * coarser level is the sum of that of the finer one, weighted by interpolation, so a change of the step costs a few
 * sweeps.
 */
template <int dim>
class Multigrid
{
public:
  /// Levels, finest last. The finest rows are shared with the operator. Collective.
  Multigrid(std::vector<std::unique_ptr<MeshLevel<dim>>> &levels, std::vector<std::unique_ptr<LevelRows<dim>>> &rows,
            unsigned int n_fields, unsigned int lanes);

  unsigned int n_levels() const { return static_cast<unsigned int>(levels.size()); }

  /// Nodal diagonal of the finest level, owned nodes times lanes. Collective.
  void set_diagonal(const double *c);

  /// The right-hand side of the finest level, to be filled before cycle() or jacobi().
  float *right_hand_side() { return levels.back().b.data(); }
  /// One V-cycle from zero; returns where the answer is. Collective.
  const float *cycle() { return cycle(n_levels() - 1); }
  /// Division by the diagonal of K + c instead.
  const float *jacobi();

  /// Largest ratio of K_ii to c_i on the finest level: how far the matrix is from diagonal. Collective.
  double stiffness_ratio() const;

  /// Steps of the smoother before and after the correction.
  unsigned int smoothing_steps = 2;

  std::size_t bytes() const;

private:
  struct Level
  {
    MeshLevel<dim> *mesh;
    LevelRows<dim> *rows;
    dealii::AlignedVector<float> c, b, x, y;
  };

  const float *cycle(unsigned int level);
  template <typename Kernel>
  void sweep(Level &level, const float *x, const Kernel &kernel);
  void restrict_to_coarser(unsigned int level, const float *fine, float *coarse);
  void add_correction(unsigned int level, const float *coarse, float *fine);

  MPI_Comm communicator;
  unsigned int lanes;
  const LevelKernels<float> &kernels;
  std::vector<Level> levels;
  CoarseSolver<dim> coarsest;
};
} // namespace nidus
