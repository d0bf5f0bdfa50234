#include "fields/stage_equations.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
/// A node with a fixed value is held by this many times the greatest entry of a row: its correction vanishes even in
/// double precision, and single precision does not overflow.
constexpr double grip = 1e20;

/// A field is small beside those that feed it when its tolerance is below this part of theirs.
constexpr double next_to_nothing = 1e-2;
} // namespace

template <int dim>
StageEquations<dim>::StageEquations(FieldSet<dim> &fields, std::unique_ptr<LinearSystem> linear_system)
    : fields(fields), system(std::move(linear_system)), kinetics(fields.parameters), n_fields(fields.n_fields())
{
  for (unsigned int s = 0; s < n_fields; ++s)
    if (fields.parameters.fields[s].mobile())
      mobile.push_back(s);
  weight.assign(mobile.size(), 1.0);
  find_dependence();
  if (mobile.empty())
    return;
  lanes = system->lanes();
  work = system->create_vector();
  system->get_diffusion_diagonal(work);
  PetscReal greatest = 0.0;
  VecMax(work, nullptr, &greatest);
  stiffest = greatest;
}

template <int dim>
StageEquations<dim>::~StageEquations()
{
  VecDestroy(&work);
}

template <int dim>
void StageEquations<dim>::find_dependence()
{
  depends.resize(n_fields * n_fields);
  for (unsigned int s = 0; s < n_fields; ++s)
    for (unsigned int t = 0; t < n_fields; ++t)
      depends[s * n_fields + t] = kinetics.depends(s, t);
  // Immobile fields follow at once and hand on.
  for (unsigned int via = 0; via < n_fields; ++via)
    if (!fields.parameters.fields[via].mobile())
      for (unsigned int s = 0; s < n_fields; ++s)
        for (unsigned int t = 0; t < n_fields; ++t)
          if (depends[s * n_fields + via] && depends[via * n_fields + t])
            depends[s * n_fields + t] = true;
  for (const unsigned int s : mobile)
    for (const unsigned int t : mobile)
      coupled |= s != t && depends[s * n_fields + t];
}

template <int dim>
void StageEquations<dim>::begin(const Stage<dim> &stage, Vec x)
{
  terms.emplace(fields, kinetics, stage);
  if (mobile.empty())
    return;
  set_weights(stage, x);
  pack(x);
}

template <int dim>
std::vector<double> StageEquations<dim>::rounded_off(const Stage<dim> &stage)
{
  std::vector<double> sums(n_fields, 0.0);
  system->get_diffusion_diagonal(work);
  const double *state = nullptr, *stiffness = nullptr;
  VecGetArrayRead(fields.state, &state);
  VecGetArrayRead(work, &stiffness);
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
    if (fields.tissue_volume[node] > 0.0)
      for (unsigned int m = 0; m < mobile.size(); ++m)
      {
        const unsigned int s = mobile[m];
        const double row = stiffness[static_cast<std::size_t>(node) * lanes + m] + fields.volume(node, s) / stage.step;
        const double size = row * state[static_cast<std::size_t>(node) * n_fields + s];
        sums[s] += size * size;
      }
  VecRestoreArrayRead(work, &stiffness);
  VecRestoreArrayRead(fields.state, &state);
  return sums;
}

template <int dim>
std::vector<double> StageEquations<dim>::tolerances(const Stage<dim> &stage, Vec fixed)
{
  // What drives a field: what it held, sources, blood, boundary, what reactions make of the guess. The second half is
  // what rounding leaves of the terms that balance each other.
  std::vector<double> sums(n_fields, 0.0), total(2 * n_fields), rate(n_fields), unused(n_fields * n_fields);
  const auto rounded = rounded_off(stage);
  sums.insert(sums.end(), rounded.begin(), rounded.end());
  const double *state = nullptr, *held_by = nullptr;
  if (fixed != nullptr)
    system->apply_diffusion(fixed, work);
  VecGetArrayRead(fields.state, &state);
  VecGetArrayRead(work, &held_by);
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
  {
    if (fields.tissue_volume[node] == 0.0)
      continue;
    const double *u = state + static_cast<std::size_t>(node) * n_fields;
    std::fill(rate.begin(), rate.end(), 0.0);
    kinetics.add(u, rate.data(), unused.data());
    for (unsigned int s = 0, m = 0; s < n_fields; ++s)
    {
      double drive = terms->drive(node, s) + fields.volume(node, s) * std::max(rate[s], 0.0);
      if (m < mobile.size() && mobile[m] == s)
      {
        if (fixed != nullptr && !terms->is_fixed(node, s))
          drive += std::abs(held_by[static_cast<std::size_t>(node) * lanes + m]);
        ++m;
      }
      sums[s] += drive * drive;
    }
  }
  VecRestoreArrayRead(work, &held_by);
  VecRestoreArrayRead(fields.state, &state);
  dealii::Utilities::MPI::sum(sums, fields.organ.communicator(), total);
  std::vector<double> result(n_fields);
  for (unsigned int s = 0; s < n_fields; ++s)
    result[s] = std::max(fields.parameters.solver.linear_tolerance * std::sqrt(total[s]),
                         4.0 * std::numeric_limits<double>::epsilon() * std::sqrt(total[n_fields + s]));
  return result;
}

