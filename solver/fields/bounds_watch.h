#pragma once

#include "fields/field_set.h"

#include <string>
#include <vector>

namespace nidus
{
/// Notices fields that leave the bounds that the file gives them. Values are reported, never changed.
template <int dim>
class BoundsWatch
{
public:
  explicit BoundsWatch(const FieldSet<dim> &fields);

  /// Looks at the state, which is that at @p time (min). Collective.
  void observe(double time);

  /// For each bound that was crossed since the last call one line with the worst value, its place and time. The same on
  /// all ranks.
  std::vector<std::string> take();

private:
  struct Bound
  {
    unsigned int field;
    bool upper;
    double limit;
    double excess = 0.0; ///< the greatest since the last report; 0: none
    std::string report;
  };

  /// The excess of the worst owned node over @p bound, and that node.
  std::pair<double, unsigned int> worst(const Bound &bound, const double *state) const;
  void note(Bound &bound, double excess, std::pair<double, unsigned int> here, double time) const;

  const FieldSet<dim> &fields;
  std::vector<Bound> bounds;
};
} // namespace nidus
