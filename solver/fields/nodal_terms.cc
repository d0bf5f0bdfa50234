#include "fields/nodal_terms.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
constexpr unsigned int newton_steps = 50;

/// Changes below this, relative to the value, are rounding.
constexpr double negligible_change = 1e-14;

/// Where rounding may end the convergence of Newton's method before the change is negligible.
constexpr double small_change = 1e-9;

/// A term that is not used has no array.
double or_zero(const double *term, const std::size_t at)
{
  return term != nullptr ? term[at] : 0.0;
}

/// Solves the dense system A x = b of size n in place (row-major A; x replaces b) with partial pivoting.
void solve_dense(std::vector<double> &a, std::vector<double> &b, const unsigned int n, const unsigned int n_rhs)
{
  for (unsigned int k = 0; k < n; ++k)
  {
    unsigned int pivot = k;
    for (unsigned int i = k + 1; i < n; ++i)
      if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k]))
        pivot = i;
    if (pivot != k)
    {
      std::swap_ranges(&a[k * n], &a[k * n] + n, &a[pivot * n]);
      std::swap_ranges(&b[k * n_rhs], &b[k * n_rhs] + n_rhs, &b[pivot * n_rhs]);
    }
    for (unsigned int i = k + 1; i < n; ++i)
    {
      const double factor = a[i * n + k] / a[k * n + k];
      for (unsigned int j = k; j < n; ++j)
        a[i * n + j] -= factor * a[k * n + j];
      for (unsigned int j = 0; j < n_rhs; ++j)
        b[i * n_rhs + j] -= factor * b[k * n_rhs + j];
    }
  }
  for (unsigned int k = n; k-- > 0;)
    for (unsigned int j = 0; j < n_rhs; ++j)
    {
      for (unsigned int i = k + 1; i < n; ++i)
        b[k * n_rhs + j] -= a[k * n + i] * b[i * n_rhs + j];
      b[k * n_rhs + j] /= a[k * n + k];
    }
}
} // namespace

template <int dim>
NodalTerms<dim>::NodalTerms(const FieldSet<dim> &fields, const Kinetics &kinetics, const Stage<dim> &stage)
    : fields(fields), kinetics(kinetics), stage(stage),
      n_fields(fields.n_fields()), vectors{stage.base, stage.sources.vector(SourceTerms<dim>::source),
                                           stage.sources.vector(SourceTerms<dim>::filling),
                                           stage.sources.vector(SourceTerms<dim>::uptake)}
{
  for (unsigned int s = 0; s < n_fields; ++s)
    (fields.parameters.fields[s].mobile() ? mobile : immobile).push_back(s);
  const double **arrays[n_vectors] = {&base, &source, &filling, &uptake};
  for (unsigned int i = 0; i < n_vectors; ++i)
    if (vectors[i] != nullptr)
      VecGetArrayRead(vectors[i], arrays[i]);
}

template <int dim>
NodalTerms<dim>::~NodalTerms()
{
  const double **arrays[n_vectors] = {&base, &source, &filling, &uptake};
  for (unsigned int i = 0; i < n_vectors; ++i)
    if (vectors[i] != nullptr)
      VecRestoreArrayRead(vectors[i], arrays[i]);
}

template <int dim>
typename NodalTerms<dim>::Balance NodalTerms<dim>::balance(const unsigned int node, const unsigned int s,
                                                           const double u) const
{
  const auto &field = fields.parameters.fields[s];
  const std::size_t at = index(node, s);
  const double volume = fields.volume(node, s);
  const auto &boundary = stage.boundary;
  Balance b;
  b.inertia = field.quasi_steady ? 0.0 : volume / stage.step * (u - base[at]);
  b.decay = volume * stage.decay[s] * u;
  b.exchange = fields.exchange_rate(node, s) * (u - stage.blood[s]);
  b.uptake = or_zero(uptake, at) * u;
  b.filling = -or_zero(filling, at) * (1.0 - u);
  b.secretion = -or_zero(source, at);
  b.outflow = boundary.outflow_rate().empty() ? 0.0 : boundary.outflow_rate()[at] * u;
  b.inflow = boundary.inflow().empty() ? 0.0 : -boundary.inflow()[at];
  return b;
}

template <int dim>
double NodalTerms<dim>::sink(const unsigned int node, const unsigned int s) const
{
  const auto &field = fields.parameters.fields[s];
  const std::size_t at = index(node, s);
  const double volume = fields.volume(node, s), inertia = field.quasi_steady ? 0.0 : volume / stage.step;
  const double outflow = stage.boundary.outflow_rate().empty() ? 0.0 : stage.boundary.outflow_rate()[at];
  return inertia + volume * stage.decay[s] + fields.exchange_rate(node, s) + or_zero(uptake, at) +
         or_zero(filling, at) + outflow;
}

