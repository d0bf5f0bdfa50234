#pragma once

#include <mpi.h>

#include <algorithm>
#include <type_traits>
#include <vector>

namespace nidus
{
/**
 * Collective. Sends to_send[r] to rank r; returns what all ranks sent here, in the order of ranks.
 *
 * The counts go to everyone, the data only between ranks that have something to say to each other.
 */
template <typename T>
std::vector<T> send_to_ranks(MPI_Comm comm, const std::vector<std::vector<T>> &to_send)
{
  static_assert(std::is_trivially_copyable<T>::value, "sent as bytes");
  constexpr int tag = 0x4e69;
  const int n_ranks = static_cast<int>(to_send.size());
  std::vector<int> n_sent(n_ranks), n_received(n_ranks);
  std::transform(to_send.begin(), to_send.end(), n_sent.begin(),
                 [](const auto &list) { return static_cast<int>(list.size()); });
  MPI_Alltoall(n_sent.data(), 1, MPI_INT, n_received.data(), 1, MPI_INT, comm);

  MPI_Datatype item;
  MPI_Type_contiguous(static_cast<int>(sizeof(T)), MPI_BYTE, &item);
  MPI_Type_commit(&item);
  std::size_t total = 0;
  for (const int count : n_received)
    total += count;
  std::vector<T> received(total);
  std::vector<MPI_Request> requests;
  requests.reserve(2 * static_cast<std::size_t>(n_ranks));
  std::size_t begin = 0;
  for (int rank = 0; rank < n_ranks; ++rank)
    if (n_received[rank] > 0)
    {
      MPI_Irecv(received.data() + begin, n_received[rank], item, rank, tag, comm, &requests.emplace_back());
      begin += n_received[rank];
    }
  for (int rank = 0; rank < n_ranks; ++rank)
    if (n_sent[rank] > 0)
      MPI_Isend(to_send[rank].data(), n_sent[rank], item, rank, tag, comm, &requests.emplace_back());
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
  MPI_Type_free(&item);
  return received;
}
} // namespace nidus
