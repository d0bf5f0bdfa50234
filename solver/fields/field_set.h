#pragma once

#include "control/units.h"
#include "fields/field_parameters.h"
#include "organ/organ.h"

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/la_parallel_vector.h>

#include <petscvec.h>

#include <vector>

namespace nidus
{
/**
 * All fields of an organ at the nodes of its mesh: the state that everything else reads and writes.
 *
 * Storage is one PETSc vector, node-major and field-minor: value of field s at the node with local number n is entry
 * n * n_fields + s of the locally owned part. Nodes are the unknowns of one scalar Q1 DoFHandler, so a faster
 * operator can take the vector as it is.
 */
template <int dim>
class FieldSet
{
public:
  /// Throws InputError on all ranks for initial values that are impossible at a node. Collective.
  FieldSet(const Organ<dim> &organ, const FieldsParameters &parameters);
  ~FieldSet();
  FieldSet(const FieldSet &) = delete;
  FieldSet &operator=(const FieldSet &) = delete;

  unsigned int n_fields() const { return static_cast<unsigned int>(parameters.fields.size()); }
  unsigned int n_owned_nodes() const { return owned.n_elements(); }
  std::uint64_t n_nodes() const { return dof_handler.n_dofs(); }

  const Organ<dim> &organ;
  const FieldsParameters &parameters;
  dealii::FE_Q<dim> fe;
  dealii::DoFHandler<dim> dof_handler;
  dealii::IndexSet owned, relevant, ghosts;      ///< relevant: all that constrained nodes of this rank depend on, too
  dealii::AffineConstraints<double> constraints; ///< hanging nodes, and nodes at the upper end of periodic axes

  /// The interlaced state, a PETSc vector with ghost blocks; block size n_fields.
  Vec state = nullptr;

  /// Lumped volume of each owned node: tissue only, um^dim; zero for nodes without tissue and for constrained nodes.
  std::vector<double> tissue_volume;
  /// The same weighted with the interstitial fraction.
  std::vector<double> interstitial_volume;

  /// Volume that multiplies field s at owned node n in balances.
  double volume(unsigned int node, unsigned int s) const
  {
    return parameters.fields[s].interstitial ? interstitial_volume[node] : tissue_volume[node];
  }

  /// What the blood exchanges with field s at owned node n per unit of difference, um^dim/min.
  double exchange_rate(unsigned int node, unsigned int s) const
  {
    return exchange.empty() ? tissue_volume[node] * parameters.fields[s].vascular_exchange
                            : exchange[static_cast<std::size_t>(node) * n_fields() + s];
  }

  /**
   * Sets exchange_rate(): @p by_region[s][r] is that of vessels which are homogenised in region r, 1/min;
   * @p resolved that of resolved vessels at the nodes of this rank, um^dim/min, interlaced like the owned part of the
   * state, or empty. Collective.
   */
  void set_exchange(const std::vector<std::vector<double>> &by_region, std::vector<double> resolved);

  /// Rates of homogenised exchange as the parameters have them, for set_exchange().
  std::vector<std::vector<double>> exchange_of_regions() const;

  /// What one unit of "amount" is in nM um^dim (molecules) or um^dim (fractions).
  double amount_unit(unsigned int s) const { return parameters.fields[s].unit == "nM" ? units::nanomolar_um3 : 1.0; }

  /// A zero vector with the layout of the state; the caller destroys it.
  Vec create_interlaced() const;
  /// The same without ghost entries.
  Vec create_interlaced_without_ghosts() const;

  /// Whether any node follows others: hanging nodes, and periodic ones.
  bool has_hanging_nodes() const { return hanging; }

  /// Calls visit(place, local number) once for each owned node that has tissue and follows no other.
  template <typename Visit>
  void for_each_tissue_node(const Visit &visit) const
  {
    std::vector<bool> seen(n_owned_nodes(), false);
    std::vector<dealii::types::global_dof_index> nodes(fe.n_dofs_per_cell());
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
      {
        cell->get_dof_indices(nodes);
        for (unsigned int v = 0; v < nodes.size(); ++v)
          if (owned.is_element(nodes[v]))
          {
            const auto number = static_cast<unsigned int>(owned.index_within_set(nodes[v]));
            if (!seen[number] && tissue_volume[number] > 0.0)
              visit(cell->vertex(v), number);
            seen[number] = true;
          }
      }
  }

  /// Interpolates hanging nodes and refreshes the ghost entries of the state. Collective; call after each change.
  void update_ghosts() { update_ghosts(state); }
  /// The same for another vector with the layout of the state.
  void update_ghosts(Vec vector) const;

  /// Position of a locally relevant node in the local form of the state: owned nodes first, then ghosts.
  unsigned int local_index(dealii::types::global_dof_index node) const
  {
    return owned.is_element(node) ? static_cast<unsigned int>(owned.index_within_set(node))
                                  : n_owned_nodes() + static_cast<unsigned int>(ghosts.index_within_set(node));
  }

  /// One field as a ghosted deal.II vector, for output and transfer.
  dealii::LinearAlgebra::distributed::Vector<double> extract(unsigned int s) const;
  /// The reverse; call update_ghosts() after the last one.
  void insert(unsigned int s, const dealii::LinearAlgebra::distributed::Vector<double> &vector);

  /// Integral of each field over the nodes of this rank, nM um^dim.
  std::vector<double> amounts_of_this_rank() const;
  /// Amount of each field in the organ: molecules for nM, um^dim for fractions. Collective.
  std::vector<double> amounts() const;

  struct Extremes
  {
    double minimum, maximum, mean; ///< mean over the volume of the tissue
  };
  std::vector<Extremes> extremes() const;

private:
  void number_nodes();
  void compute_volumes();
  void compute_exchange();
  void set_initial_values();
  void set_initial_values(unsigned int s, double *values) const;

  bool hanging = false;         ///< on any rank
  std::vector<double> exchange; ///< interlaced; empty: the same rate everywhere
};
} // namespace nidus
