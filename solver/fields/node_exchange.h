#pragma once

#include <deal.II/base/index_set.h>
#include <deal.II/base/partitioner.h>

#include <cstring>
#include <memory>
#include <vector>

namespace nidus
{
/**
 * Values of nodes that this rank reads but does not own, kept beside the vectors: any plain array of owned values can
 * be sent, and work on rows that need no ghosts goes on meanwhile.
 */
class NodeExchange
{
public:
  /// Collective.
  NodeExchange(const dealii::IndexSet &owned, const dealii::IndexSet &ghosts, MPI_Comm communicator);
  NodeExchange(const NodeExchange &) = delete;
  NodeExchange &operator=(const NodeExchange &) = delete;

  unsigned int n_ghosts() const { return plan.n_ghost_indices(); }

  /// Owned nodes first, then ghosts.
  unsigned int local(dealii::types::global_dof_index node) const { return plan.global_to_local(node); }
  dealii::types::global_dof_index global(unsigned int node) const { return plan.local_to_global(node); }

  /// Sends @p lanes values of each node that others read; finish() before ghosts() is read.
  template <typename T>
  void start(const T *values, const unsigned int lanes)
  {
    if (alone())
      return;
    const std::size_t block = lanes * sizeof(T);
    reserve(block);
    for (std::size_t i = 0; i < sent_nodes.size(); ++i)
      std::memcpy(sent.data() + i * block, values + static_cast<std::size_t>(sent_nodes[i]) * lanes, block);
    send(block);
  }
  void finish();

  /// Values of the ghosts after finish(); or what add_to_owners() is to send.
  template <typename T>
  T *ghosts(const unsigned int lanes)
  {
    reserve(lanes * sizeof(T));
    return reinterpret_cast<T *>(received.data());
  }

  /// Adds what ghosts() holds to the values of the owners.
  template <typename T>
  void add_to_owners(T *values, const unsigned int lanes)
  {
    if (alone())
      return;
    send_back(lanes * sizeof(T));
    const T *from = reinterpret_cast<const T *>(sent.data());
    for (std::size_t i = 0; i < sent_nodes.size(); ++i)
      for (unsigned int s = 0; s < lanes; ++s)
        values[static_cast<std::size_t>(sent_nodes[i]) * lanes + s] += from[i * lanes + s];
  }

private:
  bool alone() const { return plan.n_mpi_processes() == 1; }
  void reserve(std::size_t block);
  void send(std::size_t block);
  void send_back(std::size_t block);

  dealii::Utilities::MPI::Partitioner plan;
  std::vector<unsigned int> sent_nodes; ///< target after target
  std::vector<char> sent, received;
  std::vector<MPI_Request> requests;
};
} // namespace nidus
