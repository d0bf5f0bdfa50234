#pragma once

#include <petscksp.h>

namespace nidus
{
/**
 * Diffusion of all mobile fields at once, and what makes implicit steps with it fast.
 *
 * Its vectors hold lanes() values at each owned node, node-major: the mobile fields in the order of the file, then
 * unused lanes up to a width that suits the processor. Unused lanes, nodes without tissue and hanging nodes carry a one
 * on the diagonal and stay zero.
 */
class LinearSystem
{
public:
  virtual ~LinearSystem() = default;

  /// Values at each node; at least the number of mobile fields.
  virtual unsigned int lanes() const = 0;

  /// A zero vector of this layout (block size lanes(), no ghosts); the caller destroys it.
  virtual Vec create_vector() const = 0;

  /// y = K u with K_ij = integral of phi D grad phi_i . grad phi_j over the tissue, nM um^dim/min. Collective.
  virtual void apply_diffusion(Vec u, Vec y) = 0;

  /**
   * The diagonal c of the nodal terms, c >= 0, um^dim/min; very large values hold a node at its value. Entries of
   * unused rows are ignored. The vector is copied. A diagonal that is the last one again costs little. Collective.
   */
  virtual void set_diagonal(Vec c) = 0;

  /**
   * Forgets what was kept of earlier diagonals. Called where a run may be interrupted and taken up again, so that it
   * goes on bit for bit as it would have.
   */
  virtual void forget() = 0;

  /// y = (K + c) u. Collective.
  virtual void apply(Vec u, Vec y) = 0;

  /// The diagonal of K, without c.
  virtual void get_diffusion_diagonal(Vec diagonal) = 0;
  /// The diagonal of K + c.
  virtual void get_diagonal(Vec diagonal) = 0;

  /**
   * Gives @p solver the operator @p jacobian, a preconditioner for K + c and, unless @p coupled, a method of conjugate
   * gradients. The action of the operator is K + c, with further terms between the fields of a node when @p coupled.
   * Called once, before KSPSetFromOptions; set_diagonal() renews everything. Collective.
   */
  virtual void configure(KSP solver, Mat jacobian, bool coupled) = 0;
};
} // namespace nidus
