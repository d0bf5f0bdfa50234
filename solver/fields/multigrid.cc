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
void Multigrid<dim>::set_diagonal(const double *c)
{
  auto &finest = levels.back();
  std::copy(c, c + finest.c.size(), finest.c.begin());
  for (unsigned int l = n_levels() - 1; l > 0; --l)
  {
    restrict_values(kernels, l, levels[l].c.data(), levels[l - 1].c.data());
    auto &coarse = levels[l - 1];
    const auto &active = coarse.rows->active();
    for (std::size_t i = 0; i < active.size(); ++i)
      for (unsigned int s = 0; s < lanes; ++s)
        if (!active[i])
          coarse.c[i * lanes + s] = 1.0f;
  }
  const auto &at_coarsest = levels.front().c;
  coarsest.set_diagonal(std::vector<double>(at_coarsest.begin(), at_coarsest.end()));
}

template <int dim>
double Multigrid<dim>::stiffness_ratio() const
{
  const auto &finest = levels.back();
  std::vector<double> diagonal(finest.c.size());
  finest.rows->get_diagonal(diagonal.data());
  double ratio = 0.0;
  for (std::size_t i = 0; i < diagonal.size(); ++i)
    ratio = std::max(ratio, diagonal[i] / static_cast<double>(finest.c[i]));
  return dealii::Utilities::MPI::max(ratio, communicator);
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
const float *Multigrid<dim>::cycle(const unsigned int number)
{
  Level &level = levels[number];
  float *x = level.x.data(), *y = level.y.data();
  const float *b = level.b.data(), *c = level.c.data();
  if (number == 0)
  {
    coarsest.solve(b, x);
    return x;
  }
  // Chebyshev's recurrence (Saad, Iterative methods, algorithm 12.1) on the upper part of the spectrum of D^-1 A.
  const double high = largest_eigenvalue(number), low = smallest_smoothed_eigenvalue(number);
  const double middle = (high + low) / 2.0, half = (high - low) / 2.0, sigma = middle / half;
  const auto smooth = [&](const float *before, const double momentum, const double weight) {
    sweep(level, static_cast<const float *>(x), [&](const auto &rows, const RowKind kind) {
      kernels.smooth(rows, kind, c, b, x, before, y, static_cast<float>(momentum), static_cast<float>(weight));
    });
    std::swap(x, y);
  };
  const auto go_on_smoothing = [&](const float *before) {
    double rho = 1.0 / sigma;
    for (unsigned int step = 1; step < smoothing_steps; ++step)
    {
      const double next = 1.0 / (2.0 * sigma - rho);
      smooth(before, next * rho, 2.0 * next / half);
      rho = next;
      before = y;
    }
  };

  const auto rows = level.rows->template arrays<float>(nullptr);
  for (const RowKind kind : {RowKind::listed, RowKind::others})
    kernels.jacobi(rows, kind, c, b, static_cast<float>(1.0 / middle), x);
  go_on_smoothing(nullptr);
  sweep(level, static_cast<const float *>(x),
        [&](const auto &arrays, const RowKind kind) { kernels.residual(arrays, kind, c, b, x, y); });
  restrict_values(kernels, number, static_cast<const float *>(y), levels[number - 1].b.data());
  interpolate_values(kernels, number, cycle(number - 1), x);
  smooth(nullptr, 0.0, 1.0 / middle);
  go_on_smoothing(y);
  return x;
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