template <int dim>
void StageEquations<dim>::set_weights(const Stage<dim> &stage, Vec x)
{
  if (terms->has_fixed())
  {
    // The fixed values alone, whose diffusion drives their neighbours.
    double *values = nullptr;
    VecGetArray(x, &values);
    std::fill_n(values, static_cast<std::size_t>(fields.n_owned_nodes()) * lanes, 0.0);
    for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
      for (unsigned int m = 0; m < mobile.size(); ++m)
        if (fields.tissue_volume[node] > 0.0 && terms->is_fixed(node, mobile[m]))
          values[static_cast<std::size_t>(node) * lanes + m] = terms->fixed_value(node, mobile[m]);
    VecRestoreArray(x, &values);
  }
  tolerance = tolerances(stage, terms->has_fixed() ? x : nullptr);
  // A field that had next to nothing so far may be fed along a chain of reactions: at first it is held to what feeds
  // it.
  auto feeding = tolerance, loose = tolerance;
  for (unsigned int hop = 0; hop < n_fields; ++hop)
    for (unsigned int s = 0; s < n_fields; ++s)
      for (unsigned int t = 0; t < n_fields; ++t)
        if (depends[s * n_fields + t])
          feeding[s] = std::max(feeding[s], feeding[t]);
  is_loose = false;
  for (const unsigned int s : mobile)
    if (tolerance[s] < next_to_nothing * feeding[s])
    {
      loose[s] = feeding[s];
      is_loose = true;
    }
  weigh(loose);
}

template <int dim>
void StageEquations<dim>::weigh(const std::vector<double> &by_field)
{
  for (unsigned int m = 0; m < mobile.size(); ++m)
    weight[m] = by_field[mobile[m]] > 0.0 ? 1.0 / by_field[mobile[m]] : 1.0;
}

template <int dim>
bool StageEquations<dim>::tighten(const Stage<dim> &stage, Vec x)
{
  if (!is_loose)
    return false;
  is_loose = false;
  finish(x);
  // Only now is known what drives the fields that others feed.
  const auto at_solution = tolerances(stage, nullptr);
  bool tighter = false;
  for (unsigned int m = 0; m < mobile.size(); ++m)
  {
    double &own = tolerance[mobile[m]];
    own = std::max(own, at_solution[mobile[m]]);
    tighter |= own * weight[m] < 0.5;
  }
  if (!tighter)
    return false;
  weigh(tolerance);
  pack(x);
  return true;
}

template <int dim>
void StageEquations<dim>::pack(Vec x)
{
  const double *state = nullptr;
  double *values = nullptr;
  VecGetArrayRead(fields.state, &state);
  VecGetArray(x, &values);
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
  {
    const double *u = state + static_cast<std::size_t>(node) * n_fields;
    double *to = values + static_cast<std::size_t>(node) * lanes;
    std::fill_n(to, lanes, 0.0);
    if (fields.tissue_volume[node] > 0.0)
      for (unsigned int m = 0; m < mobile.size(); ++m)
        to[m] = weight[m] * (terms->is_fixed(node, mobile[m]) ? terms->fixed_value(node, mobile[m]) : u[mobile[m]]);
  }
  VecRestoreArray(x, &values);
  VecRestoreArrayRead(fields.state, &state);
}

