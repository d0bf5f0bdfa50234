#include "fields/node_exchange.h"

namespace nidus
{
namespace
{
constexpr int tag_to_ghosts = 71, tag_to_owners = 72;
}

NodeExchange::NodeExchange(const dealii::IndexSet &owned, const dealii::IndexSet &ghosts, MPI_Comm communicator)
    : plan(owned, ghosts, communicator)
{
  for (const auto &range : plan.import_indices())
    for (unsigned int node = range.first; node < range.second; ++node)
      sent_nodes.push_back(node);
}

void NodeExchange::reserve(const std::size_t block)
{
  if (received.size() < (n_ghosts() + 1) * block)
    received.resize((n_ghosts() + 1) * block);
  if (sent.size() < (sent_nodes.size() + 1) * block)
    sent.resize((sent_nodes.size() + 1) * block);
}

void NodeExchange::send(const std::size_t block)
{
  char *to = received.data(), *from = sent.data();
  for (const auto &[rank, count] : plan.ghost_targets())
  {
    requests.emplace_back();
    MPI_Irecv(to, static_cast<int>(count * block), MPI_BYTE, static_cast<int>(rank), tag_to_ghosts,
              plan.get_mpi_communicator(), &requests.back());
    to += count * block;
  }
  for (const auto &[rank, count] : plan.import_targets())
  {
    requests.emplace_back();
    MPI_Isend(from, static_cast<int>(count * block), MPI_BYTE, static_cast<int>(rank), tag_to_ghosts,
              plan.get_mpi_communicator(), &requests.back());
    from += count * block;
  }
}

void NodeExchange::send_back(const std::size_t block)
{
  char *to = sent.data(), *from = received.data();
  for (const auto &[rank, count] : plan.import_targets())
  {
    requests.emplace_back();
    MPI_Irecv(to, static_cast<int>(count * block), MPI_BYTE, static_cast<int>(rank), tag_to_owners,
              plan.get_mpi_communicator(), &requests.back());
    to += count * block;
  }
  for (const auto &[rank, count] : plan.ghost_targets())
  {
    requests.emplace_back();
    MPI_Isend(from, static_cast<int>(count * block), MPI_BYTE, static_cast<int>(rank), tag_to_owners,
              plan.get_mpi_communicator(), &requests.back());
    from += count * block;
  }
  finish();
}

void NodeExchange::finish()
{
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
  requests.clear();
}
} // namespace nidus
