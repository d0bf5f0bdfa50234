#pragma once

#include "fields/field_set.h"
#include "fields/lane_gradients.h"
#include "fields/linear_system.h"
#include "fields/multigrid.h"
#include "fields/petsc_multigrid.h"

#include <memory>
#include <vector>

namespace nidus
{
/**
 * All mobile fields as lanes of one row operator, preconditioned by multigrid over the octree levels of the mesh, or by
 * the diagonal where the step is so small that this is cheaper.
 *
 * The default solver is the method of conjugate gradients with one recurrence for each lane ("lanes", registered with
 * PETSc). Other solvers can be asked for with the prefix fields_; the preconditioner "mg" is PETSc's own multigrid on
 * the same levels, and any other one gets the matrix assembled.
 */
template <int dim>
class MultigridSystem : public LinearSystem, public LaneOperations
{
public:
  /// Builds the levels. Throws InputError for more mobile fields than largest_lanes. Collective.
  explicit MultigridSystem(const FieldSet<dim> &fields);
  ~MultigridSystem() override;

  unsigned int lanes() const override { return n_lanes; } // of both bases
  Vec create_vector() const override;
  void apply_diffusion(Vec u, Vec y) override;
  void set_diagonal(Vec c) override;
  void forget() override { cycle->forget(); }
  void apply(Vec u, Vec y) override;
  void get_diffusion_diagonal(Vec diagonal) override;
  void get_diagonal(Vec diagonal) override;
  void configure(KSP solver, Mat jacobian, bool coupled) override;

  /// K + c of one lane as a PETSc AIJ matrix, which the caller destroys. Collective.
  Mat assemble(unsigned int lane) const;

  const Multigrid<dim> &multigrid() const { return *cycle; }
  /// Whether the diagonal alone preconditions at present.
  bool diagonal_suffices() const { return use_jacobi; }
  std::size_t n_positive_rows() const;
  std::size_t bytes() const;

private:
  std::size_t n_nodes() const override { return fields.n_owned_nodes(); }
  const GradientKernels &gradient_kernels() const override { return kernels.gradients; }
  void apply_and_dot(const double *p, double *q, double *sum) override;
  float *preconditioner_input() override { return cycle->right_hand_side(); }
  const float *precondition() override { return use_jacobi ? cycle->jacobi() : cycle->cycle(); }

  void build_levels();
  void renew_matrix();
  void sweep(const double *c, const double *x, double *y);
  static PetscErrorCode precondition(PC preconditioner, Vec r, Vec z);

  const FieldSet<dim> &fields;
  std::vector<unsigned int> mobile;
  unsigned int n_lanes;
  const LaneKernels &kernels;
  std::vector<std::unique_ptr<MeshLevel<dim>>> levels;
  std::vector<std::unique_ptr<LevelRows<dim>>> rows;
  std::unique_ptr<Multigrid<dim>> cycle;
  std::unique_ptr<PetscMultigrid<dim>> petsc_cycle; ///< if asked for
  Mat matrix = nullptr; ///< all lanes assembled, if a preconditioner is asked for that needs it
  dealii::AlignedVector<double> nodal;
  bool use_jacobi = false;
};
} // namespace nidus
