#include "fields/field_set.h"

#include "control/expression.h"
#include "control/input_error.h"
#include "fields/node_constraints.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_values.h>

#include <cmath>
#include <limits>
#include <sstream>

namespace nidus
{
template <int dim>
FieldSet<dim>::FieldSet(const Organ<dim> &organ, const FieldsParameters &parameters)
    : organ(organ), parameters(parameters), fe(1), dof_handler(organ.triangulation())
{
  number_nodes();
  compute_volumes();
  compute_exchange();
  set_initial_values();
}

template <int dim>
FieldSet<dim>::~FieldSet()
{
  VecDestroy(&state);
}

template <int dim>
void FieldSet<dim>::number_nodes()
{
  dof_handler.distribute_dofs(fe);
  owned = dof_handler.locally_owned_dofs();
  relevant = make_node_constraints(organ, dof_handler, constraints);
  ghosts = relevant;
  ghosts.subtract_set(owned);
  hanging = dealii::Utilities::MPI::max(constraints.n_constraints() > 0 ? 1u : 0u, organ.communicator()) > 0;
  state = create_interlaced();
}

template <int dim>
Vec FieldSet<dim>::create_interlaced() const
{
  std::vector<PetscInt> blocks;
  for (const auto node : ghosts)
    blocks.push_back(static_cast<PetscInt>(node));
  const auto s = static_cast<PetscInt>(n_fields());
  Vec vector = nullptr;
  PetscErrorCode error = VecCreateGhostBlock(organ.communicator(), s, s * n_owned_nodes(), PETSC_DETERMINE,
                                             static_cast<PetscInt>(blocks.size()), blocks.data(), &vector);
  AssertThrow(error == 0, dealii::ExcMessage("PETSc could not create the field vector."));
  VecSet(vector, 0.0);
  return vector;
}

template <int dim>
Vec FieldSet<dim>::create_interlaced_without_ghosts() const
{
  const auto s = static_cast<PetscInt>(n_fields());
  Vec vector = nullptr;
  VecCreate(organ.communicator(), &vector);
  VecSetSizes(vector, s * static_cast<PetscInt>(n_owned_nodes()), PETSC_DETERMINE);
  VecSetBlockSize(vector, s);
  VecSetType(vector, VECMPI);
  VecSet(vector, 0.0);
  return vector;
}

template <int dim>
void FieldSet<dim>::compute_volumes()
{
  // Vertex quadrature makes the mass diagonal: the volume of a node is its share of the cells around it. A hanging
  // node hands its share to the nodes that it is interpolated from.
  const dealii::QTrapezoid<dim> quadrature;
  dealii::FEValues<dim> values(organ.mapping(), fe, quadrature, dealii::update_values | dealii::update_JxW_values);
  dealii::LinearAlgebra::distributed::Vector<double> tissue(owned, relevant, organ.communicator());
  auto interstitial = tissue;
  dealii::Vector<double> local(fe.n_dofs_per_cell()), local_interstitial(fe.n_dofs_per_cell());
  std::vector<dealii::types::global_dof_index> nodes(fe.n_dofs_per_cell());
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned() && organ.is_tissue(cell))
    {
      values.reinit(cell);
      local = 0.0;
      for (const unsigned int q : values.quadrature_point_indices())
        for (const unsigned int i : values.dof_indices())
          local[i] += values.shape_value(i, q) * values.JxW(q);
      local_interstitial.equ(organ.region(cell).interstitial_fraction, local);
      cell->get_dof_indices(nodes);
      constraints.distribute_local_to_global(local, nodes, tissue);
      constraints.distribute_local_to_global(local_interstitial, nodes, interstitial);
    }
  tissue.compress(dealii::VectorOperation::add);
  interstitial.compress(dealii::VectorOperation::add);
  tissue_volume.assign(tissue.begin(), tissue.end());
  interstitial_volume.assign(interstitial.begin(), interstitial.end());
}

template <int dim>
std::vector<std::vector<double>> FieldSet<dim>::exchange_of_regions() const
{
  std::vector<std::vector<double>> rates;
  for (const auto &field : parameters.fields)
  {
    rates.emplace_back();
    for (const auto &region : organ.regions())
      rates.back().push_back(region.tissue ? field.exchange_in(region.name) : 0.0);
  }
  return rates;
}

