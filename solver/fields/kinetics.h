#pragma once

#include "fields/field_parameters.h"

#include <vector>

namespace nidus
{
/// The reactions among fields at one point, from the catalogue of the file.
class Kinetics
{
public:
  explicit Kinetics(const FieldsParameters &parameters);

  bool empty() const { return reactions.empty(); }

  /**
   * Adds to @p rate (n_fields) the production of each field at values @p u, in its unit per minute and per volume of
   * the field, and to @p jacobian (n_fields x n_fields, row-major) its derivatives.
   */
  void add(const double *u, double *rate, double *jacobian) const;

private:
  struct Reaction
  {
    bool binding;
    int substrate, partner;
    double on, off, sites;
  };

  unsigned int n_fields;
  std::vector<Reaction> reactions;
};
} // namespace nidus
