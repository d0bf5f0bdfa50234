#include "fields/implicit_solver.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace nidus
{
namespace
{
constexpr unsigned int local_newton_steps = 50;

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

FieldBudget &FieldBudget::operator+=(const FieldBudget &other)
{
  secreted += other.secreted;
  taken_up += other.taken_up;
  decayed += other.decayed;
  exchanged += other.exchanged;
  reacted += other.reacted;
  change += other.change;
  residual += other.residual;
  return *this;
}

/// Read access to the vectors of a step, as arrays of this rank.
template <int dim>
struct ImplicitSolver<dim>::Arrays
{
  Arrays(Vec old_state, const SourceTerms<dim> &terms)
      : vectors{old_state, terms.vector(SourceTerms<dim>::source), terms.vector(SourceTerms<dim>::filling),
                terms.vector(SourceTerms<dim>::uptake)}
  {
    for (unsigned int i = 0; i < 4; ++i)
      VecGetArrayRead(vectors[i], &data[i]);
  }
  ~Arrays()
  {
    for (unsigned int i = 0; i < 4; ++i)
      VecRestoreArrayRead(vectors[i], &data[i]);
  }
  Arrays(const Arrays &) = delete;
  Arrays &operator=(const Arrays &) = delete;

  Node node(const unsigned int number, const unsigned int n) const
  {
    const std::size_t at = static_cast<std::size_t>(number) * n;
    return {number, data[0] + at, data[1] + at, data[2] + at, data[3] + at};
  }

  Vec vectors[4];
  const double *data[4];
};

template <int dim>
ImplicitSolver<dim>::ImplicitSolver(FieldSet<dim> &fields, std::unique_ptr<LinearSystem> linear_system)
    : fields(fields), system(std::move(linear_system)), kinetics(fields.parameters), boundary(fields),
      n_fields(fields.n_fields())
{
  for (unsigned int s = 0; s < n_fields; ++s)
    (fields.parameters.fields[s].mobile() ? mobile : immobile).push_back(s);
  for (Vec *vector : {&old, &diffusion, &right_hand_side, &diagonal, &correction})
    *vector = fields.create_interlaced();
}

template <int dim>
ImplicitSolver<dim>::~ImplicitSolver()
{
  for (Vec *vector : {&old, &diffusion, &right_hand_side, &diagonal, &correction})
    VecDestroy(vector);
}

template <int dim>
void ImplicitSolver<dim>::nodal_terms(const Node &node, const double *u, double *residual, double *jacobian) const
{
  // Production by reactions, turned into a sink on the left-hand side and weighted by the volume of each field.
  std::fill_n(residual, n_fields, 0.0);
  std::fill_n(jacobian, n_fields * n_fields, 0.0);
  kinetics.add(u, residual, jacobian);
  for (unsigned int s = 0; s < n_fields; ++s)
  {
    const auto &field = fields.parameters.fields[s];
    const double volume = fields.volume(node.number, s);
    const double inertia = field.quasi_steady ? 0.0 : volume / step;
    const double exchange = fields.tissue_volume[node.number] * field.vascular_exchange;
    const double sink = inertia + volume * field.decay_rate + exchange + node.filling[s] + node.uptake[s];
    residual[s] = -volume * residual[s] + sink * u[s] - inertia * node.old[s] - exchange * blood_level[s] -
                  node.source[s] - node.filling[s];
    const std::size_t at = static_cast<std::size_t>(node.number) * n_fields + s;
    const double outflow = boundary.outflow_rate().empty() ? 0.0 : boundary.outflow_rate()[at];
    residual[s] += outflow * u[s] - (boundary.inflow().empty() ? 0.0 : boundary.inflow()[at]);
    for (unsigned int t = 0; t < n_fields; ++t)
      jacobian[s * n_fields + t] *= -volume;
    jacobian[s * n_fields + s] += sink + outflow;
  }
}

template <int dim>
void ImplicitSolver<dim>::solve_immobile(const Node &node, double *u, double *residual, double *jacobian) const
{
  const unsigned int n = static_cast<unsigned int>(immobile.size());
  std::vector<double> a(n * n), b(n);
  for (unsigned int iteration = 0; iteration < local_newton_steps; ++iteration)
  {
    nodal_terms(node, u, residual, jacobian);
    for (unsigned int i = 0; i < n; ++i)
    {
      b[i] = -residual[immobile[i]];
      for (unsigned int j = 0; j < n; ++j)
        a[i * n + j] = jacobian[immobile[i] * n_fields + immobile[j]];
    }
    solve_dense(a, b, n, 1);
    bool done = true;
    for (unsigned int i = 0; i < n; ++i)
    {
      u[immobile[i]] += b[i];
      done &= std::abs(b[i]) <= 4.0 * std::numeric_limits<double>::epsilon() * std::abs(u[immobile[i]]);
    }
    if (done)
      break;
  }
  nodal_terms(node, u, residual, jacobian);
}

template <int dim>
void ImplicitSolver<dim>::linearise(Arrays &arrays, double *u, const double *diffused, double *rhs, double *diag) const
{
  const unsigned int n_i = static_cast<unsigned int>(immobile.size()), n_m = static_cast<unsigned int>(mobile.size());
  std::vector<double> residual(n_fields), jacobian(n_fields * n_fields), a(n_i * n_i), b(n_i * n_m);
  for (unsigned int number = 0; number < fields.n_owned_nodes(); ++number)
  {
    const std::size_t at = static_cast<std::size_t>(number) * n_fields;
    std::fill_n(rhs + at, n_fields, 0.0);
    std::fill_n(diag + at, n_fields, 0.0);
    if (fields.tissue_volume[number] == 0.0)
      continue;
    solve_immobile(arrays.node(number, n_fields), u + at, residual.data(), jacobian.data());
    // Immobile fields follow the mobile ones: their share of the derivative is the Schur complement.
    for (unsigned int i = 0; i < n_i; ++i)
    {
      for (unsigned int j = 0; j < n_i; ++j)
        a[i * n_i + j] = jacobian[immobile[i] * n_fields + immobile[j]];
      for (unsigned int j = 0; j < n_m; ++j)
        b[i * n_m + j] = jacobian[immobile[i] * n_fields + mobile[j]];
    }
    solve_dense(a, b, n_i, n_m);
    for (unsigned int j = 0; j < n_m; ++j)
    {
      const unsigned int s = mobile[j];
      rhs[at + s] = -residual[s] - diffused[at + s];
      diag[at + s] = jacobian[s * n_fields + s];
      for (unsigned int i = 0; i < n_i; ++i)
        diag[at + s] -= jacobian[s * n_fields + immobile[i]] * b[i * n_m + j];
      if (!boundary.is_fixed().empty() && boundary.is_fixed()[at + s])
      {
        rhs[at + s] = 0.0;
        diag[at + s] = 1e20;
      }
    }
  }
}

template <int dim>
std::vector<double> ImplicitSolver<dim>::tolerances(Arrays &arrays) const
{
  // Relative to everything that drives a field in this step: what it held, secretion, blood.
  std::vector<double> sums(n_fields, 0.0), total(n_fields, 0.0);
  for (unsigned int number = 0; number < fields.n_owned_nodes(); ++number)
  {
    const Node node = arrays.node(number, n_fields);
    for (unsigned int s = 0; s < n_fields; ++s)
    {
      const auto &field = fields.parameters.fields[s];
      const double inertia = field.quasi_steady ? 0.0 : fields.volume(number, s) / step;
      const double drive = inertia * std::abs(node.old[s]) + node.source[s] + node.filling[s] +
                           fields.tissue_volume[number] * field.vascular_exchange * blood_level[s];
      sums[s] += drive * drive;
    }
  }
  dealii::Utilities::MPI::sum(sums, fields.organ.communicator(), total);
  for (auto &value : total)
    value = std::max(fields.parameters.solver.linear_tolerance * std::sqrt(value), 1e-300);
  return total;
}

template <int dim>
double ImplicitSolver<dim>::apply_correction()
{
  // The largest change of a mobile field relative to its largest value.
  std::vector<double> change(2 * n_fields, 0.0), greatest(2 * n_fields, 0.0);
  double *u = nullptr;
  const double *delta = nullptr;
  VecGetArray(fields.state, &u);
  VecGetArrayRead(correction, &delta);
  for (unsigned int number = 0; number < fields.n_owned_nodes(); ++number)
    for (const unsigned int s : mobile)
    {
      const std::size_t at = static_cast<std::size_t>(number) * n_fields + s;
      u[at] += delta[at];
      change[s] = std::max(change[s], std::abs(delta[at]));
      change[n_fields + s] = std::max(change[n_fields + s], std::abs(u[at]));
    }
  VecRestoreArrayRead(correction, &delta);
  VecRestoreArray(fields.state, &u);
  dealii::Utilities::MPI::max(change, fields.organ.communicator(), greatest);
  double relative = 0.0;
  for (const unsigned int s : mobile)
    if (greatest[s] > 0.0)
      relative = std::max(relative, greatest[s] / std::max(greatest[n_fields + s], 1e-300));
  return relative;
}

template <int dim>
void ImplicitSolver<dim>::finish(Arrays &arrays)
{
  std::vector<double> residual(n_fields), jacobian(n_fields * n_fields);
  double *u = nullptr;
  VecGetArray(fields.state, &u);
  if (!immobile.empty())
    for (unsigned int number = 0; number < fields.n_owned_nodes(); ++number)
      if (fields.tissue_volume[number] > 0.0)
        solve_immobile(arrays.node(number, n_fields), u + static_cast<std::size_t>(number) * n_fields, residual.data(),
                       jacobian.data());
  VecRestoreArray(fields.state, &u);
}

template <int dim>
std::vector<FieldBudget> ImplicitSolver<dim>::budget(Arrays &arrays) const
{
  constexpr unsigned int n_terms = 6;
  std::vector<double> sums(n_terms * n_fields, 0.0), total(n_terms * n_fields, 0.0);
  std::vector<double> rate(n_fields), unused(n_fields * n_fields);
  const double *state = nullptr;
  VecGetArrayRead(fields.state, &state);
  for (unsigned int number = 0; number < fields.n_owned_nodes(); ++number)
  {
    if (fields.tissue_volume[number] == 0.0)
      continue;
    const Node node = arrays.node(number, n_fields);
    const double *u = state + static_cast<std::size_t>(number) * n_fields;
    std::fill(rate.begin(), rate.end(), 0.0);
    kinetics.add(u, rate.data(), unused.data());
    for (unsigned int s = 0; s < n_fields; ++s)
    {
      const auto &field = fields.parameters.fields[s];
      const double volume = fields.volume(number, s);
      double *sum = &sums[n_terms * s];
      sum[0] += step * (node.source[s] + node.filling[s] * (1.0 - u[s]));
      sum[1] += step * node.uptake[s] * u[s];
      sum[2] += step * volume * field.decay_rate * u[s];
      sum[3] += step * fields.tissue_volume[number] * field.vascular_exchange * (blood_level[s] - u[s]);
      sum[4] += step * volume * rate[s];
      sum[5] += volume * (u[s] - node.old[s]);
    }
  }
  VecRestoreArrayRead(fields.state, &state);
  dealii::Utilities::MPI::sum(sums, fields.organ.communicator(), total);

  std::vector<FieldBudget> result(n_fields);
  for (unsigned int s = 0; s < n_fields; ++s)
  {
    const double *sum = &total[n_terms * s];
    const double unit = fields.amount_unit(s);
    FieldBudget &b = result[s];
    b.secreted = sum[0] / unit;
    b.taken_up = sum[1] / unit;
    b.decayed = sum[2] / unit;
    b.exchanged = sum[3] / unit;
    b.reacted = sum[4] / unit;
    b.change = sum[5] / unit;
    // A quasi-steady field jumps to its new steady state; what must balance are the rates.
    const double change = fields.parameters.fields[s].quasi_steady ? 0.0 : b.change;
    b.residual = change - (b.secreted - b.taken_up - b.decayed + b.exchanged + b.reacted);
  }
  return result;
}

template <int dim>
void ImplicitSolver<dim>::check_finite() const
{
  const auto extremes = fields.extremes();
  for (unsigned int s = 0; s < n_fields; ++s)
    if (!std::isfinite(extremes[s].mean))
      throw std::runtime_error("field '" + fields.parameters.fields[s].name + "' is not finite after a step");
}

template <int dim>
typename ImplicitSolver<dim>::Report ImplicitSolver<dim>::advance(const double dt, const std::vector<double> &blood,
                                                                  const SourceTerms<dim> &sources)
{
  step = dt;
  blood_level.assign(n_fields, 0.0);
  for (unsigned int s = 0; s < n_fields; ++s)
    if (fields.parameters.fields[s].blood_index >= 0)
      blood_level[s] = blood[fields.parameters.fields[s].blood_index];
  clock += dt;
  boundary.update(clock);
  VecCopy(fields.state, old);
  double *start = nullptr;
  VecGetArray(fields.state, &start);
  for (std::size_t i = 0; i < boundary.is_fixed().size(); ++i)
    if (boundary.is_fixed()[i])
      start[i] = boundary.fixed_value()[i];
  VecRestoreArray(fields.state, &start);
  Arrays arrays(old, sources);
  const auto tolerance = tolerances(arrays);

  Report report;
  const auto &settings = fields.parameters.solver;
  for (bool converged = mobile.empty(); !converged;)
  {
    if (report.newton_iterations == settings.newton_iterations)
      throw std::runtime_error("the fields did not converge in " + std::to_string(settings.newton_iterations) +
                               " Newton iterations; take a smaller field step (Run/Field steps per macro step)");
    system->apply_diffusion(fields.state, diffusion);
    double *u = nullptr, *rhs = nullptr, *diag = nullptr;
    const double *diffused = nullptr;
    VecGetArray(fields.state, &u);
    VecGetArrayRead(diffusion, &diffused);
    VecGetArray(right_hand_side, &rhs);
    VecGetArray(diagonal, &diag);
    linearise(arrays, u, diffused, rhs, diag);
    VecRestoreArray(diagonal, &diag);
    VecRestoreArray(right_hand_side, &rhs);
    VecRestoreArrayRead(diffusion, &diffused);
    VecRestoreArray(fields.state, &u);

    VecSet(correction, 0.0);
    report.linear_iterations += system->solve(diagonal, right_hand_side, correction, tolerance);
    ++report.newton_iterations;
    const double change = apply_correction();
    if (!std::isfinite(change))
      check_finite();
    // Without reactions the step is linear, and the first solve is the answer.
    converged = change <= settings.newton_tolerance || kinetics.empty();
  }
  finish(arrays);
  fields.update_ghosts();
  check_finite();
  report.budget = budget(arrays);
  return report;
}

template class ImplicitSolver<2>;
template class ImplicitSolver<3>;
} // namespace nidus
