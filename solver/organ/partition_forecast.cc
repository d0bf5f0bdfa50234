#include "organ/partition_forecast.h"

#include <numeric>

namespace nidus
{
namespace
{
/// Calls visit(active cell) for the owned descendants of @p cell in the order of p4est's curve.
template <int dim, typename Visit>
void follow_curve(const typename dealii::Triangulation<dim>::cell_iterator &cell, const Visit &visit)
{
  if (cell->has_children())
    for (unsigned int child = 0; child < cell->n_children(); ++child)
      follow_curve<dim>(cell->child(child), visit);
  else if (cell->is_locally_owned())
    visit(cell->active_cell_index());
}
} // namespace

template <int dim>
std::vector<unsigned int> forecast_owners(const Organ<dim> &organ, const std::vector<unsigned int> &weight)
{
  const auto &mesh = organ.triangulation();
  std::vector<unsigned int> curve;
  for (const auto coarse : mesh.get_p4est_tree_to_coarse_cell_permutation())
    follow_curve<dim>(typename dealii::Triangulation<dim>::cell_iterator(&mesh, 0, coarse),
                      [&](const unsigned int cell) { curve.push_back(cell); });

  // Sums of weights are integers, so all ranks find the same cuts.
  const std::uint64_t own = std::accumulate(curve.begin(), curve.end(), std::uint64_t(0),
                                            [&](const auto sum, const auto cell) { return sum + weight[cell]; });
  std::uint64_t before = 0, total = 0;
  MPI_Exscan(&own, &before, 1, MPI_UINT64_T, MPI_SUM, organ.communicator());
  if (dealii::Utilities::MPI::this_mpi_process(organ.communicator()) == 0)
    before = 0;
  MPI_Allreduce(&own, &total, 1, MPI_UINT64_T, MPI_SUM, organ.communicator());

  // A rank r starts with the first cell that has floor(total r / n_ranks) or more before it.
  const std::uint64_t n_ranks = dealii::Utilities::MPI::n_mpi_processes(organ.communicator());
  std::vector<unsigned int> owner(weight.size(), 0);
  for (const auto cell : curve)
  {
    owner[cell] = static_cast<unsigned int>(((before + 1) * n_ranks - 1) / total);
    before += weight[cell];
  }
  return owner;
}

template std::vector<unsigned int> forecast_owners(const Organ<2> &, const std::vector<unsigned int> &);
template std::vector<unsigned int> forecast_owners(const Organ<3> &, const std::vector<unsigned int> &);
} // namespace nidus
