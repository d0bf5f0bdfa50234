#pragma once

#include "fields/field_parameters.h"

#include <vector>

namespace nidus
{
/// The reactions among fields at one point.
class Kinetics
{
public:
  /// The reactions of @p parameters, which are resolved.
  explicit Kinetics(const FieldsParameters &parameters);

  bool empty() const { return reactions.empty(); }
  /// Whether all rates are linear in the fields.
  bool linear() const { return is_linear; }
  /// Whether a field may speed up its own production.
  bool grows() const { return has_growth; }
  /// Whether the rate of field @p s depends on field @p t.
  bool depends(unsigned int s, unsigned int t) const { return dependence[s * n_fields + t]; }

  /// From now on the 'Rate' of each reaction is the one of the parameters times its factor; empty: times one.
  void scale_rates(const std::vector<double> &factors);

  /**
   * Adds to @p rate (n_fields) the production of each field at values @p u, in its unit per minute and per volume of
   * the field, and to @p jacobian (n_fields x n_fields, row-major) its derivatives.
   */
  void add(const double *u, double *rate, double *jacobian) const;

private:
  struct Reaction
  {
    const ReactionLaw *law;
    std::array<int, n_roles> field;
    Coefficients coefficients;
    double rate; ///< of the parameters
  };

  unsigned int n_fields;
  std::vector<Reaction> reactions;
  std::vector<bool> dependence;
  bool is_linear = true, has_growth = false;
};
} // namespace nidus
