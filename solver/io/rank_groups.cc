#include "io/rank_groups.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cstdint>

namespace nidus
{
namespace
{
constexpr std::size_t bytes_at_once = 1u << 30; // an MPI count is an int

/// First rank of group @p group when @p n_ranks ranks form @p n_groups groups of neighbours.
unsigned int first_rank(const unsigned int group, const unsigned int n_groups, const unsigned int n_ranks)
{
  return static_cast<unsigned int>(static_cast<std::uint64_t>(group) * n_ranks / n_groups);
}

/// Calls @p transfer(offset, length) for parts of @p n_bytes that MPI can count.
template <typename Transfer>
void in_parts(const std::size_t n_bytes, const Transfer &transfer)
{
  for (std::size_t at = 0; at < n_bytes; at += bytes_at_once)
    transfer(at, static_cast<int>(std::min(bytes_at_once, n_bytes - at)));
}
} // namespace

RankGroups::RankGroups(MPI_Comm comm, const unsigned int n_groups)
    : comm(comm), rank(dealii::Utilities::MPI::this_mpi_process(comm))
{
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(comm);
  this->n_groups = n_groups == 0 ? n_ranks : std::min(n_groups, n_ranks);
  while (first_rank(group + 1, this->n_groups, n_ranks) <= rank)
    ++group;
  first = first_rank(group, this->n_groups, n_ranks);
  end = first_rank(group + 1, this->n_groups, n_ranks);
}

unsigned int RankGroups::default_number(MPI_Comm comm)
{
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(comm);
  return n_ranks <= 8 ? n_ranks : std::clamp((n_ranks + 3) / 4, 8u, 32u);
}

std::vector<std::string> RankGroups::names(const std::string &base, const std::string &ending, const std::size_t n)
{
  const std::size_t width = std::to_string(n - 1).size();
  std::vector<std::string> list(n, base + ".");
  for (std::size_t piece = 0; piece < n; ++piece)
  {
    const std::string number = std::to_string(piece);
    list[piece].append(width - number.size(), '0').append(number).append(ending);
  }
  return list;
}

std::vector<std::string> RankGroups::pieces(const std::string &base, const std::string &ending) const
{
  return names(base, ending, n_groups);
}

std::string RankGroups::piece(const std::string &base, const std::string &ending) const
{
  return pieces(base, ending)[group];
}

void RankGroups::send(const void *data, const std::size_t n_bytes) const
{
  const auto to = static_cast<int>(first);
  const unsigned long long length = n_bytes;
  MPI_Send(&length, 1, MPI_UNSIGNED_LONG_LONG, to, 0, comm);
  in_parts(n_bytes, [&](const std::size_t at, const int n) {
    MPI_Send(static_cast<const char *>(data) + at, n, MPI_BYTE, to, 0, comm);
  });
}

std::size_t RankGroups::length_from(const unsigned int from) const
{
  unsigned long long length = 0;
  MPI_Recv(&length, 1, MPI_UNSIGNED_LONG_LONG, static_cast<int>(from), 0, comm, MPI_STATUS_IGNORE);
  return length;
}

void RankGroups::receive(void *data, const std::size_t n_bytes, const unsigned int from) const
{
  in_parts(n_bytes, [&](const std::size_t at, const int n) {
    MPI_Recv(static_cast<char *>(data) + at, n, MPI_BYTE, static_cast<int>(from), 0, comm, MPI_STATUS_IGNORE);
  });
}
} // namespace nidus
