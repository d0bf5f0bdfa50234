#pragma once

#include "fields/boundary_terms.h"
#include "fields/field_set.h"
#include "fields/kinetics.h"
#include "fields/source_terms.h"

#include <petscvec.h>

#include <vector>

namespace nidus
{
/// One implicit stage, (u - base) / step = f(u): everything that acts on the fields in it.
template <int dim>
struct Stage
{
  double time;                        ///< min, at which f is taken
  double step;                        ///< min
  Vec base;                           ///< interlaced like the state
  const std::vector<double> &blood;   ///< level in the blood by field, nM
  const SourceTerms<dim> &sources;    ///< what agents do
  const BoundaryTerms<dim> &boundary; ///< at the time of the stage
  const std::vector<double> &decay;   ///< rate by field, 1/min, drugs included
};

/**
 * The equations of a stage at one node without diffusion: inertia, decay, vascular exchange, agents, reactions and
 * boundary terms; and the elimination of the immobile fields, which only meet their neighbours through mobile ones.
 *
 * Residuals are in nM um^dim/min, positive for what leaves. Arrays of a node hold n_fields values, matrices of a node
 * n_fields x n_fields row-major.
 */
template <int dim>
class NodalTerms
{
public:
  /// Borrows the arrays of @p stage, which must outlive this.
  NodalTerms(const FieldSet<dim> &fields, const Kinetics &kinetics, const Stage<dim> &stage);
  ~NodalTerms();
  NodalTerms(const NodalTerms &) = delete;
  NodalTerms &operator=(const NodalTerms &) = delete;

  /// The terms of one field at one node; their sum is the residual.
  struct Balance
  {
    double inertia, decay, exchange, uptake, filling, secretion, outflow, inflow;
  };
  Balance balance(unsigned int node, unsigned int s, double u) const;

  /// The part of the balance that does not depend on the state, in absolute value.
  double drive(unsigned int node, unsigned int s) const;

  /// Residual and its derivatives at values @p u.
  void evaluate(unsigned int node, const double *u, double *residual, double *jacobian);

  /**
   * Solves for the immobile fields of @p u and evaluates there. False when that has not converged or is not finite.
   */
  bool eliminate(unsigned int node, double *u, double *residual, double *jacobian);

  /// Derivatives of the mobile residuals by the mobile fields, the immobile ones following: the Schur complement of
  /// @p jacobian; n_mobile x n_mobile, row-major.
  void reduce(unsigned int node, const double *jacobian, double *block);

  bool has_fixed() const { return !stage.boundary.is_fixed().empty(); }
  bool is_fixed(const unsigned int node, const unsigned int s) const
  {
    return has_fixed() && stage.boundary.is_fixed()[index(node, s)];
  }
  double fixed_value(const unsigned int node, const unsigned int s) const
  {
    return stage.boundary.fixed_value()[index(node, s)];
  }

private:
  std::size_t index(const unsigned int node, const unsigned int s) const
  {
    return static_cast<std::size_t>(node) * n_fields + s;
  }
  double sink(unsigned int node, unsigned int s) const;

  static constexpr unsigned int n_vectors = 4;
  const FieldSet<dim> &fields;
  const Kinetics &kinetics;
  const Stage<dim> stage;
  const unsigned int n_fields;
  std::vector<unsigned int> mobile, immobile;
  Vec vectors[n_vectors];
  const double *base = nullptr, *source = nullptr, *filling = nullptr, *uptake = nullptr; ///< null: not used
  std::vector<double> matrix, right_hand_side; ///< of the immobile fields of a node
};
} // namespace nidus
