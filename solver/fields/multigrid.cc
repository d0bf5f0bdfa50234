#include "fields/multigrid.h"

#include <algorithm>

namespace nidus
{
namespace
{
/// The smoother damps the part of the spectrum above largest/ratio. 5 to 12 take the same iterations within one; 3.5 is
/// worse where hanging nodes and steps in the diffusivity meet.
constexpr double spectrum_ratio = 8.0;
} // namespace

template <int dim>
Multigrid<dim>::Multigrid(std::vector<std::unique_ptr<MeshLevel<dim>>> &meshes,
                          std::vector<std::unique_ptr<LevelRows<dim>>> &rows, const unsigned int n_fields,
                          const unsigned int lanes)
    : communicator(meshes.front()->communicator()), lanes(lanes), kernels(lane_kernels(lanes, dim).in_single),
      double_kernels(lane_kernels(lanes, dim).in_double), levels(meshes.size()),
      coarsest(*meshes.front(), *rows.front(), n_fields, lanes)
{
  for (std::size_t l = 0; l < meshes.size(); ++l)
  {
    levels[l].mesh = meshes[l].get();
    levels[l].rows = rows[l].get();
    for (auto *array : {&levels[l].c, &levels[l].b, &levels[l].x, &levels[l].y})
      array->resize(static_cast<std::size_t>(meshes[l]->n_owned()) * lanes, 0.0f);
  }
}

template <int dim>
template <typename T, typename Kernel>
void Multigrid<dim>::sweep(Level &level, const T *x, const Kernel &kernel)
{
  auto &exchange = level.mesh->exchange();
  exchange.start(x, lanes);
  const auto arrays = level.rows->template arrays<T>(exchange.template ghosts<T>(lanes));
  kernel(arrays, RowKind::listed);
  exchange.finish();
  kernel(arrays, RowKind::others);
}

template <int dim>
template <typename T>
void Multigrid<dim>::restrict_values(const LevelKernels<T> &with, const unsigned int level, const T *fine, T *coarse)
{
  auto &mesh = *levels[level - 1].mesh;
  T *ghosts = mesh.exchange().template ghosts<T>(lanes);
  with.transfer(mesh.restriction().arrays(), levels[level].rows->n_nodes(), fine, nullptr, mesh.n_owned(), coarse,
                ghosts);
  mesh.exchange().add_to_owners(coarse, lanes);
}

template <int dim>
template <typename T>
void Multigrid<dim>::interpolate_values(const LevelKernels<T> &with, const unsigned int level, const T *coarse, T *fine)
{
  auto &mesh = *levels[level - 1].mesh;
  mesh.exchange().start(coarse, lanes);
  mesh.exchange().finish();
  with.transfer_add(mesh.prolongation().arrays(), mesh.n_owned(), coarse, mesh.exchange().template ghosts<T>(lanes),
                    fine);
}

template <int dim>
double Multigrid<dim>::smallest_smoothed_eigenvalue(const unsigned int level) const
{
  return largest_eigenvalue(level) / spectrum_ratio;
}

template <int dim>
void Multigrid<dim>::apply(const unsigned int level, const double *x, double *y)
{
  const std::vector<double> c(levels[level].c.begin(), levels[level].c.end());
  sweep(levels[level], x,
        [&](const auto &rows, const RowKind kind) { double_kernels.apply(rows, kind, c.data(), x, y); });
}

template <int dim>
void Multigrid<dim>::get_diagonal(const unsigned int level, double *diagonal) const
{
  levels[level].rows->get_diagonal(diagonal);
  for (std::size_t i = 0; i < levels[level].c.size(); ++i)
    diagonal[i] += static_cast<double>(levels[level].c[i]);
}

template <int dim>
void Multigrid<dim>::add_interpolated(const unsigned int level, const double *coarse, double *fine)
{
  interpolate_values(double_kernels, level, coarse, fine);
}

template <int dim>
void Multigrid<dim>::restrict_from(const unsigned int level, const double *fine, double *coarse)
{
  restrict_values(double_kernels, level, fine, coarse);
}

template <int dim>
const float *Multigrid<dim>::finest_stiffness()
{
  auto &finest = levels.back();
  const auto rows = finest.rows->template arrays<float>(nullptr);
  for (const RowKind kind : {RowKind::listed, RowKind::others})
    kernels.diagonal(rows, kind, finest.x.data());
  return finest.x.data();
}

template <int dim>
void Multigrid<dim>::set_diagonal(const double *c)
{
  // The cycle is a function of c in single precision alone.
  auto &finest = levels.back();
  bool changed = false;
  for (std::size_t i = 0; i < finest.c.size(); ++i)
  {
    const float value = static_cast<float>(c[i]);
    changed |= value != finest.c[i];
    finest.c[i] = value;
  }
  if (!dealii::Utilities::MPI::logical_or(changed, communicator))
    return;
  coarser_differ = true;
  const float *stiffness = finest_stiffness();
  float greatest = 0.0f;
  for (std::size_t i = 0; i < finest.c.size(); ++i)
    greatest = std::max(greatest, stiffness[i] / finest.c[i]);
  ratio = dealii::Utilities::MPI::max(static_cast<double>(greatest), communicator);
}

template <int dim>
void Multigrid<dim>::renew_coarser_levels()
{
  for (unsigned int l = n_levels() - 1; l > 0 && coarser_differ; --l)
  {
    restrict_values(kernels, l, levels[l].c.data(), levels[l - 1].c.data());
    auto &coarse = levels[l - 1];
    const auto &active = coarse.rows->active();
    for (std::size_t i = 0; i < active.size(); ++i)
      for (unsigned int s = 0; s < lanes; ++s)
        if (!active[i])
          coarse.c[i * lanes + s] = 1.0f;
  }
  coarser_differ = false;
  const auto &at_coarsest = levels.front().c;
  coarsest.set_diagonal(std::vector<double>(at_coarsest.begin(), at_coarsest.end()));
}

template <int dim>
const float *Multigrid<dim>::jacobi()
{
  auto &finest = levels.back();
  const auto rows = finest.rows->template arrays<float>(nullptr);
  for (const RowKind kind : {RowKind::listed, RowKind::others})
    kernels.jacobi(rows, kind, finest.c.data(), finest.b.data(), 1.0f, finest.x.data());
  return finest.x.data();
}

template <int dim>
void Multigrid<dim>::smooth(Level &level, const double low, const unsigned int steps, const bool from_zero)
{
  // Chebyshev's recurrence (Saad, Iterative methods, algorithm 12.1).
  const double high = level.rows->largest_row_sum();
  const double middle = (high + low) / 2.0, half = (high - low) / 2.0, sigma = middle / half;
  const float *c = level.c.data(), *b = level.b.data();
  const auto step = [&](const float *before, const double momentum, const double weight) {
    const float *x = level.x.data();
    sweep(level, x, [&](const auto &rows, const RowKind kind) {
      kernels.smooth(rows, kind, c, b, x, before, level.y.data(), static_cast<float>(momentum),
                     static_cast<float>(weight));
    });
    level.x.swap(level.y);
  };
  if (from_zero)
  {
    const auto rows = level.rows->template arrays<float>(nullptr);
    for (const RowKind kind : {RowKind::listed, RowKind::others})
      kernels.jacobi(rows, kind, c, b, static_cast<float>(1.0 / middle), level.x.data());
  }
  else
    step(nullptr, 0.0, 1.0 / middle);
  double rho = 1.0 / sigma;
  for (unsigned int number = 1; number < steps; ++number)
  {
    const double next = 1.0 / (2.0 * sigma - rho);
    step(from_zero && number == 1 ? nullptr : level.y.data(), next * rho, 2.0 * next / half);
    rho = next;
  }
}

template <int dim>
const float *Multigrid<dim>::cycle(const unsigned int number)
{
  Level &level = levels[number];
  if (number == 0)
  {
    if (coarsest.polynomial_degree() > 0)
      smooth(level, coarsest.smallest_eigenvalue(), coarsest.polynomial_degree(), true);
    else
      coarsest.solve(level.b.data(), level.x.data());
    return level.x.data();
  }
  const double low = smallest_smoothed_eigenvalue(number);
  smooth(level, low, smoothing_steps, true);
  const float *x = level.x.data();
  sweep(level, x, [&](const auto &rows, const RowKind kind) {
    kernels.residual(rows, kind, level.c.data(), level.b.data(), x, level.y.data());
  });
  restrict_values(kernels, number, static_cast<const float *>(level.y.data()), levels[number - 1].b.data());
  interpolate_values(kernels, number, cycle(number - 1), level.x.data());
  smooth(level, low, smoothing_steps, false);
  return level.x.data();
}

template <int dim>
void Multigrid<dim>::solve_coarsest(const double *b, double *x)
{
  if (coarsest.polynomial_degree() == 0)
  {
    coarsest.solve(b, x);
    return;
  }
  auto &level = levels.front();
  std::copy_n(b, level.b.size(), level.b.begin());
  const float *result = cycle(0);
  std::copy_n(result, level.x.size(), x);
}

template <int dim>
std::size_t Multigrid<dim>::bytes() const
{
  std::size_t sum = 0;
  for (const auto &level : levels)
    sum += level.rows->bytes() + 4 * level.c.size() * sizeof(float) +
           8 * (level.mesh->prolongation().column.size() + level.mesh->restriction().column.size()) +
           4 * (level.mesh->prolongation().begin.size() + level.mesh->restriction().begin.size());
  return sum;
}

template class Multigrid<2>;
template class Multigrid<3>;
} // namespace nidus
