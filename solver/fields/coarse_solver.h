#pragma once

#include "fields/level_rows.h"
#include "fields/mesh_level.h"

#include <petscksp.h>

#include <vector>

namespace nidus
{
/**
 * Solves, or preconditions, K + c on the coarsest level.
 *
 * Small levels by LU, each lane as an assembled matrix of its own. Larger ones by a Chebyshev polynomial of D^-1 (K +
 * c) of fixed degree, which the level itself can work off, or by one cycle of BoomerAMG for each lane, whichever is
 * cheaper. A polynomial that is too short for the smallest eigenvalues leaves more of their modes; it stays positive,
 * for the largest eigenvalue is a bound. The option -fields_coarse_pc_type asks for assembled matrices and what is to
 * be done with them (prefix fields_coarse_).
 */
template <int dim>
class CoarseSolver
{
public:
  /// @p n_fields lanes are in use; the others are copied.
  CoarseSolver(const MeshLevel<dim> &level, LevelRows<dim> &rows, unsigned int n_fields, unsigned int lanes);
  ~CoarseSolver();
  CoarseSolver(const CoarseSolver &) = delete;
  CoarseSolver &operator=(const CoarseSolver &) = delete;

  /// A new nodal diagonal; what was made for an earlier one is kept while they differ little. Collective.
  void set_diagonal(const std::vector<double> &c);

  /// What was made for an earlier diagonal is not used for another one from now on.
  void forget() { forgotten = true; }

  /// Degree of the polynomial of D^-1 (K + c) on [smallest_eigenvalue(), largest row sum] that is to be taken in the
  /// place of solve(); zero: solve() it is.
  unsigned int polynomial_degree() const { return degree; }
  double smallest_eigenvalue() const { return smallest; }

  /// x = approximately (K + c)^-1 b, owned nodes times lanes. Collective.
  template <typename T>
  void solve(const T *b, T *x);

private:
  bool must_renew(const std::vector<double> &c) const;
  void choose(const std::vector<double> &c);
  void factor(const std::vector<double> &c);

  const MeshLevel<dim> &level;
  LevelRows<dim> &rows;
  unsigned int n_fields, lanes;
  std::vector<KSP> solvers;
  bool is_direct, may_be_polynomial;
  bool forgotten = true;
  unsigned int degree = 0;
  double smallest = 0.0;
  std::vector<double> factored;  ///< the nodal diagonal that the last factors or the polynomial were made for
  std::vector<double> stiffness; ///< the diagonal of K
  Vec right_hand_side = nullptr, solution = nullptr;
};
} // namespace nidus