template <int dim>
double NodalTerms<dim>::drive(const unsigned int node, const unsigned int s) const
{
  const Balance b = balance(node, s, 0.0);
  return std::abs(b.inertia) + std::abs(b.exchange) + std::abs(b.filling) + std::abs(b.secretion) + std::abs(b.inflow);
}

template <int dim>
void NodalTerms<dim>::evaluate(const unsigned int node, const double *u, double *residual, double *jacobian)
{
  // Production by reactions, turned into a loss and weighted by the volume of each field.
  std::fill_n(residual, n_fields, 0.0);
  std::fill_n(jacobian, n_fields * n_fields, 0.0);
  kinetics.add(u, residual, jacobian);
  for (unsigned int s = 0; s < n_fields; ++s)
  {
    const double volume = fields.volume(node, s);
    const Balance b = balance(node, s, u[s]);
    residual[s] = b.inertia + b.decay + b.exchange + b.uptake + b.filling + b.secretion + b.outflow + b.inflow -
                  volume * residual[s];
    for (unsigned int t = 0; t < n_fields; ++t)
      jacobian[s * n_fields + t] *= -volume;
    jacobian[s * n_fields + s] += sink(node, s);
  }
}

template <int dim>
bool NodalTerms<dim>::eliminate(const unsigned int node, double *u, double *residual, double *jacobian)
{
  const unsigned int n = static_cast<unsigned int>(immobile.size());
  matrix.resize(n * n);
  right_hand_side.resize(n);
  for (const unsigned int s : immobile)
    if (is_fixed(node, s))
      u[s] = fixed_value(node, s);
  bool converged = n == 0;
  double previous = 1.0;
  for (unsigned int iteration = 0; iteration < newton_steps && !converged; ++iteration)
  {
    evaluate(node, u, residual, jacobian);
    for (unsigned int i = 0; i < n; ++i)
    {
      const bool fixed = is_fixed(node, immobile[i]);
      right_hand_side[i] = fixed ? 0.0 : -residual[immobile[i]];
      for (unsigned int j = 0; j < n; ++j)
        matrix[i * n + j] = fixed ? (i == j ? 1.0 : 0.0) : jacobian[immobile[i] * n_fields + immobile[j]];
    }
    solve_dense(matrix, right_hand_side, n, 1);
    double change = 0.0;
    for (unsigned int i = 0; i < n; ++i)
    {
      double &value = u[immobile[i]];
      value += right_hand_side[i];
      if (!std::isfinite(value))
        return false;
      const double scale = std::max(std::abs(value), std::abs(base[index(node, immobile[i])]));
      if (right_hand_side[i] != 0.0)
        change = std::max(change, std::abs(right_hand_side[i]) / scale);
    }
    converged = change <= negligible_change || (change <= small_change && change >= 0.5 * previous);
    previous = change;
  }
  evaluate(node, u, residual, jacobian);
  return converged;
}

template <int dim>
void NodalTerms<dim>::reduce(const unsigned int node, const double *jacobian, double *block)
{
  const unsigned int n_m = static_cast<unsigned int>(mobile.size()), n_i = static_cast<unsigned int>(immobile.size());
  for (unsigned int i = 0; i < n_m; ++i)
    for (unsigned int j = 0; j < n_m; ++j)
      block[i * n_m + j] = jacobian[mobile[i] * n_fields + mobile[j]];
  if (n_i == 0 || kinetics.empty())
    return;
  matrix.resize(n_i * n_i);
  right_hand_side.resize(n_i * n_m);
  for (unsigned int i = 0; i < n_i; ++i)
  {
    const bool fixed = is_fixed(node, immobile[i]);
    for (unsigned int j = 0; j < n_i; ++j)
      matrix[i * n_i + j] = fixed ? (i == j ? 1.0 : 0.0) : jacobian[immobile[i] * n_fields + immobile[j]];
    for (unsigned int j = 0; j < n_m; ++j)
      right_hand_side[i * n_m + j] = fixed ? 0.0 : jacobian[immobile[i] * n_fields + mobile[j]];
  }
  solve_dense(matrix, right_hand_side, n_i, n_m);
  for (unsigned int i = 0; i < n_m; ++i)
    for (unsigned int k = 0; k < n_i; ++k)
      for (unsigned int j = 0; j < n_m; ++j)
        block[i * n_m + j] -= jacobian[mobile[i] * n_fields + immobile[k]] * right_hand_side[k * n_m + j];
}

template class NodalTerms<2>;
template class NodalTerms<3>;
} // namespace nidus
