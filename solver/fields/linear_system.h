#pragma once

#include <petscvec.h>

#include <vector>

namespace nidus
{
/**
 * The linear algebra behind an implicit step of all fields: the seam where a faster kernel is put in.
 *
 * All vectors are interlaced like the state of a FieldSet.
 */
class LinearSystem
{
public:
  virtual ~LinearSystem() = default;

  /// y = K u, the diffusion of every field; zero for immobile fields. Collective.
  virtual void apply_diffusion(Vec u, Vec y) = 0;

  /**
   * Solves (K + diagonal) x = right_hand_side for the mobile fields; x is the starting guess and the answer, and stays
   * as it is for immobile fields. The residual of field s ends below tolerance[s] (Euclidean norm). Collective.
   * Returns the number of iterations, of all fields together. Throws std::runtime_error when a solve diverges.
   */
  virtual unsigned int solve(Vec diagonal, Vec right_hand_side, Vec x, const std::vector<double> &tolerance) = 0;
};
} // namespace nidus
