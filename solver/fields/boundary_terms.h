#pragma once

#include "control/expression.h"
#include "fields/field_set.h"

#include <vector>

namespace nidus
{
/**
 * What the conditions on the named boundaries add at the nodes at one time.
 *
 * For field u at a node: inflow - outflow_rate u, in nM um^dim/min (um^dim/min for fractions), or a fixed value. All
 * arrays are interlaced like the owned part of the state: entry node * n_fields + s; an array is empty when no
 * condition of its kind exists.
 *
 * Vertex quadrature on faces: a formula g adds g(node) times the node's share of the surface, so that terms are nodal
 * and a permeability can only be a loss on the diagonal. Hanging nodes hand their share to their masters. A value is
 * prescribed at nodes that are corners of boundary faces; a hanging node follows its masters.
 */
template <int dim>
class BoundaryTerms
{
public:
  /**
   * Finds the boundaries and evaluates the conditions at time zero. Throws InputError on all ranks for a boundary that
   * the mesh does not have, and for a formula whose value at a node is impossible. Collective.
   */
  explicit BoundaryTerms(const FieldSet<dim> &fields);

  /// Evaluates the conditions at @p time (min). Throws FieldFailure for a value that is not finite,
  /// and for a negative concentration or permeability. Collective.
  void update(double time);

  /// Flux conditions and the outside of Robin conditions: integral of g phi_i over the boundary.
  const std::vector<double> &inflow() const { return inflow_terms; }
  /// Robin conditions: integral of P phi_i over the boundary.
  const std::vector<double> &outflow_rate() const { return outflow_terms; }
  /// Whether the value at a node is prescribed; empty when there is no such condition.
  const std::vector<bool> &is_fixed() const { return fixed; }
  /// The prescribed values; empty when there is no such condition.
  const std::vector<double> &fixed_value() const { return values; }

private:
  /// Owned nodes of one boundary.
  struct Surface
  {
    std::vector<unsigned int> node;
    std::vector<dealii::Point<dim>> place;
    std::vector<double> share;  ///< integral of phi_i, um^(dim-1)
    std::vector<double> corner; ///< the same of faces that have the node as a corner; 0: only masters of hanging nodes
  };

  struct Condition
  {
    const BoundaryCondition *parameters;
    unsigned int field;
    std::size_t surface;
    std::vector<Expression> formulas; ///< what the kind reads: value | flux | permeability, value
  };

  /// A formula that gave an impossible value.
  struct Fault
  {
    std::vector<double> numbers; ///< condition, formula, place, value; empty: none
    std::string allowed;
  };

  Surface find_surface(unsigned int boundary) const;
  Condition make_condition(const BoundaryCondition &parameters, std::size_t surface) const;
  double evaluate(std::size_t condition, std::size_t formula, std::size_t at, double time, Fault &fault) const;
  Fault apply_all(double time);
  void apply(std::size_t condition, double time, Fault &fault);
  /// What is wrong, and with which formula; the same on all ranks. Null: nothing.
  const Expression *share(const Fault &fault, double time, std::string &text) const;

  const FieldSet<dim> &fields;
  std::vector<Surface> surfaces;
  std::vector<Condition> conditions;
  bool changes = false; ///< any formula depends on time
  std::vector<double> inflow_terms, outflow_terms, values, weights;
  std::vector<bool> fixed;
};
} // namespace nidus
