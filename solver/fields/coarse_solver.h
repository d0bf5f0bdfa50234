#pragma once

#include "fields/level_rows.h"
#include "fields/mesh_level.h"

#include <petscksp.h>

#include <vector>

namespace nidus
{
/**
 * Solves, or preconditions, K + c on the coarsest level: each lane as an assembled matrix of its own.
 *
 * Small levels by LU, larger ones by one cycle of BoomerAMG. Options prefix: fields_coarse_.
 */
template <int dim>
class CoarseSolver
{
public:
  /// @p n_fields lanes are in use; the others are copied.
  CoarseSolver(const MeshLevel<dim> &level, const LevelRows<dim> &rows, unsigned int n_fields, unsigned int lanes);
  ~CoarseSolver();
  CoarseSolver(const CoarseSolver &) = delete;
  CoarseSolver &operator=(const CoarseSolver &) = delete;

  /// A new nodal diagonal; the factors are kept while it differs little from the one that they were made for.
  void set_diagonal(const std::vector<double> &c);

  /// The next diagonal gets factors of its own.
  void forget() { factored.clear(); }

  /// x = approximately (K + c)^-1 b, owned nodes times lanes. Collective.
  template <typename T>
  void solve(const T *b, T *x);

private:
  bool must_renew(const std::vector<double> &c) const;
  void factor(const std::vector<double> &c);

  const MeshLevel<dim> &level;
  const LevelRows<dim> &rows;
  unsigned int n_fields, lanes;
  std::vector<KSP> solvers;
  std::vector<double> factored;  ///< the nodal diagonal of the last factors
  std::vector<double> stiffness; ///< the diagonal of K
  Vec right_hand_side = nullptr, solution = nullptr;
};
} // namespace nidus
