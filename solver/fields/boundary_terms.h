#pragma once

#include "fields/field_set.h"

#include <vector>

namespace nidus
{
/**
 * What the conditions on the named boundaries add at the nodes at one time.
 *
 * For field u at a node: inflow - outflow_rate u, in nM um^dim/min, or a fixed value. All arrays are interlaced like
 * the owned part of the state: entry node * n_fields + s.
 */
template <int dim>
class BoundaryTerms
{
public:
  explicit BoundaryTerms(const FieldSet<dim> &fields);

  /// Evaluates the conditions at @p time (min). Throws std::runtime_error for a value that is not finite. Collective.
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
  std::vector<double> inflow_terms, outflow_terms, values;
  std::vector<bool> fixed;
};
} // namespace nidus