template <int dim>
void StageEquations<dim>::residual(Vec x, Vec f)
{
  system->apply_diffusion(x, f);
  std::vector<double> terms_at(n_fields), unused(n_fields * n_fields);
  bool good = true;
  double *state = nullptr, *to = nullptr;
  const double *from = nullptr;
  VecGetArray(fields.state, &state);
  VecGetArrayRead(x, &from);
  VecGetArray(f, &to);
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
  {
    const std::size_t at = static_cast<std::size_t>(node) * lanes;
    double *u = state + static_cast<std::size_t>(node) * n_fields;
    std::fill(to + at + mobile.size(), to + at + lanes, 0.0);
    if (fields.tissue_volume[node] == 0.0)
    {
      std::fill_n(to + at, lanes, 0.0);
      continue;
    }
    for (unsigned int m = 0; m < mobile.size(); ++m)
      u[mobile[m]] = from[at + m] / weight[m];
    good &= terms->eliminate(node, u, terms_at.data(), unused.data());
    for (unsigned int m = 0; m < mobile.size(); ++m)
      to[at + m] = terms->is_fixed(node, mobile[m]) ? 0.0 : to[at + m] + weight[m] * terms_at[mobile[m]];
  }
  // The norm tells all ranks.
  if (!good)
    to[0] = std::numeric_limits<double>::infinity();
  VecRestoreArray(f, &to);
  VecRestoreArrayRead(x, &from);
  VecRestoreArray(fields.state, &state);
}

template <int dim>
void StageEquations<dim>::linearise(Vec x, Vec scratch)
{
  const unsigned int n = static_cast<unsigned int>(mobile.size());
  std::vector<double> unused(n_fields), derivatives(n_fields * n_fields), block(n * n);
  const bool may_couple = coupled || !kinetics.linear();
  couplings.assign(may_couple ? static_cast<std::size_t>(fields.n_owned_nodes()) * n * n : 0, 0.0);
  double *state = nullptr, *c = nullptr;
  const double *from = nullptr;
  VecGetArray(fields.state, &state);
  VecGetArrayRead(x, &from);
  VecGetArray(scratch, &c);
  std::fill_n(c, static_cast<std::size_t>(fields.n_owned_nodes()) * lanes, 0.0);
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
  {
    if (fields.tissue_volume[node] == 0.0)
      continue;
    const std::size_t at = static_cast<std::size_t>(node) * lanes;
    double *u = state + static_cast<std::size_t>(node) * n_fields;
    for (unsigned int m = 0; m < n; ++m)
      u[mobile[m]] = from[at + m] / weight[m];
    terms->eliminate(node, u, unused.data(), derivatives.data());
    terms->reduce(node, derivatives.data(), block.data());
    for (unsigned int i = 0; i < n; ++i)
    {
      // What would take away from the diagonal stays out of the preconditioner.
      c[at + i] = std::max(block[i * n + i], 0.0);
      if (may_couple && !terms->is_fixed(node, mobile[i]))
        for (unsigned int j = 0; j < n; ++j)
          couplings[(static_cast<std::size_t>(node) * n + i) * n + j] =
              i == j ? std::min(block[i * n + i], 0.0) : weight[i] / weight[j] * block[i * n + j];
    }
  }
  if (terms->has_fixed())
    hold_fixed(c);
  VecRestoreArray(scratch, &c);
  VecRestoreArrayRead(x, &from);
  VecRestoreArray(fields.state, &state);
  system->set_diagonal(scratch);
}

template <int dim>
void StageEquations<dim>::hold_fixed(double *c) const
{
  double greatest = 0.0;
  const auto at = [&](const unsigned int node, const unsigned int m) {
    return static_cast<std::size_t>(node) * lanes + m;
  };
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
    for (unsigned int m = 0; m < mobile.size(); ++m)
      if (fields.tissue_volume[node] > 0.0)
        greatest = std::max(greatest, c[at(node, m)]);
  greatest = stiffest + dealii::Utilities::MPI::max(greatest, fields.organ.communicator());
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
    for (unsigned int m = 0; m < mobile.size(); ++m)
      if (fields.tissue_volume[node] > 0.0 && terms->is_fixed(node, mobile[m]))
        c[at(node, m)] = grip * greatest;
}