template <int dim>
void FieldSet<dim>::compute_exchange()
{
  for (const auto &field : parameters.fields)
    for (const auto &region : organ.regions())
      if (region.tissue && field.exchange_in(region.name) != field.vascular_exchange)
      {
        set_exchange(exchange_of_regions(), {});
        return;
      }
}

template <int dim>
void FieldSet<dim>::set_exchange(const std::vector<std::vector<double>> &by_region, std::vector<double> resolved)
{
  exchange = std::move(resolved);
  exchange.resize(static_cast<std::size_t>(n_owned_nodes()) * n_fields(), 0.0);
  // The volume of each region at the nodes, in the way of compute_volumes().
  const dealii::QTrapezoid<dim> quadrature;
  dealii::FEValues<dim> values(organ.mapping(), fe, quadrature, dealii::update_values | dealii::update_JxW_values);
  dealii::Vector<double> local(fe.n_dofs_per_cell());
  std::vector<dealii::types::global_dof_index> nodes(fe.n_dofs_per_cell());
  for (unsigned int r = 0; r < organ.regions().size(); ++r)
  {
    bool any = false;
    for (const auto &rates : by_region)
      any |= rates[r] > 0.0;
    if (!any)
      continue;
    dealii::LinearAlgebra::distributed::Vector<double> volume_here(owned, relevant, organ.communicator());
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned() && cell->material_id() == r)
      {
        values.reinit(cell);
        local = 0.0;
        for (const unsigned int q : values.quadrature_point_indices())
          for (const unsigned int i : values.dof_indices())
            local[i] += values.shape_value(i, q) * values.JxW(q);
        cell->get_dof_indices(nodes);
        constraints.distribute_local_to_global(local, nodes, volume_here);
      }
    volume_here.compress(dealii::VectorOperation::add);
    for (unsigned int node = 0; node < n_owned_nodes(); ++node)
      for (unsigned int s = 0; s < n_fields(); ++s)
        exchange[static_cast<std::size_t>(node) * n_fields() + s] += volume_here.local_element(node) * by_region[s][r];
  }
}

template <int dim>
void FieldSet<dim>::set_initial_values()
{
  const unsigned int n = n_fields();
  double *values = nullptr;
  VecGetArray(state, &values);
  for (unsigned int s = 0; s < n; ++s)
    if (std::isnan(parameters.fields[s].initial_value))
      set_initial_values(s, values);
    else
      for (unsigned int node = 0; node < n_owned_nodes(); ++node)
        values[node * n + s] = tissue_volume[node] > 0.0 ? parameters.fields[s].initial_value : 0.0;
  VecRestoreArray(state, &values);
  update_ghosts();
}

template <int dim>
void FieldSet<dim>::set_initial_values(const unsigned int s, double *values) const
{
  const auto &field = parameters.fields[s];
  const Expression formula(field.initial, "Fields/" + field.name + "/Initial value");
  if (dim == 2 && formula.uses("z"))
    throw InputError(formula.entry(), formula.text(), "a formula of x and y in 2-D", "remove z");
  const double greatest = parameters.greatest_initial_value(s);
  // Place and value of the first fault in the order of places, which is the same on any number of ranks.
  std::vector<double> fault;
  for_each_tissue_node([&](const dealii::Point<dim> &place, const unsigned int node) {
    const double value = formula(place, 0.0);
    values[static_cast<std::size_t>(node) * n_fields() + s] = value;
    if (std::isfinite(value) && value >= 0.0 && value <= greatest)
      return;
    std::vector<double> found;
    for (unsigned int d = 0; d < dim; ++d)
      found.push_back(place[d]);
    found.push_back(value);
    if (fault.empty() || found < fault)
      fault = found;
  });
  std::vector<double> first;
  for (const auto &found : dealii::Utilities::MPI::all_gather(organ.communicator(), fault))
    if (!found.empty() && (first.empty() || found < first))
      first = found;
  if (first.empty())
    return;
  std::ostringstream allowed;
  allowed << "finite values >= 0";
  if (std::isfinite(greatest))
    allowed << " and <= " << greatest;
  allowed << " (it is " << first.back() << " at (";
  for (unsigned int d = 0; d < dim; ++d)
    allowed << (d > 0 ? ", " : "") << first[d];
  allowed << ") um)";
  throw InputError(formula.entry(), formula.text(), allowed.str(), "change the formula");
}

