#pragma once

#include <mpi.h>

#include <type_traits>
#include <vector>

/// Lists of all ranks on one of them and back, as bytes. All functions are collective.
namespace nidus
{
/// The lists of all ranks, one after the other.
template <typename T>
struct Gathered
{
  std::vector<T> all;       ///< on rank 0, or on every rank
  std::vector<int> numbers; ///< how many are of each rank
};

namespace gathering
{
template <typename T>
MPI_Datatype type_of()
{
  static_assert(std::is_trivially_copyable_v<T>, "sent as bytes");
  MPI_Datatype type;
  MPI_Type_contiguous(static_cast<int>(sizeof(T)), MPI_BYTE, &type);
  MPI_Type_commit(&type);
  return type;
}

/// Where the list of each rank begins, and the length of all.
inline std::vector<int> starts(const std::vector<int> &numbers)
{
  std::vector<int> start(1, 0);
  for (const int number : numbers)
    start.push_back(start.back() + number);
  return start;
}
} // namespace gathering

/// On rank 0; nothing on the others.
template <typename T>
Gathered<T> gather_on_first(MPI_Comm comm, const std::vector<T> &mine)
{
  int n_ranks = 1, rank = 0;
  MPI_Comm_size(comm, &n_ranks);
  MPI_Comm_rank(comm, &rank);
  const int n_mine = static_cast<int>(mine.size());
  Gathered<T> result;
  result.numbers.resize(rank == 0 ? n_ranks : 0);
  MPI_Gather(&n_mine, 1, MPI_INT, result.numbers.data(), 1, MPI_INT, 0, comm);
  const auto start = gathering::starts(result.numbers);
  result.all.resize(static_cast<std::size_t>(start.back()));
  MPI_Datatype type = gathering::type_of<T>();
  MPI_Gatherv(mine.data(), n_mine, type, result.all.data(), result.numbers.data(), start.data(), type, 0, comm);
  MPI_Type_free(&type);
  return result;
}

/// On every rank.
template <typename T>
Gathered<T> gather_everywhere(MPI_Comm comm, const std::vector<T> &mine)
{
  int n_ranks = 1;
  MPI_Comm_size(comm, &n_ranks);
  const int n_mine = static_cast<int>(mine.size());
  Gathered<T> result;
  result.numbers.resize(n_ranks);
  MPI_Allgather(&n_mine, 1, MPI_INT, result.numbers.data(), 1, MPI_INT, comm);
  const auto start = gathering::starts(result.numbers);
  result.all.resize(static_cast<std::size_t>(start.back()));
  MPI_Datatype type = gathering::type_of<T>();
  MPI_Allgatherv(mine.data(), n_mine, type, result.all.data(), result.numbers.data(), start.data(), type, comm);
  MPI_Type_free(&type);
  return result;
}

/// Undoes gather_on_first(): each rank gets its part of what rank 0 has, @p n_mine items.
template <typename T>
std::vector<T> scatter_from_first(MPI_Comm comm, const Gathered<T> &gathered, const std::size_t n_mine)
{
  std::vector<T> mine(n_mine);
  const auto start = gathering::starts(gathered.numbers);
  MPI_Datatype type = gathering::type_of<T>();
  MPI_Scatterv(gathered.all.data(), gathered.numbers.data(), start.data(), type, mine.data(), static_cast<int>(n_mine),
               type, 0, comm);
  MPI_Type_free(&type);
  return mine;
}
} // namespace nidus