template <int dim>
void StageEquations<dim>::add_couplings(const double *x, double *y) const
{
  const unsigned int n = static_cast<unsigned int>(mobile.size());
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
  {
    const double *block = &couplings[static_cast<std::size_t>(node) * n * n];
    const std::size_t at = static_cast<std::size_t>(node) * lanes;
    for (unsigned int i = 0; i < n; ++i)
      for (unsigned int j = 0; j < n; ++j)
        y[at + i] += block[i * n + j] * x[at + j];
  }
}

template <int dim>
void StageEquations<dim>::multiply(Vec x, Vec y)
{
  system->apply(x, y);
  if (couplings.empty())
    return;
  const double *from = nullptr;
  double *to = nullptr;
  VecGetArrayRead(x, &from);
  VecGetArray(y, &to);
  add_couplings(from, to);
  VecRestoreArray(y, &to);
  VecRestoreArrayRead(x, &from);
}

template <int dim>
bool StageEquations<dim>::finish(Vec x)
{
  std::vector<double> terms_at(n_fields), unused(n_fields * n_fields);
  held.assign(terms->has_fixed() ? static_cast<std::size_t>(fields.n_owned_nodes()) * n_fields : 0, 0.0);
  double *state = nullptr;
  const double *from = nullptr, *diffused = nullptr;
  if (!mobile.empty())
  {
    if (terms->has_fixed())
      system->apply_diffusion(x, work);
    VecGetArrayRead(x, &from);
    VecGetArrayRead(work, &diffused);
  }
  VecGetArray(fields.state, &state);
  bool solved = true;
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
  {
    if (fields.tissue_volume[node] == 0.0)
      continue;
    const std::size_t at = static_cast<std::size_t>(node) * n_fields, in_lanes = static_cast<std::size_t>(node) * lanes;
    for (unsigned int m = 0; m < mobile.size(); ++m)
      state[at + mobile[m]] =
          terms->is_fixed(node, mobile[m]) ? terms->fixed_value(node, mobile[m]) : from[in_lanes + m] / weight[m];
    // Mobile fields that nothing holds are there already.
    if (mobile.size() == n_fields && !terms->has_fixed())
      continue;
    solved &= terms->eliminate(node, state + at, terms_at.data(), unused.data());
    if (!terms->has_fixed())
      continue;
    for (unsigned int m = 0; m < mobile.size(); ++m)
      terms_at[mobile[m]] += diffused[in_lanes + m] / weight[m];
    for (unsigned int s = 0; s < n_fields; ++s)
      held[at + s] = terms->is_fixed(node, s) ? terms_at[s] : 0.0;
  }
  VecRestoreArray(fields.state, &state);
  if (!mobile.empty())
  {
    VecRestoreArrayRead(work, &diffused);
    VecRestoreArrayRead(x, &from);
  }
  return dealii::Utilities::MPI::min(solved ? 1 : 0, fields.organ.communicator()) == 1;
}

template <int dim>
Culprit StageEquations<dim>::culprit(Vec x)
{
  if (!mobile.empty())
    residual(x, work);
  std::vector<double> terms_at(n_fields), unused(n_fields * n_fields);
  Culprit worst;
  double *state = nullptr;
  const double *f = nullptr;
  VecGetArray(fields.state, &state);
  if (!mobile.empty())
    VecGetArrayRead(work, &f);
  const auto consider = [&](const double size, const unsigned int node, const unsigned int s) {
    const double badness = std::isfinite(size) ? std::abs(size) : std::numeric_limits<double>::max();
    if (badness > worst.badness)
      worst = {badness, node, s};
  };
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
  {
    if (fields.tissue_volume[node] == 0.0)
      continue;
    double *u = state + static_cast<std::size_t>(node) * n_fields;
    const bool good = terms->eliminate(node, u, terms_at.data(), unused.data());
    // A field that is not a number first, then immobile fields without a solution, then the greatest imbalance.
    for (unsigned int s = 0; s < n_fields; ++s)
      if (!std::isfinite(u[s]) || (!good && !fields.parameters.fields[s].mobile()))
        consider(std::numeric_limits<double>::infinity(), node, s);
    if (good)
      for (unsigned int m = 0; m < mobile.size(); ++m)
        consider(f[static_cast<std::size_t>(node) * lanes + m], node, mobile[m]);
  }
  if (!mobile.empty())
    VecRestoreArrayRead(work, &f);
  VecRestoreArray(fields.state, &state);
  return worst;
}

template class StageEquations<2>;
template class StageEquations<3>;
} // namespace nidus