template <int dim>
void FieldSet<dim>::update_ghosts(Vec vector) const
{
  VecGhostUpdateBegin(vector, INSERT_VALUES, SCATTER_FORWARD);
  VecGhostUpdateEnd(vector, INSERT_VALUES, SCATTER_FORWARD);
  if (!has_hanging_nodes())
    return;

  const unsigned int n = n_fields();
  Vec local = nullptr;
  VecGhostGetLocalForm(vector, &local);
  double *values = nullptr;
  VecGetArray(local, &values);
  for (const auto &line : constraints.get_lines())
    if (owned.is_element(line.index))
      for (unsigned int s = 0; s < n; ++s)
      {
        double value = 0.0;
        for (const auto &[master, weight] : line.entries)
          value += weight * values[local_index(master) * n + s];
        values[local_index(line.index) * n + s] = value;
      }
  VecRestoreArray(local, &values);
  VecGhostRestoreLocalForm(vector, &local);
  VecGhostUpdateBegin(vector, INSERT_VALUES, SCATTER_FORWARD);
  VecGhostUpdateEnd(vector, INSERT_VALUES, SCATTER_FORWARD);
}

template <int dim>
dealii::LinearAlgebra::distributed::Vector<double> FieldSet<dim>::extract(const unsigned int s) const
{
  dealii::LinearAlgebra::distributed::Vector<double> vector(owned, relevant, organ.communicator());
  const double *values = nullptr;
  VecGetArrayRead(state, &values);
  for (unsigned int node = 0; node < n_owned_nodes(); ++node)
    vector.local_element(node) = values[node * n_fields() + s];
  VecRestoreArrayRead(state, &values);
  vector.update_ghost_values();
  return vector;
}

template <int dim>
void FieldSet<dim>::insert(const unsigned int s, const dealii::LinearAlgebra::distributed::Vector<double> &vector)
{
  double *values = nullptr;
  VecGetArray(state, &values);
  for (unsigned int node = 0; node < n_owned_nodes(); ++node)
    values[node * n_fields() + s] = vector.local_element(node);
  VecRestoreArray(state, &values);
}

template <int dim>
std::vector<double> FieldSet<dim>::amounts_of_this_rank() const
{
  const unsigned int n = n_fields();
  std::vector<double> sums(n, 0.0);
  const double *values = nullptr;
  VecGetArrayRead(state, &values);
  for (unsigned int node = 0; node < n_owned_nodes(); ++node)
    for (unsigned int s = 0; s < n; ++s)
      sums[s] += volume(node, s) * values[static_cast<std::size_t>(node) * n + s];
  VecRestoreArrayRead(state, &values);
  return sums;
}

template <int dim>
std::vector<double> FieldSet<dim>::amounts() const
{
  const unsigned int n = n_fields();
  std::vector<double> total(n, 0.0);
  dealii::Utilities::MPI::sum(amounts_of_this_rank(), organ.communicator(), total);
  for (unsigned int s = 0; s < n; ++s)
    total[s] /= amount_unit(s);
  return total;
}

template <int dim>
std::vector<typename FieldSet<dim>::Extremes> FieldSet<dim>::extremes() const
{
  const unsigned int n = n_fields();
  std::vector<double> low(n, std::numeric_limits<double>::max()), high(n, std::numeric_limits<double>::lowest());
  std::vector<double> sums(n + 1, 0.0);
  const double *values = nullptr;
  VecGetArrayRead(state, &values);
  for (unsigned int node = 0; node < n_owned_nodes(); ++node)
    if (tissue_volume[node] > 0.0)
    {
      sums[n] += tissue_volume[node];
      for (unsigned int s = 0; s < n; ++s)
      {
        const double value = values[node * n + s];
        low[s] = std::min(low[s], value);
        high[s] = std::max(high[s], value);
        sums[s] += tissue_volume[node] * value;
      }
    }
  VecRestoreArrayRead(state, &values);
  auto global = sums;
  dealii::Utilities::MPI::sum(sums, organ.communicator(), global);
  dealii::Utilities::MPI::min(low, organ.communicator(), low);
  dealii::Utilities::MPI::max(high, organ.communicator(), high);
  std::vector<Extremes> result;
  for (unsigned int s = 0; s < n; ++s)
    result.push_back({low[s], high[s], global[s] / global[n]});
  return result;
}

template class FieldSet<2>;
template class FieldSet<3>;
} // namespace nidus
