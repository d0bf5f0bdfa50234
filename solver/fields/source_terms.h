#pragma once

#include "fields/field_set.h"

#include <petscvec.h>

#include <vector>

namespace nidus
{
/**
 * What agents do to the fields, collected at the nodes; interlaced like the state.
 *
 * For field u at a node: source + filling (1 - u) - uptake u, in nM um^dim/min (um^dim/min for fractions).
 * Deposition writes into the local arrays (owned nodes, then ghosts); compress() sends ghost entries home.
 */
template <int dim>
class SourceTerms
{
public:
  enum Term : unsigned int
  {
    source,  ///< constant
    filling, ///< coefficient of (1 - u)
    uptake   ///< coefficient of -u
  };

  /// Holds the terms @p used, the same on all ranks; the others are zero and take no memory. Collective.
  explicit SourceTerms(const FieldSet<dim> &fields, const std::vector<Term> &used = {source, filling, uptake});
  ~SourceTerms();
  SourceTerms(const SourceTerms &) = delete;
  SourceTerms &operator=(const SourceTerms &) = delete;

  void clear();

  /// The arrays to add to, between begin_adding() and compress(): entry local_index * n_fields + s. Null
  /// for a term that is not used.
  void begin_adding();
  double *local(Term term) { return arrays[term]; }

  /// Collective: sums what other ranks added to nodes of this rank.
  void compress();

  /// Null for a term that is not used.
  Vec vector(Term term) const { return terms[term]; }

private:
  static constexpr unsigned int n_terms = 3;
  Vec terms[n_terms] = {nullptr, nullptr, nullptr};
  Vec local_forms[n_terms] = {nullptr, nullptr, nullptr};
  double *arrays[n_terms] = {nullptr, nullptr, nullptr};
};
} // namespace nidus
