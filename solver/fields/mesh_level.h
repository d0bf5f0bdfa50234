#pragma once

#include "fields/lane_kernels.h"
#include "fields/node_exchange.h"
#include "fields/stiffness_elements.h"

#include <memory>
#include <vector>

namespace nidus
{
/// A sparse matrix with rows of weights, see TransferArrays.
struct TransferMatrix
{
  std::vector<std::uint32_t> begin, column;
  std::vector<float> weight;

  TransferArrays arrays() const
  {
    return {begin.empty() ? 0 : begin.size() - 1, begin.data(), column.data(), weight.data()};
  }
};

/**
 * One mesh of a hierarchy as the operator sees it: its elements, who owns which node, and how it hangs together with
 * the next finer mesh. Nodes are numbered locally: owned ones first, then ghosts.
 */
template <int dim>
class MeshLevel
{
public:
  using Triangulation = dealii::parallel::distributed::Triangulation<dim>;

  /// A contribution to a row of another rank.
  struct Item
  {
    std::uint32_t row, column; ///< global, local once received
    std::uint32_t region;
    double value;
  };

  /// The finest level. Collective.
  MeshLevel(const Organ<dim> &organ, const dealii::DoFHandler<dim> &nodes,
            const dealii::AffineConstraints<double> &constraints, double full);

  /// A coarser level and the transfer between it and @p finer, whose elements must still be there. Collective.
  MeshLevel(const Organ<dim> &organ, const Triangulation &mesh, double full, const MeshLevel &finer);

  MPI_Comm communicator() const { return organ.communicator(); }
  unsigned int n_owned() const { return owned; }
  unsigned int first_node() const { return first; }
  NodeExchange &exchange() const { return *node_exchange; }

  const StiffnessElements<dim> &elements() const { return *element_store; }
  const std::vector<Item> &received() const { return items; } ///< sorted by row

  const TransferMatrix &prolongation() const { return to_finer; }
  const TransferMatrix &restriction() const { return from_finer; } ///< rows: owned nodes, then ghosts

  /// Frees what is needed to build rows and coarser levels only; elements() and received() are empty from then on.
  void release_mesh();

private:
  struct FineCell;
  struct Weight;

  const Triangulation &mesh() const { return static_cast<const Triangulation &>(dof_handler.get_triangulation()); }
  bool owns(std::uint32_t node) const { return node - first < owned; }
  unsigned int owner(std::uint32_t node) const;
  bool has_tissue(const typename dealii::DoFHandler<dim>::active_cell_iterator &cell) const;

  void number_nodes();
  void add_elements();

  /// Cells of the finer mesh that lie in cells of this rank but belong to others, with their region shares.
  std::vector<FineCell> fine_cells(const MeshLevel &finer, std::vector<float> &shares) const;
  /// visit(rank of the coarse cell around it, id, nodes, shares of the regions) for each cell of @p finer with tissue
  /// that this rank owns.
  template <typename Visit>
  void visit_own_cells(const MeshLevel &finer, const Visit &visit) const;
  /// visit(id, nodes, share or null, number among foreign) for each fine cell in the coarse cells of this rank.
  template <typename Visit>
  void visit_fine_cells(const MeshLevel &finer, const std::vector<FineCell> &foreign, const Visit &visit) const;
  void sum_shares(const MeshLevel &finer, const std::vector<FineCell> &foreign, const std::vector<float> &shares);
  std::vector<std::pair<std::uint32_t, double>>
  interpolation(const typename dealii::Triangulation<dim>::cell_iterator &coarse, const dealii::CellId &id,
                unsigned int corner) const;
  std::vector<Weight> weights(const MeshLevel &finer, const std::vector<FineCell> &foreign) const;
  void make_local(std::vector<Weight> &transfer, const MeshLevel *finer);
  template <typename Place>
  static TransferMatrix sorted(const std::vector<Weight> &weights, std::size_t n_rows, const Place &place);

  const Organ<dim> &organ;
  double full;
  std::unique_ptr<dealii::DoFHandler<dim>> own_nodes;
  std::unique_ptr<dealii::AffineConstraints<double>> own_constraints;
  const dealii::DoFHandler<dim> &dof_handler;
  const dealii::AffineConstraints<double> &constraints;
  std::vector<float> region_share; ///< active cells times regions

  unsigned int owned = 0, first = 0;
  std::vector<unsigned int> first_of_rank;
  std::unique_ptr<StiffnessElements<dim>> element_store;
  std::vector<Item> items;
  std::unique_ptr<NodeExchange> node_exchange;
  TransferMatrix to_finer, from_finer;
};
} // namespace nidus
