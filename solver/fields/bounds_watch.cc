#include "fields/bounds_watch.h"

#include <cmath>
#include <sstream>

namespace nidus
{
template <int dim>
BoundsWatch<dim>::BoundsWatch(const FieldSet<dim> &fields) : fields(fields)
{
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
  {
    const auto &field = fields.parameters.fields[s];
    if (std::isfinite(field.lower))
      bounds.push_back({s, false, field.lower, 0.0, ""});
    if (std::isfinite(field.upper))
      bounds.push_back({s, true, field.upper, 0.0, ""});
  }
}

template <int dim>
std::pair<double, unsigned int> BoundsWatch<dim>::worst(const Bound &bound, const double *state) const
{
  std::pair<double, unsigned int> result = {0.0, 0};
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
    if (fields.tissue_volume[node] > 0.0)
    {
      const double value = state[static_cast<std::size_t>(node) * fields.n_fields() + bound.field];
      const double excess = bound.upper ? value - bound.limit : bound.limit - value;
      if (excess > result.first)
        result = {excess, node};
    }
  return result;
}

template <int dim>
void BoundsWatch<dim>::observe(const double time)
{
  if (bounds.empty())
    return;
  std::vector<std::pair<double, unsigned int>> here;
  std::vector<double> excess, greatest(bounds.size(), 0.0);
  const double *state = nullptr;
  VecGetArrayRead(fields.state, &state);
  for (const auto &bound : bounds)
  {
    here.push_back(worst(bound, state));
    excess.push_back(here.back().first);
  }
  VecRestoreArrayRead(fields.state, &state);
  dealii::Utilities::MPI::max(excess, fields.organ.communicator(), greatest);
  for (std::size_t b = 0; b < bounds.size(); ++b)
    if (greatest[b] > bounds[b].excess)
      note(bounds[b], greatest[b], here[b], time);
}

template <int dim>
void BoundsWatch<dim>::note(Bound &bound, const double excess, const std::pair<double, unsigned int> here,
                            const double time) const
{
  std::vector<double> place, first;
  if (here.first == excess)
    fields.for_each_tissue_node([&](const dealii::Point<dim> &at, const unsigned int node) {
      if (node == here.second)
        place.assign(at.begin_raw(), at.end_raw());
    });
  // Equal values on several ranks: the smallest place.
  for (const auto &found : dealii::Utilities::MPI::all_gather(fields.organ.communicator(), place))
    if (!found.empty() && (first.empty() || found < first))
      first = found;
  const auto &field = fields.parameters.fields[bound.field];
  std::ostringstream text;
  text << "field " << field.name << " = " << (bound.upper ? bound.limit + excess : bound.limit - excess) << " "
       << field.unit << " is " << (bound.upper ? "above its upper" : "below its lower") << " bound " << bound.limit
       << " at (";
  for (unsigned int d = 0; d < dim; ++d)
    text << (d > 0 ? ", " : "") << first[d];
  text << ") um, t = " << time << " min";
  bound.excess = excess;
  bound.report = text.str();
}

template <int dim>
std::vector<std::string> BoundsWatch<dim>::take()
{
  std::vector<std::string> reports;
  for (auto &bound : bounds)
    if (bound.excess > 0.0)
    {
      reports.push_back(bound.report);
      bound.excess = 0.0;
    }
  return reports;
}

template class BoundsWatch<2>;
template class BoundsWatch<3>;
} // namespace nidus
