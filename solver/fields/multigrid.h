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
  /// Takes the last diagonal over to the coarser levels; needed before cycle(). Collective.
  void renew_coarser_levels();

  /// What the coarsest level keeps does not outlast this, unless the next diagonal is the one that it was made for.
  void forget() { coarsest.forget(); }

  /// K_ii of the finest level, owned nodes times lanes, until anything else here is called.
  const float *finest_stiffness();

  /// The right-hand side of the finest level, to be filled before cycle() or jacobi().
  float *right_hand_side() { return levels.back().b.data(); }
  /// One V-cycle from zero; returns where the answer is. Collective.
  const float *cycle() { return cycle(n_levels() - 1); }
  /// Division by the diagonal of K + c instead.
  const float *jacobi();

  /// Largest ratio of K_ii to c_i on the finest level: how far the matrix is from diagonal.
  double stiffness_ratio() const { return ratio; }

  // The parts of the cycle in double precision, for PETSc's multigrid. Arrays: owned nodes of a level times lanes.
  MPI_Comm mpi_communicator() const { return communicator; }
  std::size_t n_values(unsigned int level) const { return levels[level].c.size(); }
  /// Bounds of the part of the spectrum of D^-1 (K + c) that the smoother damps.
  double largest_eigenvalue(unsigned int level) const { return levels[level].rows->largest_row_sum(); }
  double smallest_smoothed_eigenvalue(unsigned int level) const;
  /// y = (K + c) x.
  void apply(unsigned int level, const double *x, double *y);
  /// The diagonal of K + c.
  void get_diagonal(unsigned int level, double *diagonal) const;
  /// fine += interpolated coarse, from the level below @p level.
  void add_interpolated(unsigned int level, const double *coarse, double *fine);
  /// coarse = transposed interpolation of @p fine, to the level below @p level.
  void restrict_from(unsigned int level, const double *fine, double *coarse);
  void solve_coarsest(const double *b, double *x);

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
  /// Chebyshev's method for the part of the spectrum of D^-1 (K + c) from @p low on; from zero when @p from_zero.
  void smooth(Level &level, double low, unsigned int steps, bool from_zero);
  template <typename T, typename Kernel>
  void sweep(Level &level, const T *x, const Kernel &kernel);
  template <typename T>
  void restrict_values(const LevelKernels<T> &kernels, unsigned int level, const T *fine, T *coarse);
  template <typename T>
  void interpolate_values(const LevelKernels<T> &kernels, unsigned int level, const T *coarse, T *fine);

  MPI_Comm communicator;
  unsigned int lanes;
  const LevelKernels<float> &kernels;
  const LevelKernels<double> &double_kernels;
  std::vector<Level> levels;
  CoarseSolver<dim> coarsest;
  double ratio = 0.0;         ///< see stiffness_ratio()
  bool coarser_differ = true; ///< the coarser levels have not got the last diagonal
};
} // namespace nidus
